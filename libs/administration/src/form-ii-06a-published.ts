import { checkCounts, type CountName, type FormCounts, numberOf, sumText, transposedIn, transposedText } from './form-ii-06a.ts';
import { type Label } from './labels.ts';

/** Something in a published report that cannot be right. */
export interface PublishedFinding {
  /** Names of the parts of the report from the outermost on, joined by " / "; empty for the report itself. */
  block: string;
  kind: 'identity' | 'parts' | 'percent-sum' | 'percent-of-counts' | 'no-count';
  text: Label;
}

/** `checked`: how many identities, sums and percentages the report tells enough of to be held against each other. */
export interface PublishedCheck {
  checked: number;
  findings: PublishedFinding[];
}

/** The names under which a report may tell a number; the first is ours, the others are those of the kept reports. */
const NAMES: Readonly<Record<string, CountName>> = {
  received: 'received',
  total: 'received',
  online: 'online',
  direct: 'direct',
  carriedOver: 'carriedOver',
  done: 'done',
  early: 'early',
  onTime: 'onTime',
  doneOnTime: 'onTime',
  late: 'late',
  doneLate: 'late',
  doneUnclassified: 'doneUnclassified',
  inProcess: 'inProcess',
  notDone: 'inProcess',
  inTerm: 'inTerm',
  inProcessInTerm: 'inTerm',
  overdue: 'overdue',
  inProcessOverdue: 'overdue',
  inProcessUnclassified: 'inProcessUnclassified',
};
/** A row as `GET /v1/forms/ii-06a` gives it keeps its numbers in three groups. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, CountName>>>> = {
  received: { total: 'received', online: 'online', direct: 'direct', carriedOver: 'carriedOver' },
  done: { total: 'done', early: 'early', onTime: 'onTime', late: 'late', unclassified: 'doneUnclassified' },
  inProcess: { total: 'inProcess', inTerm: 'inTerm', overdue: 'overdue', unclassified: 'inProcessUnclassified' },
};
const LABELS = ['name', 'unitName', 'cityName', 'unit', 'label', 'level'];
/** Percentages of one whole: together they cannot be more than it. */
const OF_ONE_WHOLE = ['early', 'onTime', 'late'];

interface Block {
  path: string;
  counts: FormCounts;
  /** Every number under the name that the report gives it. */
  numbers: Map<string, number>;
  /** Percentages by the name of what they are a part of. */
  percents: Map<string, number>;
  parts: Block[];
}

/**
 * Holds the numbers of a published report against each other. The report is JSON: objects with numbers under the names of `NAMES`, percentages as
 * `<name>Pct`; objects and lists inside an object are its parts. Where there is an `asPublished`, that is the report.
 */
export function checkPublished(document: unknown): PublishedCheck {
  if (!isObject(document)) return { checked: 0, findings: [] };
  const { asPublished, ...rest } = document;
  const blocks = asPublished === undefined ? [blockOf(document, '')] : [...blocksOf(asPublished, ''), ...blockOf(rest, '').parts];
  return blocks.map(checkBlock).reduce(joined, { checked: 0, findings: [] });
}

function joined(a: PublishedCheck, b: PublishedCheck): PublishedCheck {
  return { checked: a.checked + b.checked, findings: [...a.findings, ...b.findings] };
}

function blocksOf(value: unknown, path: string): Block[] {
  if (Array.isArray(value)) {
    return value.filter(isObject).map((element, index) => blockOf(element, joinPath(path, labelOf(element) ?? String(index + 1))));
  }
  return isObject(value) ? [blockOf(value, path)] : [];
}

function blockOf(object: Record<string, unknown>, path: string): Block {
  const block: Block = { path, counts: {}, numbers: new Map(), percents: new Map(), parts: [] };
  for (const [key, value] of Object.entries(object)) {
    const group = GROUPS[key];
    if (typeof value === 'number') {
      if (key.endsWith('Pct')) block.percents.set(key.slice(0, -'Pct'.length), value);
      else tell(block, key, NAMES[key], value);
    } else if (group && isObject(value)) {
      for (const [member, name] of Object.entries(group)) {
        const told = value[member];
        const count = isObject(told) ? told.count : told;
        if (typeof count === 'number') tell(block, `${key}.${member}`, name, count);
      }
    } else block.parts.push(...blocksOf(value, joinPath(path, (isObject(value) && labelOf(value)) || key)));
  }
  return block;
}

function tell(block: Block, key: string, name: CountName | undefined, value: number): void {
  block.numbers.set(key, value);
  if (name !== undefined) block.counts[name] = value;
}

function checkBlock(block: Block): PublishedCheck {
  const identities = checkCounts(block.counts);
  const own: PublishedCheck = {
    checked: identities.checked,
    findings: [
      ...noCounts(block),
      ...identities.failures.map(({ text }): PublishedFinding => ({ block: block.path, kind: 'identity', text })),
    ],
  };
  return [checkParts(block), checkPercentSum(block), checkPercents(block), ...block.parts.map(checkBlock)].reduce(joined, own);
}

function noCounts({ path, numbers }: Block): PublishedFinding[] {
  return [...numbers]
    .filter(([name, value]) => (name in NAMES || name.includes('.')) && !(Number.isSafeInteger(value) && value >= 0))
    .map(([name, value]) => ({
      block: path,
      kind: 'no-count',
      text: { en: `${name}: ${value} is no number of dossiers`, vi: `${name}: ${value} không phải là số hồ sơ` },
    }));
}

