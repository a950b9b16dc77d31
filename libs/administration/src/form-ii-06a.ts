import { type Label } from './labels.ts';

/** Dossiers that the form has no column for, so that no dossier is in no class and no total is short: the provincial portal leaves them out. */
export interface Unclassified {
  count: number;
  /** No due date is known, so neither "on time" nor "overdue" can be said. */
  reason: 'no-due-date';
}

/**
 * One row of Biểu II.06a/VPCP/KSTT (Circular 01/2020/TT-VPCP of 21/10/2020), columns 3 to 13, in dossiers. The layout is taken from the screen of an
 * implementer, because the circular's annex could not be read; `unclassified` is ours.
 */
export interface FormRow {
  /** Columns 3, 4 (in the period, online), 5 (in the period, at the counter or by post), 6 (from earlier periods). */
  received: { total: number; online: number; direct: number; carriedOver: number };
  /** Columns 7, 8, 9, 10. Column 9 has the refused, the withdrawn and those that wait for a supplement, as the form's note says. */
  done: { total: number; early: number; onTime: number; late: number; unclassified: Unclassified };
  /** Columns 11, 12, 13. */
  inProcess: { total: number; inTerm: number; overdue: number; unclassified: Unclassified };
}

/** The numbers of a row, each by name; a published report may leave out any of them. */
export type CountName =
  | 'received'
  | 'online'
  | 'direct'
  | 'carriedOver'
  | 'done'
  | 'early'
  | 'onTime'
  | 'late'
  | 'doneUnclassified'
  | 'inProcess'
  | 'inTerm'
  | 'overdue'
  | 'inProcessUnclassified';
export type FormCounts = Partial<Record<CountName, number>>;

/** What a number is called in a formula: the form's column, or 7a and 11a for those without a class. */
export const COLUMN_OF: Readonly<Record<CountName, string>> = {
  received: '3',
  online: '4',
  direct: '5',
  carriedOver: '6',
  done: '7',
  early: '8',
  onTime: '9',
  late: '10',
  doneUnclassified: '7a',
  inProcess: '11',
  inTerm: '12',
  overdue: '13',
  inProcessUnclassified: '11a',
};

export type IdentityName = 'received' | 'done' | 'in-process' | 'received-done-in-process';

/** An identity of the form that does not hold. */
export interface IdentityFailure {
  identity: IdentityName;
  /** The columns as told: `7 = 9 + 10` where a report tells no column 8. */
  formula: string;
  left: number;
  right: number;
  /** left − right, in dossiers. */
  difference: number;
  /** A number of the identity whose digits in another order would make it hold: a slip of the hand, not of the count. */
  transposed?: { column: string; told: number; fits: number };
  text: Label;
}

interface Identity {
  name: IdentityName;
  total: CountName;
  /** Must be told for the identity to be checked. */
  parts: readonly CountName[];
  /** Count where they are told. A report without "early" has those in "on time"; one without 7a and 11a says that there are none. */
  optional: readonly CountName[];
}

const IDENTITIES: readonly Identity[] = [
  { name: 'received', total: 'received', parts: ['online', 'direct', 'carriedOver'], optional: [] },
  { name: 'done', total: 'done', parts: ['onTime', 'late'], optional: ['early', 'doneUnclassified'] },
  { name: 'in-process', total: 'inProcess', parts: ['inTerm', 'overdue'], optional: ['inProcessUnclassified'] },
  { name: 'received-done-in-process', total: 'received', parts: ['done', 'inProcess'], optional: [] },
];
const ORDER = Object.keys(COLUMN_OF) as CountName[];

/** A row with nothing in it. */
export function emptyRow(): FormRow {
  return sumRows([]);
}

/** Column by column; of no rows it is the empty row. */
export function sumRows(rows: Iterable<FormRow>): FormRow {
  const all = [...rows];
  const sum = (pick: (row: FormRow) => number): number => all.reduce((total, row) => total + pick(row), 0);
  return {
    received: {
      total: sum((row) => row.received.total),
      online: sum((row) => row.received.online),
      direct: sum((row) => row.received.direct),
      carriedOver: sum((row) => row.received.carriedOver),
    },
    done: {
      total: sum((row) => row.done.total),
      early: sum((row) => row.done.early),
      onTime: sum((row) => row.done.onTime),
      late: sum((row) => row.done.late),
      unclassified: { count: sum((row) => row.done.unclassified.count), reason: 'no-due-date' },
    },
    inProcess: {
      total: sum((row) => row.inProcess.total),
      inTerm: sum((row) => row.inProcess.inTerm),
      overdue: sum((row) => row.inProcess.overdue),
      unclassified: { count: sum((row) => row.inProcess.unclassified.count), reason: 'no-due-date' },
    },
  };
}

