import type { EventType, ProducerEvent } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import type { Row } from '../read-table/table.ts';
import { CaseRegister } from './case-register.ts';
import { columnsOf, PLACEHOLDER, type Condition, type EventRule, type Mapping, type Scalar, type ValueRule } from './mapping.ts';
import { instantOf } from './time-text.ts';

/** An event ready to be posted; its data is checked by the front door. */
export type OutgoingEvent = Omit<ProducerEvent, 'data'> & { data: Record<string, unknown> };

/** Why a row gives no event. */
export interface RowFault {
  code: 'mapping.empty-column' | 'mapping.no-rule-fits' | 'mapping.bad-time' | 'mapping.bad-number' | 'mapping.case-differs';
  column: string;
  text: Bilingual;
}

export interface MappedRow {
  events: OutgoingEvent[];
  faults: RowFault[];
}

class Unmappable extends Error {
  constructor(readonly fault: RowFault) {
    super(fault.code);
  }
}

/**
 * Turns the rows of a log into events in one pass: the events of a case at its first row, those of a row at each row. Rows of a
 * case may stand anywhere in the file, since the order of events never matters. It remembers some forty bytes per case, which is
 * all that grows with the file; a later row that says otherwise about its case is a fault, not silently the last or the first.
 */
export class RowMapper {
  readonly #mapping: Mapping;
  readonly #caseColumns: string[];
  readonly #cases: CaseRegister;

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
    this.#caseColumns = [...new Set(columnsOf({ case: mapping.case, row: { events: [] } }).map((use) => use.column))];
    this.#cases = new CaseRegister(this.#caseColumns.length);
  }

  get cases(): number {
    return this.#cases.size;
  }

  /** The events of a row; with `caseOnly` those of its case alone, for a log that has a case without a step. */
  map(row: Row, { caseOnly = false }: { caseOnly?: boolean | undefined } = {}): MappedRow {
    const mapped: MappedRow = { events: [], faults: [] };
    let caseId: string;
    try {
      caseId = String(required(valueOf(this.#mapping.case.id, row, this.#mapping), this.#mapping.case.id));
    } catch (error) {
      if (!(error instanceof Unmappable)) throw error;
      return { events: [], faults: [error.fault] };
    }
    const saying = this.#caseColumns.map((column) => row[column] ?? '');
    const met = this.#cases.meet(caseId, saying);
    if (met === 'new') {
      for (const rule of this.#mapping.case.events) this.#add(mapped, rule, row, caseId);
    } else if (met !== 'same') {
      mapped.faults.push(caseDiffers(this.#caseColumns[met] ?? ''));
    }
    if (!caseOnly) for (const rule of this.#mapping.row.events) this.#add(mapped, rule, row, caseId);
    return mapped;
  }

  #add(mapped: MappedRow, rule: EventRule, row: Row, caseId: string): void {
    if (rule.when && !holds(rule.when, row)) return;
    try {
      mapped.events.push(this.#event(rule, row, caseId));
    } catch (error) {
      if (!(error instanceof Unmappable)) throw error;
      mapped.faults.push(error.fault);
    }
  }

  #event(rule: EventRule, row: Row, caseId: string): OutgoingEvent {
    const unitRule = rule.unit ?? this.#mapping.case.unit;
    const timeRule: ValueRule = { ...rule.time, as: 'time' };
    const data: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(rule.data ?? {})) {
      const found = valueOf(value, row, this.#mapping);
      if (found !== undefined) data[field] = found;
    }
    return {
      specversion: '1.0',
      source: this.#mapping.source,
      id: fillIn(rule.id, row, caseId),
      type: rule.type satisfies EventType,
      subject: caseId,
      time: String(required(valueOf(timeRule, row, this.#mapping), timeRule)),
      unit: String(required(valueOf(unitRule, row, this.#mapping), unitRule)),
      data,
    };
  }
}

function caseDiffers(column: string): RowFault {
  return {
    code: 'mapping.case-differs',
    column,
    text: {
      en: `this row gives another ${column} than the first row of its case; the first row was used`,
      vi: `dòng này có ${column} khác với dòng đầu của hồ sơ; đã dùng dòng đầu`,
    },
  };
}

function holds(condition: Condition, row: Row): boolean {
  const value = (row[condition.column] ?? '').trim();
  if (condition.in) return condition.in.includes(value);
  return (value !== '') === (condition.filled ?? true);
}

/** The value of a rule for a row; undefined where an optional column is empty. */
function valueOf(rule: ValueRule, row: Row, mapping: Pick<Mapping, 'timeZone' | 'timeFormat'>): Scalar | undefined {
  if (rule.constant !== undefined) return converted(rule, rule.constant, '(constant)', mapping);
  const column = rule.column ?? '';
  const text = (row[column] ?? '').trim();
  if (rule.map) {
    const found = Object.hasOwn(rule.map, text) ? rule.map[text] : rule.otherwise;
    if (found !== undefined) return converted(rule, found, column, mapping);
  } else if (rule.contains) {
    const found = rule.contains.find((one) => text.includes(one.text))?.value ?? rule.otherwise;
    if (found !== undefined) return converted(rule, found, column, mapping);
  }
  if (text === '') {
    if (rule.optional) return undefined;
    throw new Unmappable({ code: 'mapping.empty-column', column, text: { en: `${column} is empty`, vi: `cột ${column} để trống` } });
  }
  if (rule.map ?? rule.contains) {
    throw new Unmappable({
      code: 'mapping.no-rule-fits',
      column,
      text: { en: `no rule of the mapping fits this value of ${column}`, vi: `không quy tắc nào khớp giá trị này của cột ${column}` },
    });
  }
  return converted(rule, text, column, mapping);
}

function converted(rule: ValueRule, value: Scalar, column: string, mapping: Pick<Mapping, 'timeZone' | 'timeFormat'>): Scalar {
  switch (rule.as) {
    case 'time': {
      // A workbook or an XES log has dates of its own, which come in ISO form whatever the texts of the log look like.
      const instant = instantOf(String(value), mapping.timeFormat, mapping.timeZone) ?? instantOf(String(value), 'iso', mapping.timeZone);
      if (instant !== undefined) return instant;
      throw new Unmappable({
        code: 'mapping.bad-time',
        column,
        text: {
          en: `${column} is no time of format ${mapping.timeFormat}`,
          vi: `${column} không phải thời gian dạng ${mapping.timeFormat}`,
        },
      });
    }
    case 'integer': {
      const text = String(value).trim();
      if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
      throw new Unmappable({
        code: 'mapping.bad-number',
        column,
        text: { en: `${column} is no whole number`, vi: `${column} không phải số nguyên` },
      });
    }
    case 'text':
      return String(value);
    case undefined:
      return value;
  }
}

function required(value: Scalar | undefined, rule: ValueRule): Scalar {
  if (value !== undefined) return value;
  const column = rule.column ?? '';
  throw new Unmappable({ code: 'mapping.empty-column', column, text: { en: `${column} is empty`, vi: `cột ${column} để trống` } });
}

function fillIn(template: string, row: Row, caseId: string): string {
  return template.replace(PLACEHOLDER, (_placeholder, name: string) => {
    const value = name === 'case' ? caseId : (row[name] ?? '').trim();
    if (value !== '') return value;
    throw new Unmappable({ code: 'mapping.empty-column', column: name, text: { en: `${name} is empty`, vi: `cột ${name} để trống` } });
  });
}
