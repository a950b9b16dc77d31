import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { type Label } from './labels.ts';
import { type CalendarData, type CalendarFault, CalendarMistake, type CalendarPath, faultsOfCalendar } from './working-calendar-data.ts';

/** A calendar file that is in order, with the way back to its text. */
export interface CalendarFile {
  data: CalendarData;
  /** Line, from 1, of the deepest part of a path that the file has. */
  lineOf: (path: CalendarPath) => number;
}

/**
 * Reads and checks a calendar file; its words are explained in `docs/calendar.md`.
 * @param file how mistakes name it
 * @throws CalendarMistake with every mistake, each with line, key and a text in both languages
 */
export function parseCalendar(text: string, file: string): CalendarFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineOf = (path: CalendarPath): number => lineIn(document, lines, path);
  const unreadable = document.errors.map((error): CalendarFault => {
    const reason = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    return {
      path: [],
      code: 'calendar.not-yaml',
      line: error.linePos?.[0].line ?? 1,
      text: { vi: `không đọc được YAML: ${reason}`, en: `not YAML: ${reason}` },
    };
  });
  const value: unknown = unreadable.length > 0 ? undefined : document.toJS();
  const faults = unreadable.length > 0 ? unreadable : faultsOfValue(value);
  if (faults.length > 0) {
    const placed = faults.map((fault) => ({ ...fault, line: fault.line ?? lineOf(fault.path) }));
    throw new CalendarMistake(
      placed.sort((a, b) => a.line - b.line),
      file,
    );
  }
  return { data: value as CalendarData, lineOf };
}

/** Faults of shape, or where the shape is right, of meaning. */
function faultsOfValue(value: unknown): CalendarFault[] {
  const validate = shapeOfCalendar();
  return validate(value) ? faultsOfCalendar(value as CalendarData) : (validate.errors ?? []).flatMap(shapeFault);
}

let validateShape: ValidateFunction | undefined;

function shapeOfCalendar(): ValidateFunction {
  if (!validateShape) {
    const schema = readFileSync(new URL('../data/calendars/calendar.schema.json', import.meta.url), 'utf8');
    // Verbose, so that an error brings the part of the schema with it, whose comment names the form that is wanted.
    validateShape = new Ajv({ allErrors: true, strict: true, verbose: true }).compile(JSON.parse(schema) as object);
  }
  return validateShape;
}

const TYPES: Record<string, Label> = {
  string: { vi: 'một văn bản', en: 'a text' },
  boolean: { vi: 'true hoặc false', en: 'true or false' },
  number: { vi: 'một số', en: 'a number' },
  array: { vi: 'một danh sách', en: 'a list' },
  object: { vi: 'một nhóm khóa', en: 'a group of keys' },
};

function shapeFault(error: ErrorObject): CalendarFault[] {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index, parts) => (/^\d+$/.test(part) && parts[index - 1] !== 'years' ? Number(part) : part));
  const params = error.params as Record<string, string>;
  const misshapen = (text: Label): CalendarFault[] => [{ path, code: 'calendar.misshapen', text }];
  switch (error.keyword) {
    case 'additionalProperties': {
      const text = { vi: 'không có từ khóa này ở đây', en: 'this word is not known here' };
      return [{ path: [...path, params.additionalProperty!], code: 'calendar.unknown-key', text }];
    }
    case 'required': {
      const text = { vi: `thiếu "${params.missingProperty}"`, en: `"${params.missingProperty}" is missing` };
      return [{ path, code: 'calendar.missing-key', text }];
    }
    case 'propertyNames': {
      const text =
        path[0] === 'years'
          ? { vi: 'phải là một năm, như 2027', en: 'must be a year, such as 2027' }
          : { vi: 'phải là mã đơn vị', en: 'must be the id of a unit' };
      return [{ path: [...path, params.propertyName!], code: 'calendar.misshapen', text }];
    }
    case 'enum': {
      const allowed = (error.params as { allowedValues: string[] }).allowedValues.join(', ');
      return misshapen({ vi: `phải là một trong: ${allowed}`, en: `must be one of ${allowed}` });
    }
    case 'type':
      return misshapen({ vi: `phải là ${TYPES[params.type!]!.vi}`, en: `must be ${TYPES[params.type!]!.en}` });
    case 'pattern': {
      // The name of a key is told once, as `propertyNames`.
      if (error.propertyName !== undefined) return [];
      const form = (error.parentSchema as { $comment?: string }).$comment ?? params.pattern!;
      return misshapen({ vi: `phải có dạng ${form}`, en: `must be written ${form}` });
    }
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return misshapen({ vi: 'không được để trống', en: 'must not be empty' });
    default:
      return misshapen({ vi: `không hợp lệ (${error.message ?? error.keyword})`, en: error.message ?? error.keyword });
  }
}

/** A key stands where its name stands, the element of a list where it begins. */
function lineIn(document: Document, lines: LineCounter, path: CalendarPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    // A year is a number in YAML and a text in JavaScript.
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part)) : undefined;
    const place: unknown = pair ? pair.key : isSeq(node) && typeof part === 'number' ? node.items[part] : undefined;
    if (!isNode(place) || !place.range) break;
    offset = place.range[0];
    node = pair ? pair.value : place;
  }
  return lines.linePos(offset).line;
}
