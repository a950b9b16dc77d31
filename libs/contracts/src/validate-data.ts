import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { dataSchemaOf, type JsonSchema } from './data-schema.ts';
import { type EventType } from './event-types.ts';
import { isInstant } from './instant.ts';

/** One thing that is wrong with the `data` of an event. */
export interface DataFault {
  /** Path inside `data`: `channel`, `lastEvent.id`, `into[1]`; empty where `data` itself is not an object. */
  field: string;
  code: 'schema.unknown-field' | 'schema.missing-field' | 'schema.bad-value';
  /** For people. Says what is expected and never repeats the value, which may be personal or secret. */
  detail: { en: string; vi: string };
}

/** A message with a thousand unknown fields is answered by the first few. */
const MOST_FAULTS = 20;
const LONGEST_NAME = 64;

const ajv = new Ajv({ allErrors: true, strict: true, formats: { 'date-time': isInstant } });
const compiled = new Map<EventType, ValidateFunction>();

/**
 * Checks the `data` of an event against the closed schema of its type; an empty list means good. Compiled from the
 * class-validator class of the type on first use, then some hundred thousand checks a second.
 */
export function validateData(type: EventType, data: unknown): DataFault[] {
  let validate = compiled.get(type);
  if (!validate) compiled.set(type, (validate = ajv.compile(dataSchemaOf(type))));
  if (validate(data)) return [];
  const faults = new Map<string, DataFault>();
  for (const error of validate.errors ?? []) {
    const fault = faultOf(error);
    // The first fault of a field is the telling one: "must be text" comes before "has the wrong form".
    if (!faults.has(fault.field)) faults.set(fault.field, fault);
    if (faults.size === MOST_FAULTS) break;
  }
  return [...faults.values()];
}

function faultOf(error: ErrorObject): DataFault {
  const params = error.params as Record<string, string>;
  if (error.keyword === 'additionalProperties') {
    const field = pathOf(error.instancePath, params.additionalProperty);
    return {
      field,
      code: 'schema.unknown-field',
      detail: { en: 'This field is not part of the event.', vi: 'Trường này không có trong sự kiện.' },
    };
  }
  if (error.keyword === 'required') {
    const field = pathOf(error.instancePath, params.missingProperty);
    return { field, code: 'schema.missing-field', detail: { en: 'This field is required.', vi: 'Thiếu trường bắt buộc này.' } };
  }
  return { field: pathOf(error.instancePath), code: 'schema.bad-value', detail: expectationOf(error) };
}

/** `/into/1` → `into[1]`. Only schema names and indexes occur in a path, except the name of an unknown field, which is cut. */
function pathOf(pointer: string, name?: string): string {
  const path = pointer.split('/').slice(1);
  if (name !== undefined) path.push(name.replace(/[\p{C}\p{Z}]/gu, ' ').slice(0, LONGEST_NAME));
  return path.reduce((text, part) => (/^\d+$/.test(part) && text ? `${text}[${part}]` : text ? `${text}.${part}` : part), '');
}

const TYPES: Record<NonNullable<JsonSchema['type']>, { en: string; vi: string }> = {
  object: { en: 'an object', vi: 'một đối tượng' },
  array: { en: 'a list', vi: 'một danh sách' },
  string: { en: 'text', vi: 'chuỗi ký tự' },
  integer: { en: 'a whole number', vi: 'số nguyên' },
  number: { en: 'a number', vi: 'một số' },
  boolean: { en: 'true or false', vi: 'true hoặc false' },
};

function expectationOf({ keyword, params }: ErrorObject): { en: string; vi: string } {
  const of = params as { type: keyof typeof TYPES; allowedValues: readonly unknown[]; limit: number; pattern: string };
  switch (keyword) {
    case 'type':
      return { en: `Must be ${TYPES[of.type].en}.`, vi: `Phải là ${TYPES[of.type].vi}.` };
    case 'enum': {
      const values = of.allowedValues.join(', ');
      return { en: `Must be one of: ${values}.`, vi: `Phải là một trong: ${values}.` };
    }
    case 'format':
      return {
        en: 'Must be an existing instant with offset, such as 2021-07-01T08:00:00+07:00.',
        vi: 'Phải là thời điểm có thật kèm múi giờ, ví dụ 2021-07-01T08:00:00+07:00.',
      };
    case 'pattern':
      return { en: `Must have the form ${of.pattern}`, vi: `Phải có dạng ${of.pattern}` };
    case 'minLength':
    case 'maxLength':
      return keyword === 'minLength'
        ? { en: `Must have at least ${of.limit} character(s).`, vi: `Phải có ít nhất ${of.limit} ký tự.` }
        : { en: `Must have at most ${of.limit} characters.`, vi: `Không được quá ${of.limit} ký tự.` };
    case 'minItems':
      return { en: `Must have at least ${of.limit} entries.`, vi: `Phải có ít nhất ${of.limit} phần tử.` };
    case 'maxItems':
      return { en: `Must have at most ${of.limit} entries.`, vi: `Không được quá ${of.limit} phần tử.` };
    case 'minimum':
      return { en: `Must be at least ${of.limit}.`, vi: `Phải từ ${of.limit} trở lên.` };
    case 'maximum':
      return { en: `Must be at most ${of.limit}.`, vi: `Không được quá ${of.limit}.` };
    default:
      return { en: 'Not a value that this field takes.', vi: 'Giá trị không hợp lệ cho trường này.' };
  }
}