export function countsOf({ received, done, inProcess }: FormRow): Required<FormCounts> {
  return {
    received: received.total,
    online: received.online,
    direct: received.direct,
    carriedOver: received.carriedOver,
    done: done.total,
    early: done.early,
    onTime: done.onTime,
    late: done.late,
    doneUnclassified: done.unclassified.count,
    inProcess: inProcess.total,
    inTerm: inProcess.inTerm,
    overdue: inProcess.overdue,
    inProcessUnclassified: inProcess.unclassified.count,
  };
}

/** The four identities of the form: 3 = 4 + 5 + 6; 7 = 8 + 9 + 10 (+ 7a); 11 = 12 + 13 (+ 11a); 3 = 7 + 11. Those that fail, in this order. */
export function checkIdentities(row: FormRow): IdentityFailure[] {
  return checkCounts(countsOf(row)).failures;
}

/** The same for a report that tells only some of the numbers: an identity is checked where its total and parts are told. */
export function checkCounts(counts: FormCounts): { checked: number; failures: IdentityFailure[] } {
  const told = IDENTITIES.filter(({ total, parts }) => [total, ...parts].every((name) => counts[name] !== undefined));
  return { checked: told.length, failures: told.flatMap((identity) => failureOf(identity, counts) ?? []) };
}

function failureOf({ name, total, parts, optional }: Identity, counts: FormCounts): IdentityFailure | undefined {
  const names = ORDER.filter((one) => parts.includes(one) || (optional.includes(one) && hasCount(counts, one)));
  const left = counts[total]!;
  const values = names.map((one) => counts[one]!);
  const right = values.reduce((sum, value) => sum + value, 0);
  if (left === right) return undefined;
  const transposed = transposedIn([
    { column: COLUMN_OF[total], told: left, fits: right },
    ...names.map((one) => ({ column: COLUMN_OF[one], told: counts[one]!, fits: counts[one]! + left - right })),
  ]);
  const formula = `${COLUMN_OF[total]} = ${names.map((one) => COLUMN_OF[one]).join(' + ')}`;
  return {
    identity: name,
    formula,
    left,
    right,
    difference: left - right,
    ...(transposed && { transposed }),
    text: {
      en: `${formula} does not hold: ${sumText(values, right, 'en')} ≠ ${numberOf(left, 'en')} (difference ${signed(left - right, 'en')})${transposedText(transposed, 'en')}`,
      vi: `${formula} không đúng: ${sumText(values, right, 'vi')} ≠ ${numberOf(left, 'vi')} (chênh ${signed(left - right, 'vi')})${transposedText(transposed, 'vi')}`,
    },
  };
}

/** Those without a class stand in a formula only where there are any: the form itself has no such column. */
function hasCount(counts: FormCounts, name: CountName): boolean {
  const count = counts[name];
  return count !== undefined && (count > 0 || name === 'early');
}

type Suspect = NonNullable<IdentityFailure['transposed']>;

/** The first number that would fit with its digits in another order. */
export function transposedIn(suspects: readonly Suspect[]): Suspect | undefined {
  return suspects.find(({ told, fits }) => isDigitPermutation(told, fits));
}

/** Whether two different numbers are written with the same digits: 18,273 and 18,723. */
export function isDigitPermutation(a: number, b: number): boolean {
  const sorted = (value: number): string => [...String(value)].sort().join('');
  return a !== b && a >= 0 && b >= 0 && sorted(a) === sorted(b);
}

export function transposedText(transposed: Suspect | undefined, language: keyof Label): string {
  if (!transposed) return '';
  const told = numberOf(transposed.told, language);
  const fits = numberOf(transposed.fits, language);
  return language === 'vi' ? `; đảo chữ số: ghi ${told}, khớp nếu là ${fits}` : `; digits transposed: ${told} told, ${fits} fits`;
}

/** `17,265 + 1,458 = 18,723` */
export function sumText(values: readonly number[], sum: number, language: keyof Label): string {
  return `${values.map((value) => numberOf(value, language)).join(' + ')} = ${numberOf(sum, language)}`;
}

function signed(value: number, language: keyof Label): string {
  return value < 0 ? `−${numberOf(-value, language)}` : `+${numberOf(value, language)}`;
}

const FORMATS = {
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }),
  vi: new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 2 }),
};

/** A number for people, at most two decimals. */
export function numberOf(value: number, language: keyof Label): string {
  return FORMATS[language].format(value);
}