/** Where a number is told for the whole and for each of its parts, the parts add up to it. */
function checkParts({ path, counts, parts }: Block): PublishedCheck {
  const told = parts.filter((part) => Object.keys(part.counts).length > 0);
  const names = (Object.keys(counts) as CountName[]).filter(
    (name) => told.length > 1 && told.every((part) => part.counts[name] !== undefined),
  );
  return {
    checked: names.length,
    findings: names.flatMap((name): PublishedFinding[] => {
      const whole = counts[name]!;
      const values = told.map((part) => part.counts[name]!);
      const sum = values.reduce((total, value) => total + value, 0);
      if (sum === whole) return [];
      const transposed = transposedIn([
        { column: path, told: whole, fits: sum },
        ...told.map((part, index) => ({ column: part.path, told: values[index]!, fits: values[index]! + whole - sum })),
      ]);
      const words = (language: keyof Label): string =>
        `${sumText(values, sum, language)} ≠ ${numberOf(whole, language)}${transposedText(transposed, language)}`;
      return [
        {
          block: path,
          kind: 'parts',
          text: {
            en: `the parts do not add up to the whole (${name}): ${words('en')}`,
            vi: `các phần cộng lại khác tổng (${name}): ${words('vi')}`,
          },
        },
      ];
    }),
  };
}

/** Rounding alone can lift the sum by half a unit of the last digit for each percentage, and no further. */
function checkPercentSum({ path, percents }: Block): PublishedCheck {
  const values = OF_ONE_WHOLE.flatMap((name) => percents.get(name) ?? []);
  if (values.length < 2) return { checked: 0, findings: [] };
  const sum = Number(values.reduce((total, value) => total + value, 0).toFixed(6));
  const allowance = values.reduce((total, value) => total + halfUnit(value), 0);
  if (sum <= 100 + allowance + 1e-9) return { checked: 1, findings: [] };
  const words = (language: keyof Label): string => `${sumText(values, sum, language)} % > 100 %`;
  return {
    checked: 1,
    findings: [
      {
        block: path,
        kind: 'percent-sum',
        text: { en: `percentages of one whole are more than it: ${words('en')}`, vi: `tổng các tỷ lệ vượt 100 %: ${words('vi')}` },
      },
    ],
  };
}

/** One way to get a percentage from the counts: a report does not say which it used, so each that it could mean is tried. */
interface Reading {
  part: number[];
  whole: number[];
}

function checkPercents(block: Block): PublishedCheck {
  const asked = [...block.percents].flatMap(([name, published]) => {
    const readings = readingsOf(block, name).filter(({ whole }) => total(whole) > 0);
    return readings.length > 0 ? [{ name, published, readings }] : [];
  });
  const wrong = asked.filter(({ published, readings }) => !readings.some((reading) => isWrittenAs(percentOf(reading), published)));
  return {
    checked: asked.length,
    findings: wrong.map(({ name, published, readings }) => {
      const words = (language: keyof Label): string => readings.map((reading) => readingText(reading, language)).join('; ');
      return {
        block: block.path,
        kind: 'percent-of-counts',
        text: {
          en: `${name}: ${numberOf(published, 'en')} % published, the counts give ${words('en')}`,
          vi: `${name}: công bố ${numberOf(published, 'vi')} %, theo số đếm là ${words('vi')}`,
        },
      };
    }),
  };
}

function readingsOf({ counts, numbers }: Block, name: string): Reading[] {
  const { received, online, done, early, onTime, late, inTerm, overdue } = counts;
  const readings: Reading[] = [];
  const add = (part: (number | undefined)[], whole: (number | undefined)[]): void => {
    const isTold = (value: number | undefined): value is number => value !== undefined;
    if (part.every(isTold) && whole.every(isTold)) readings.push({ part, whole });
  };
  switch (name) {
    case 'early':
      add([early], [done]);
      return readings;
    case 'onTime':
      // Those in process and in term stand beside the done in some reports, those done early in others.
      add([onTime, inTerm], [received]);
      if (early !== undefined) add([early, onTime], [done]);
      add([onTime], [done]);
      return readings;
    case 'late':
      add([late, overdue], [received]);
      add([late], [done]);
      return readings;
    case 'digitised':
      // Only what came in on paper has to be made digital.
      if (received !== undefined && online !== undefined) add([numbers.get(name)], [received, -online]);
      else add([numbers.get(name)], [received]);
      return readings;
    default:
      add([numbers.get(name)], [received]);
      return readings;
  }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const percentOf = ({ part, whole }: Reading): number => (total(part) * 100) / total(whole);

function readingText(reading: Reading, language: keyof Label): string {
  const side = (values: readonly number[]): string => {
    const [first, ...others] = values.map((value) => numberOf(Math.abs(value), language));
    const text = [first, ...others.map((other, index) => `${values[index + 1]! < 0 ? '−' : '+'} ${other}`)].join(' ');
    return values.length > 1 ? `(${text})` : text;
  };
  return `${numberOf(percentOf(reading), language)} % = ${side(reading.part)} / ${side(reading.whole)}`;
}

/** Whether a percentage may be written so: rounded or cut off at the digits that the published one has. */
function isWrittenAs(exact: number, published: number): boolean {
  const unit = halfUnit(published) * 2;
  return Math.abs(exact - published) <= unit / 2 + 1e-9 || (exact >= published && exact - published < unit);
}

/** Half of a unit of the last digit that a percentage is written with. */
function halfUnit(published: number): number {
  const decimals = String(published).split('.')[1]?.length ?? 0;
  return 0.5 / 10 ** decimals;
}

function labelOf(object: Record<string, unknown>): string | undefined {
  for (const key of LABELS) {
    const value = object[key];
    if (typeof value === 'string' && value !== '') return key === 'level' ? `level ${value}` : value;
  }
  return undefined;
}

function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path} / ${name}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
