import { readFileSync } from 'node:fs';
import { dataSchemaOf, DOOR_OF, isEventType, isLocalDate, validateData } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { Ajv, type ErrorObject } from 'ajv';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { Mistake } from '../mistake.ts';
import { columnsOf, placeholdersOf, type EventRule, type Mapping, type ValueRule } from './mapping.ts';
import { unitOpened } from './organisation-events.ts';
import { isTimeZone } from './time-text.ts';

type Path = (string | number)[];

/** One thing wrong with a mapping file, with its line and field. */
export interface MappingFault {
  line: number;
  field: string;
  text: Bilingual;
}

export class MappingMistake extends Mistake {
  constructor(
    readonly file: string,
    readonly faults: readonly MappingFault[],
  ) {
    const list = (language: 'en' | 'vi'): string =>
      faults.map(({ line, field, text }) => `  ${file}:${line}  ${field || '(file)'}: ${text[language]}`).join('\n');
    super('mapping.invalid', { en: `the mapping file is not valid\n${list('en')}`, vi: `tệp ánh xạ không hợp lệ\n${list('vi')}` });
  }
}

const schema = JSON.parse(readFileSync(new URL('../../mappings/mapping.schema.json', import.meta.url), 'utf8')) as object;
const validateShape = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

/** Reads and checks a mapping file; throws one `MappingMistake` that names every fault with its line. */
export function parseMapping(text: string, file: string): Mapping {
  return new MappingReader(text, file).read();
}

/** Refuses a mapping that reads columns which the log does not have. */
export function assertColumns(mapping: Mapping, text: string, file: string, header: readonly string[]): void {
  new MappingReader(text, file).assertColumns(mapping, header);
}

