import { isEventType, isLocalDate, UNIT_KINDS } from '@par/contracts';
import { type FaultAt, type KeyPath, type KnownRules, type WrittenPlan } from './plan-file.ts';
import { type PlanFaultCode } from './plan-mistake.ts';

type WrittenIndicator = WrittenPlan['indicators'][number];
type WrittenScore = NonNullable<WrittenPlan['scores']>[number];
type Entry<T> = { value: T; path: KeyPath };
/** Calls every fault by its place; entries that are misshapen are not looked into, but their ids are known. */
type Say = (path: KeyPath, code: PlanFaultCode, en: string, vi: string) => void;

/**
 * What is wrong with a plan beyond its shape: rules, goals, kinds and events that do not exist, targets that do not fit the measure, scores that refer
 * to nothing or to themselves. Pure. Parts of the file that are misshapen are left out, so that all else can still be said at once.
 *
 * @param written the parsed file, of any shape.
 * @param about.misshapen paths where the shape is wrong already.
 */
export function faultsOfPlan(
  written: unknown,
  about: { knownRules: KnownRules; name: string | undefined; misshapen: readonly KeyPath[] },
): FaultAt[] {
  const faults: FaultAt[] = [];
  const say: Say = (path, code, en, vi) => faults.push({ path, code, text: { en, vi } });
  const isSound = (path: KeyPath): boolean => !about.misshapen.some((wrong) => startsWith(wrong, path) || startsWith(path, wrong));
  const file = (written ?? {}) as Record<string, unknown>;
  const sound = <T>(key: string): Entry<T>[] => listOf(file[key], key).filter(({ path }) => isSound(path)) as Entry<T>[];

  if (about.name !== undefined && typeof file.plan === 'string' && file.plan !== about.name) {
    say(['plan'], 'plan.id-is-not-the-name', `must be "${about.name}", the name of the file`, `phải là "${about.name}", tên của tệp`);
  }
  checkDates(file, isSound, say);
  if (isSound(['bands'])) checkBands((file.bands ?? []) as NonNullable<WrittenPlan['bands']>, say);
  checkIds(file, say);

  const goals = new Set(idsOf(file.goals, 'goals').map(({ value }) => value));
  for (const indicator of sound<WrittenIndicator>('indicators')) checkIndicator(indicator, goals, about.knownRules, say);

  const indicators = new Map(
    (listOf(file.indicators, 'indicators') as Entry<WrittenIndicator | null>[]).flatMap(({ value, path }) =>
      typeof value?.id === 'string' ? [[value.id, isSound(path) ? value : undefined] as const] : [],
    ),
  );
  const scores = sound<WrittenScore>('scores');
  const scoreIds = new Set(idsOf(file.scores, 'scores').map(({ value }) => value));
  for (const score of scores) checkScore(score, indicators, new Map(scores.map(({ value }) => [value.id, value])), scoreIds, say);
  checkCycles(scores, say);
  return faults;
}

function checkDates(file: Record<string, unknown>, isSound: (path: KeyPath) => boolean, say: Say): void {
  for (const key of ['validFrom', 'validTo']) {
    const day = file[key];
    if (typeof day === 'string' && isSound([key]) && !isLocalDate(day))
      say([key], 'plan.dates', 'this day does not exist', 'ngày này không tồn tại');
  }
  const { validFrom, validTo } = file;
  if (typeof validFrom === 'string' && typeof validTo === 'string' && validTo < validFrom) {
    say(['validTo'], 'plan.dates', 'lies before validFrom', 'sớm hơn validFrom');
  }
}

function checkBands(bands: NonNullable<WrittenPlan['bands']>, say: Say): void {
  bands.forEach(({ from }, index) => {
    const above = bands[index - 1];
    if (above && from >= above.from) {
      say(
        ['bands', index, 'from'],
        'plan.bands',
        'must be less than the edge above: highest first',
        'phải nhỏ hơn mức phía trên: xếp từ cao xuống thấp',
      );
    }
  });
  const last = bands.at(-1);
  if (last && last.from !== 0) {
    say(['bands', bands.length - 1, 'from'], 'plan.bands', 'the last band must begin at 0', 'mức cuối cùng phải bắt đầu từ 0');
  }
}

/** An id stands once; an indicator and a score never share one, because a score's part names either. */
function checkIds(file: Record<string, unknown>, say: Say): void {
  for (const group of [idsOf(file.goals, 'goals'), [...idsOf(file.indicators, 'indicators'), ...idsOf(file.scores, 'scores')]]) {
    const seen = new Set<string>();
    for (const { value, path } of group) {
      if (seen.has(value)) say(path, 'plan.duplicate-id', `${value} stands twice`, `${value} bị lặp`);
      seen.add(value);
    }
  }
}

