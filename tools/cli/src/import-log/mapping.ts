import type { EventType, UnitKind } from '@par/contracts';
import type { TimeFormat } from './time-text.ts';

export type Scalar = string | number | boolean;

/** Where a value comes from: a constant, or a column, as it is or through a map or the first `contains` rule that fits. */
export interface ValueRule {
  constant?: Scalar;
  column?: string;
  map?: Record<string, Scalar>;
  contains?: { text: string; value: Scalar }[];
  /** For a value that no rule of `map` or `contains` fits. */
  otherwise?: Scalar;
  as?: 'text' | 'integer' | 'time';
  /** An empty column leaves the field out instead of being a fault. */
  optional?: boolean;
}

export interface Condition {
  column: string;
  filled?: boolean;
  in?: string[];
}

export interface EventRule {
  type: EventType;
  /** Template of the event's id: `{case}` and `{column name}` are filled in. */
  id: string;
  time: ValueRule;
  /** The unit of the case where absent. */
  unit?: ValueRule;
  when?: Condition;
  data?: Record<string, ValueRule>;
}

export interface MappedUnit {
  id: string;
  name: string;
  nameEn?: string;
  kind: UnitKind;
  parent?: string;
  code?: string;
  validFrom: string;
  agency?: boolean;
  timeZone?: string;
  dossierCodes?: 'national' | 'local';
}

/** A mapping file, checked: how the rows of a log become events. Its words are explained in `mappings/README.md`. */
export interface Mapping {
  name: string;
  description?: string;
  source: string;
  timeZone: string;
  timeFormat: TimeFormat;
  csv: { delimiter: string };
  organisation: MappedUnit[];
  case: { id: ValueRule; unit: ValueRule; events: EventRule[] };
  row: { events: EventRule[] };
}

/** `{case}` or `{column name}` in the template of an event's id. */
export const PLACEHOLDER = /\{([^{}]+)\}/g;

/** Placeholders of a template, without braces. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1]!);
}

interface ColumnUse {
  column: string;
  /** Path in the mapping file. */
  path: (string | number)[];
}

/** Every column that a mapping reads, with the place that reads it. */
export function columnsOf(mapping: Pick<Mapping, 'case' | 'row'>): ColumnUse[] {
  const uses: ColumnUse[] = [];
  const ofRule = (rule: ValueRule | undefined, path: (string | number)[]): void => {
    if (rule?.column !== undefined) uses.push({ column: rule.column, path: [...path, 'column'] });
  };
  ofRule(mapping.case.id, ['case', 'id']);
  ofRule(mapping.case.unit, ['case', 'unit']);
  for (const part of ['case', 'row'] as const) {
    mapping[part].events.forEach((event, index) => {
      const path = [part, 'events', index];
      for (const column of placeholdersOf(event.id)) if (column !== 'case') uses.push({ column, path: [...path, 'id'] });
      ofRule(event.time, [...path, 'time']);
      ofRule(event.unit, [...path, 'unit']);
      if (event.when) uses.push({ column: event.when.column, path: [...path, 'when', 'column'] });
      for (const [field, rule] of Object.entries(event.data ?? {})) ofRule(rule, [...path, 'data', field]);
    });
  }
  return uses;
}