class MappingReader {
  readonly #faults: MappingFault[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(
    text: string,
    readonly file: string,
  ) {
    this.#document = parseDocument(text, { lineCounter: this.#lines });
  }

  read(): Mapping {
    for (const error of this.#document.errors) {
      this.#faults.push({
        line: error.linePos?.[0].line ?? 1,
        field: '',
        text: { en: `not YAML: ${error.message.split('\n')[0]}`, vi: `không phải YAML: ${error.message.split('\n')[0]}` },
      });
    }
    this.#finish();
    const value: unknown = this.#document.toJS();
    if (!validateShape(value)) this.#addShapeFaults(validateShape.errors ?? []);
    this.#finish();
    const given = value as Partial<Mapping> & Pick<Mapping, 'name' | 'source' | 'timeZone' | 'case'>;
    const mapping: Mapping = {
      ...given,
      timeFormat: given.timeFormat ?? 'iso',
      csv: given.csv?.delimiter ? given.csv : { delimiter: ',' },
      organisation: given.organisation ?? [],
      row: given.row ?? { events: [] },
    };
    this.#check(mapping);
    this.#finish();
    return mapping;
  }

  assertColumns(mapping: Mapping, header: readonly string[]): void {
    for (const { column, path } of columnsOf(mapping)) {
      const count = header.filter((one) => one === column).length;
      if (count === 1) continue;
      if (count > 1) {
        this.#fault(path, { en: `the log has the column "${column}" more than once`, vi: `nhật ký có nhiều cột "${column}"` });
        continue;
      }
      this.#fault(path, {
        en: `the log has no column "${column}"; its columns are ${header.join(', ')}`,
        vi: `nhật ký không có cột "${column}"; các cột hiện có: ${header.join(', ')}`,
      });
    }
    this.#finish();
  }

  #check(mapping: Mapping): void {
    this.#checkTimeZone(mapping.timeZone, ['timeZone']);
    this.#checkOrganisation(mapping);
    this.#checkRule(mapping.case.id, ['case', 'id']);
    this.#checkRule(mapping.case.unit, ['case', 'unit']);
    this.#checkUnits(mapping, mapping.case.unit, ['case', 'unit']);
    for (const part of ['case', 'row'] as const) {
      mapping[part].events.forEach((event, index) => this.#checkEvent(mapping, event, [part, 'events', index]));
    }
    mapping.row.events.forEach((event, index) => {
      if (placeholdersOf(event.id).some((name) => name !== 'case')) return;
      this.#fault(['row', 'events', index, 'id'], {
        en: 'must name a column such as {task id}, or every row of a case has the same event id',
        vi: 'phải nêu một cột như {mã bước}, nếu không mọi dòng của một hồ sơ sẽ trùng mã sự kiện',
      });
    });
  }

  #checkOrganisation(mapping: Mapping): void {
    const ids = new Set<string>();
    mapping.organisation.forEach((unit, index) => {
      const path = ['organisation', index];
      if (ids.has(unit.id)) this.#fault([...path, 'id'], { en: `unit ${unit.id} occurs twice`, vi: `đơn vị ${unit.id} bị lặp` });
      if (unit.parent !== undefined && !ids.has(unit.parent)) {
        this.#fault([...path, 'parent'], {
          en: `unit ${unit.parent} must stand above in this list`,
          vi: `đơn vị ${unit.parent} phải đứng trước trong danh sách này`,
        });
      }
      ids.add(unit.id);
      if (!isLocalDate(unit.validFrom)) {
        this.#fault([...path, 'validFrom'], { en: 'this day does not exist', vi: 'ngày này không tồn tại' });
      }
      if (unit.timeZone !== undefined) this.#checkTimeZone(unit.timeZone, [...path, 'timeZone']);
      for (const fault of validateData('vn.par.unit.opened.v1', unitOpened(unit, mapping).data)) {
        this.#fault([...path, fault.field], fault.detail);
      }
    });
  }

  #checkEvent(mapping: Mapping, event: EventRule, path: Path): void {
    this.#checkRule(event.time, [...path, 'time']);
    if (event.unit) {
      this.#checkRule(event.unit, [...path, 'unit']);
      this.#checkUnits(mapping, event.unit, [...path, 'unit']);
    }
    for (const [field, rule] of Object.entries(event.data ?? {})) this.#checkRule(rule, [...path, 'data', field]);
    if (event.when && (event.when.filled === undefined) === (event.when.in === undefined)) {
      this.#fault([...path, 'when'], { en: 'say either "filled" or "in"', vi: 'chọn một trong hai: "filled" hoặc "in"' });
    }
    if (!isEventType(event.type) || !DOOR_OF[event.type]) {
      this.#fault([...path, 'type'], {
        en: `no front door takes events of type ${event.type}`,
        vi: `không cổng nào nhận sự kiện loại ${event.type}`,
      });
      return;
    }
    const { properties = {}, required = [] } = dataSchemaOf(event.type);
    for (const field of Object.keys(event.data ?? {})) {
      if (Object.hasOwn(properties, field)) continue;
      this.#fault([...path, 'data', field], {
        en: `${event.type} has no such field; it has ${Object.keys(properties).join(', ') || 'none'}`,
        vi: `${event.type} không có trường này; các trường: ${Object.keys(properties).join(', ') || 'không có'}`,
      });
    }
    for (const field of required) {
      if (event.data?.[field]) continue;
      this.#fault([...path, 'data'], { en: `the field "${field}" is required`, vi: `thiếu trường bắt buộc "${field}"` });
    }
  }

  #checkRule(rule: ValueRule, path: Path): void {
    if ((rule.constant === undefined) === (rule.column === undefined)) {
      this.#fault(path, { en: 'say either "constant" or "column"', vi: 'chọn một trong hai: "constant" hoặc "column"' });
    }
    if (rule.constant !== undefined && (rule.map ?? rule.contains ?? rule.otherwise ?? rule.optional) !== undefined) {
      this.#fault(path, { en: 'a constant takes no other rule', vi: 'giá trị "constant" không đi kèm quy tắc khác' });
    }
    if (rule.map && rule.contains) {
      this.#fault(path, { en: 'say either "map" or "contains"', vi: 'chọn một trong hai: "map" hoặc "contains"' });
    }
    if (rule.otherwise !== undefined && !rule.map && !rule.contains) {
      this.#fault([...path, 'otherwise'], { en: 'needs "map" or "contains"', vi: 'phải đi cùng "map" hoặc "contains"' });
    }
  }

  /** Where the mapping brings its organisation, every unit it can name must be in it. */
  #checkUnits(mapping: Mapping, rule: ValueRule, path: Path): void {
    if (mapping.organisation.length === 0) return;
    const ids = new Set(mapping.organisation.map((unit) => unit.id));
    const named: [Path, unknown][] = [
      ...(rule.constant === undefined ? [] : [[[...path, 'constant'], rule.constant] as [Path, unknown]]),
      ...Object.entries(rule.map ?? {}).map(([key, value]): [Path, unknown] => [[...path, 'map', key], value]),
      ...(rule.contains ?? []).map(({ value }, index): [Path, unknown] => [[...path, 'contains', index, 'value'], value]),
      ...(rule.otherwise === undefined ? [] : [[[...path, 'otherwise'], rule.otherwise] as [Path, unknown]]),
    ];
    for (const [place, id] of named) {
      if (ids.has(String(id))) continue;
      this.#fault(place, { en: `unit ${String(id)} is not in "organisation"`, vi: `đơn vị ${String(id)} không có trong "organisation"` });
    }
  }

  #checkTimeZone(name: string, path: Path): void {
    if (!isTimeZone(name)) this.#fault(path, { en: `"${name}" is no IANA time zone`, vi: `"${name}" không phải múi giờ IANA` });
  }

  #addShapeFaults(errors: readonly ErrorObject[]): void {
    for (const error of errors) {
      const path = error.instancePath
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      const params = error.params as Record<string, unknown>;
      if (error.keyword === 'additionalProperties') {
        this.#fault([...path, String(params.additionalProperty)], { en: 'this word is not known here', vi: 'không có từ khóa này ở đây' });
      } else if (error.keyword === 'required') {
        const name = String(params.missingProperty);
        this.#fault(path, { en: `"${name}" is missing`, vi: `thiếu "${name}"` });
      } else if (error.keyword === 'enum') {
        const allowed = (params.allowedValues as unknown[]).join(', ');
        this.#fault(path, { en: `must be one of ${allowed}`, vi: `phải là một trong: ${allowed}` });
      } else {
        this.#fault(path, { en: error.message ?? error.keyword, vi: `sai dạng (${error.message ?? error.keyword})` });
      }
    }
  }

  #fault(path: Path, text: Bilingual): void {
    const field = path.reduce<string>((so, part) => (typeof part === 'number' ? `${so}[${part}]` : so ? `${so}.${part}` : part), '');
    this.#faults.push({ line: this.#lineOf(path), field, text });
  }

  /** The line of the deepest part of the path that the file has. */
  #lineOf(path: Path): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return this.#lines.linePos(node.range[0]).line;
    }
    return 1;
  }

  #finish(): void {
    if (this.#faults.length > 0) throw new MappingMistake(this.file, this.#faults);
  }
}
