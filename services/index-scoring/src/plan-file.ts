import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bilingual } from '@par/service-kit';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { type Indicator, type Plan, type Score } from './plan.ts';
import { faultsOfPlan } from './plan-checks.ts';
import { type PlanFault, type PlanFaultCode, PlanMistake } from './plan-mistake.ts';

export type KnownRules = (rule: string, version: number) => boolean;

/** An indicator or a score as the file has it: the two languages of its name under one key. */
type Named<T extends { nameVi: string; nameEn: string }> = Omit<T, 'nameVi' | 'nameEn'> & { name: Bilingual };

/** A plan file as it is written. */
export interface WrittenPlan extends Omit<Plan, 'indicators' | 'scores' | 'lateness' | 'bands'> {
  indicators: Named<Indicator>[];
  scores?: Named<Score>[];
  lateness: Plan['lateness'];
  bands?: Plan['bands'];
}

export type KeyPath = (string | number)[];

/** A fault without its place in the text. */
export interface FaultAt {
  path: KeyPath;
  code: PlanFaultCode;
  text: Bilingual;
}

const RULES = fileURLToPath(new URL('../rules', import.meta.url));

const schema = JSON.parse(readFileSync(join(RULES, 'plan.schema.json'), 'utf8')) as object;
const validateShape = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, useDefaults: true }).compile(schema);

/**
 * Reads and checks one plan file.
 *
 * @param fileName how mistakes name it.
 * @param knownRules whether the service has a rule by this name and version.
 * @throws PlanMistake with every mistake in the file: line, key, code, text.
 */
export function parsePlan(text: string, fileName: string, knownRules: KnownRules): Plan {
  const { plan, faults } = readPlan(text, fileName, knownRules);
  if (!plan) throw new PlanMistake(faults);
  return plan;
}

/**
 * Reads plans by their names (`rules/<name>.yaml`) and makes one of them: the first is the base, whose dates, thresholds and bands hold; the others
 * add goals, indicators and scores. An id that two of them have is a mistake.
 *
 * @throws PlanMistake with every mistake in all of them.
 */
export function loadPlans(names: readonly string[], knownRules: KnownRules, folder: string = RULES): Plan {
  const present = planNames(folder);
  const faults: PlanFault[] = [];
  const plans: ReadPlan[] = [];
  if (names.length === 0) faults.push(...faultOfName('PLANS', { en: 'no plan is named', vi: 'chưa nêu kế hoạch nào' }));
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index) {
      faults.push(...faultOfName(name, { en: `plan "${name}" is named twice`, vi: `kế hoạch "${name}" được nêu hai lần` }));
    } else if (!present.includes(name)) {
      const list = present.join(', ');
      faults.push(
        ...faultOfName(name, { en: `there is no plan "${name}"; there are ${list}`, vi: `không có kế hoạch "${name}"; hiện có: ${list}` }),
      );
    } else {
      const read = readPlan(readFileSync(join(folder, `${name}.yaml`), 'utf8'), `${name}.yaml`, knownRules, name);
      faults.push(...read.faults);
      plans.push(read);
    }
  });
  faults.push(...doubledIds(plans));
  const [base, ...others] = plans.flatMap(({ plan }) => plan ?? []);
  if (faults.length > 0 || !base) throw new PlanMistake(faults);
  return {
    ...base,
    goals: [base, ...others].flatMap(({ goals }) => goals),
    indicators: [base, ...others].flatMap(({ indicators }) => indicators),
    scores: [base, ...others].flatMap(({ scores }) => scores),
  };
}

/** The plans that there are, by name. */
export function planNames(folder: string = RULES): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

interface ReadPlan {
  /** Absent where the file has mistakes. */
  plan?: Plan;
  faults: PlanFault[];
  place: (at: FaultAt) => PlanFault;
}