function checkIndicator({ value: indicator, path }: Entry<WrittenIndicator>, goals: Set<string>, knownRules: KnownRules, say: Say): void {
  const { goal, kind, rules, target, unitKinds = [], beside = [], movedBy } = indicator;
  if (!goals.has(goal)) say([...path, 'goal'], 'plan.unknown-goal', `there is no goal "${goal}"`, `không có mục tiêu "${goal}"`);
  rules.forEach(({ rule, version }, index) => {
    const place = [...path, 'rules', index, 'rule'];
    if (!knownRules(rule, version)) {
      say(place, 'plan.unknown-rule', `rule ${rule} version ${version} is not known`, `không có quy tắc ${rule} phiên bản ${version}`);
    }
    if (rules.findIndex((other) => other.rule === rule) !== index)
      say(place, 'plan.duplicate-id', `rule ${rule} stands twice`, `quy tắc ${rule} bị lặp`);
  });
  const officials = rules.filter(({ official }) => official).length;
  if (kind === 'open') {
    if (rules.length > 0)
      say([...path, 'rules'], 'plan.open-indicator', 'an open indicator has no rule', 'chỉ tiêu để ngỏ không có quy tắc');
    if (target) say([...path, 'target'], 'plan.open-indicator', 'an open indicator has no target', 'chỉ tiêu để ngỏ không có mức mục tiêu');
    if (!indicator.open) say([...path, 'open'], 'plan.open-indicator', 'must say what is open', 'phải nêu điều còn để ngỏ');
  } else if (officials !== 1) {
    say(
      [...path, 'rules'],
      'plan.official-rule',
      `needs exactly one official rule, has ${officials}`,
      `cần đúng một quy tắc chính thức, hiện có ${officials}`,
    );
  }
  for (const [key, kinds] of Object.entries({ unitKinds, beside })) {
    kinds.forEach((unitKind, index) => {
      if (UNIT_KINDS.includes(unitKind)) return;
      const known = UNIT_KINDS.join(', ');
      const said = String(unitKind);
      say(
        [...path, key, index],
        'plan.unknown-unit-kind',
        `unit kind "${said}" is not one of ${known}`,
        `loại đơn vị "${said}" không thuộc: ${known}`,
      );
    });
  }
  beside.forEach((unitKind, index) => {
    if (!unitKinds.includes(unitKind)) return;
    say([...path, 'beside', index], 'plan.unknown-unit-kind', 'is in unitKinds already', 'đã có trong unitKinds');
  });
  if (kind !== 'open' && movedBy.length === 0) {
    say([...path, 'movedBy'], 'plan.missing-key', 'names no event', 'chưa nêu sự kiện nào');
  }
  movedBy.forEach((what, index) => {
    if (what === 'clock' || isEventType(`vn.par.${what}.v1`)) return;
    say([...path, 'movedBy', index], 'plan.unknown-event', `no event is called vn.par.${what}.v1`, `không có sự kiện vn.par.${what}.v1`);
  });
  if (target) checkTarget(indicator, target, [...path, 'target'], say);
}

type WrittenTarget = { op: string; value?: number };

/** A target fits when it can be held against the measure, and when getting nearer to it is what the direction calls better. */
function checkTarget({ measure, direction }: WrittenIndicator, { op, value }: WrittenTarget, path: KeyPath, say: Say): void {
  const refuse = (key: string, en: string, vi: string): void => say([...path, key], 'plan.target', en, vi);
  const wanted = op === '<=' ? 'down' : 'up';
  if (op !== '=' && direction !== wanted) refuse('op', `${op} asks for direction ${wanted}`, `${op} đòi hỏi direction ${wanted}`);
  if (op === 'not-falling') {
    if (value !== undefined) refuse('value', 'not-falling has no value', 'not-falling không có giá trị');
    if (measure === 'count' || measure === 'rank') refuse('op', `a ${measure} has no start of the year`, `${measure} không so với đầu năm`);
    return;
  }
  if (value === undefined) {
    refuse('value', `${op} needs a value`, `${op} cần có giá trị`);
    return;
  }
  switch (measure) {
    case 'share':
    case 'points':
      if (value < 0 || value > 100) refuse('value', `${value} is not between 0 and 100`, `${value} không nằm trong khoảng 0–100`);
      return;
    case 'count':
      if (!Number.isInteger(value) || value < 0) refuse('value', 'a count is a whole number', 'số đếm phải là số nguyên không âm');
      return;
    case 'rank':
      if (!Number.isInteger(value) || value < 1) refuse('value', 'a rank is a whole number from 1', 'thứ hạng là số nguyên từ 1');
      if (op !== '<=') refuse('op', 'a rank is held against <=', 'thứ hạng chỉ so với <=');
  }
}

function checkScore(
  { value: score, path }: Entry<WrittenScore>,
  indicators: Map<string, WrittenIndicator | undefined>,
  scores: Map<string, WrittenScore>,
  scoreIds: Set<string>,
  say: Say,
): void {
  if (score.max !== null) checkPoints(score.max, [...path, 'max'], say);
  score.parts.forEach((part, index) => {
    const place = [...path, 'parts', index];
    const refuse = (key: string, en: string, vi: string): void => say([...place, key], 'plan.score-part', en, vi);
    if (part.max !== null) checkPoints(part.max, [...place, 'max'], say);
    if (part.fullAt !== undefined) checkPoints(part.fullAt, [...place, 'fullAt'], say);
    if (score.parts.findIndex(({ ref }) => ref === part.ref) !== index) refuse('ref', `${part.ref} stands twice`, `${part.ref} bị lặp`);
    if (scoreIds.has(part.ref)) {
      if (part.rule !== undefined) refuse('rule', 'a score has no rules', 'điểm không có quy tắc');
      if (part.fullAt !== undefined) refuse('fullAt', 'a score is taken as it is', 'điểm được lấy nguyên');
      const own = scores.get(part.ref);
      if (own && own.max !== part.max) refuse('max', `${part.ref} has ${own.max} points`, `${part.ref} có ${own.max} điểm`);
      return;
    }
    if (!indicators.has(part.ref)) {
      refuse('ref', `there is no indicator or score "${part.ref}"`, `không có chỉ tiêu hay điểm "${part.ref}"`);
      return;
    }
    const indicator = indicators.get(part.ref);
    if (!indicator) return;
    if (part.rule !== undefined && !indicator.rules.some(({ rule }) => rule === part.rule)) {
      refuse('rule', `${part.ref} has no rule ${part.rule}`, `${part.ref} không có quy tắc ${part.rule}`);
    }
    if (indicator.direction !== 'up' || indicator.measure === 'count' || indicator.measure === 'rank') {
      refuse('ref', 'points are made of shares or points of which more is better', 'điểm chỉ tính từ tỷ lệ hoặc điểm có chiều tăng là tốt');
    }
  });
  const known = score.parts.map(({ max }) => max);
  const sum = known.reduce<number>((so, max) => so + Math.round((max ?? 0) * 1000), 0);
  const whole = Math.round((score.max ?? 0) * 1000);
  if (score.max !== null && (known.includes(null) ? sum > whole : sum !== whole)) {
    const points = sum / 1000;
    say([...path, 'max'], 'plan.maximum', `its parts have ${points} points`, `các phần cộng lại có ${points} điểm`);
  }
}

/** Points and the per cent of full marks are counted in thousandths, so neither has finer ones. */
function checkPoints(points: number, path: KeyPath, say: Say): void {
  if (Math.round(points * 1000) / 1000 === points) return;
  say(path, 'plan.maximum', 'has more than three decimals', 'có quá ba chữ số thập phân');
}

/** Says each ring of scores once, at the part that closes it. */
function checkCycles(scores: readonly Entry<WrittenScore>[], say: Say): void {
  const byId = new Map(scores.map((score) => [score.value.id, score]));
  const done = new Set<string>();
  const visit = (score: Entry<WrittenScore>, above: string[]): void => {
    const { id, parts } = score.value;
    if (done.has(id)) return;
    parts.forEach(({ ref }, index) => {
      const way = [...above, id];
      const from = way.indexOf(ref);
      const next = byId.get(ref);
      if (from >= 0) {
        const ring = [...way.slice(from), ref].join(' → ');
        say(
          [...score.path, 'parts', index, 'ref'],
          'plan.cyclic-score',
          `a score that is part of itself: ${ring}`,
          `điểm tự chứa chính nó: ${ring}`,
        );
      } else if (next) visit(next, way);
    });
    done.add(id);
  };
  for (const score of scores) visit(score, []);
}

function listOf(list: unknown, key: string): Entry<unknown>[] {
  return Array.isArray(list) ? list.map((value, index) => ({ value: value as unknown, path: [key, index] })) : [];
}

function idsOf(list: unknown, key: string): Entry<string>[] {
  return listOf(list, key).flatMap(({ value, path }) => {
    const id = (value as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? [{ value: id, path: [...path, 'id'] }] : [];
  });
}

function startsWith(path: KeyPath, beginning: KeyPath): boolean {
  return beginning.every((part, index) => path[index] === part);
}