function readPlan(text: string, file: string, knownRules: KnownRules, name?: string): ReadPlan {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = ({ path, code, text }: FaultAt): PlanFault => ({ file, line: lineOf(document, lines, path), key: keyOf(path), code, text });
  const unreadable = faultsOfYaml(document, lines).map((fault): PlanFault => ({ file, key: '', code: 'plan.not-yaml', ...fault }));
  if (unreadable.length > 0) return { faults: unreadable, place };
  const written: unknown = document.toJS();
  const shape = validateShape(written) ? [] : (validateShape.errors ?? []).map(faultOfShape);
  // A key too many makes nothing else unreadable.
  const misshapen = shape.flatMap(({ path, code }) => (code === 'plan.unknown-key' ? [] : [path]));
  const beyond = faultsOfPlan(written, { knownRules, name, misshapen });
  const faults = [...shape, ...beyond].map(place).sort((a, b) => a.line - b.line);
  return faults.length > 0 ? { faults, place } : { plan: planOf(written as WrittenPlan), faults, place };
}

/** An alias would hide what a line says, and where a mistake in it stands: a plan is written out. */
function faultsOfYaml(document: Document, lines: LineCounter): Pick<PlanFault, 'line' | 'text'>[] {
  const faults = document.errors.map(({ message, linePos }) => {
    const [what] = message.split('\n');
    return { line: linePos?.[0].line ?? 1, text: { en: `not YAML: ${what}`, vi: `không phải YAML: ${what}` } };
  });
  visit(document, {
    Alias: (_, alias) => {
      const text = {
        en: `*${alias.source}: a plan has no aliases, write it out`,
        vi: `*${alias.source}: kế hoạch không dùng bí danh, hãy viết đầy đủ`,
      };
      faults.push({ line: alias.range ? lines.linePos(alias.range[0]).line : 1, text });
    },
  });
  return faults.sort((a, b) => a.line - b.line);
}

function planOf(written: WrittenPlan): Plan {
  return {
    ...written,
    indicators: written.indicators.map(({ name, ...indicator }) => ({ ...indicator, nameVi: name.vi, nameEn: name.en })),
    scores: (written.scores ?? []).map(({ name, ...score }) => ({ ...score, nameVi: name.vi, nameEn: name.en })),
    bands: written.bands ?? [],
  };
}

/** Ids that a later plan shares with an earlier one; indicators and scores share one space, because a score names either. */
function doubledIds(plans: readonly ReadPlan[]): PlanFault[] {
  const owners = new Map<string, string>();
  return plans.flatMap(({ plan, place }) => {
    if (!plan) return [];
    const ids: [string, KeyPath][] = [
      ...plan.goals.map(({ id }, index): [string, KeyPath] => [`goal ${id}`, ['goals', index, 'id']]),
      ...plan.indicators.map(({ id }, index): [string, KeyPath] => [id, ['indicators', index, 'id']]),
      ...plan.scores.map(({ id }, index): [string, KeyPath] => [id, ['scores', index, 'id']]),
    ];
    return ids.flatMap(([id, path]) => {
      const owner = owners.get(id);
      owners.set(id, owner ?? plan.plan);
      const text = { en: `${id} is in plan ${owner} already`, vi: `${id} đã có trong kế hoạch ${owner}` };
      return owner === undefined ? [] : [place({ path, code: 'plan.duplicate-id', text })];
    });
  });
}

function faultOfName(name: string, text: Bilingual): PlanFault[] {
  return [{ file: name, line: 1, key: '', code: 'plan.no-plan', text }];
}

function faultOfShape(error: ErrorObject): FaultAt {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    return { path: [...path, key], code: 'plan.unknown-key', text: { en: 'this key is not known here', vi: 'không có khóa này ở đây' } };
  }
  if (error.keyword === 'required') {
    const key = String(params.missingProperty);
    return { path: [...path, key], code: 'plan.missing-key', text: { en: `"${key}" is missing`, vi: `thiếu "${key}"` } };
  }
  if (error.keyword === 'enum') {
    const allowed = (params.allowedValues as unknown[]).join(', ');
    return { path, code: 'plan.misshapen', text: { en: `must be one of ${allowed}`, vi: `phải là một trong: ${allowed}` } };
  }
  const what = error.message ?? error.keyword;
  return { path, code: 'plan.misshapen', text: { en: what, vi: `sai dạng (${what})` } };
}

function keyOf(path: KeyPath): string {
  return path.reduce<string>((so, part) => (typeof part === 'number' ? `${so}[${part}]` : so ? `${so}.${part}` : part), '');
}

/** The line of the deepest part of the path that the file has; of its key, where it is a key's value. */
function lineOf(document: Document, lines: LineCounter, path: KeyPath): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last)) : undefined;
    const node = isNode(pair?.key) ? pair.key : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
