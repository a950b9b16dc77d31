import { describe, expect, it } from '@jest/globals';
import { UNIT_KINDS } from '@par/contracts';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appliesTo, DEFAULT_PLANS, type Indicator, loadPlans, parsePlan, type PlanFault, PlanMistake, standsBeside } from './plan.ts';
import { isDescribedRule } from './rule-catalogue.ts';

const known = (rule: string, version: number): boolean => rule.startsWith('rule-') && version === 1;

function faultsOf(read: () => unknown): readonly PlanFault[] {
  try {
    read();
  } catch (error) {
    if (error instanceof PlanMistake) return error.faults;
    throw error;
  }
  return [];
}

/** A small plan, right in every part, as the text of a file. */
const SMALL = `plan: small
version: 1
title: { vi: nhỏ, en: small }
source: made up
validFrom: 2021-01-01
goals:
  - id: '1'
    name: { vi: một, en: one }
indicators:
  - id: A
    goal: '1'
    name: { vi: a, en: a }
    kind: count
    measure: share
    direction: up
    stated: R
    rules:
      - { rule: rule-a, version: 1, official: true }
      - { rule: rule-b, version: 1, official: false }
    target: { op: '>=', value: 90 }
    numerator: { vi: tử, en: above }
    denominator: { vi: mẫu, en: below }
    source: made up
    movedBy: [dossier.returned]
scores:
  - id: S
    name: { vi: s, en: s }
    max: 10
    parts:
      - { ref: A, max: 10, fullAt: 80 }
`;

/** The faults of the small plan with one piece of its text changed, as `line key code`. */
function afterChange(from: string, to: string): string[] {
  if (!SMALL.includes(from)) throw new Error(`the plan has no ${from}`);
  return faultsOf(() => parsePlan(SMALL.replace(from, to), 'small.yaml', known)).map(({ line, key, code }) => `${line} ${key} ${code}`);
}

describe("Huế's plan of 2021", () => {
  const plan = loadPlans(DEFAULT_PLANS, isDescribedRule);
  const indicator = (id: string): Indicator => plan.indicators.find((one) => one.id === id)!;

  it('has the ten goals and every indicator of the catalogue, and one of ours on processes, each with its official rule first', () => {
    expect(plan.goals.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    const rules = plan.indicators.map(({ id, rules }) =>
      [id, ...rules.map(({ rule, official }) => (official ? `${rule}!` : rule))].join(' '),
    );
    expect(rules).toEqual([
      'G1-ONTIME ii-06a! due-date by-date first-appointment opencps qd-766 as-sent without-sync-faults',
      'G1-LATE office! waiting message-late source-clock',
      'G1-OVERDUE open-past-due!',
      'G1-CUT term-cut-in-year!',
      'G2-STD latest-declared!',
      'G3-SYS heard-on-both!',
      'G4-L34 in-force!',
      'G4-L4 of-all! of-level-3-4',
      'G4-ONLINE of-finished! of-online-procedures received-online of-received',
      'G4-SAT upper-two-grades! satisfaction-scale-only best-only',
      'G5-REVIEW of-planned!',
      'G6-WORK-CITY every-step-on-network!',
      'G6-WORK-WARD every-step-on-network!',
      'G6-NET accepted-connection!',
      'G6-NET-LIVE heard-within-hours!',
      'G6-NET-DOSSIER every-message-on-tslcd!',
      'G7-INSP of-units! with-predecessors departments-only wards-only',
      'G7-INSP-X distinct-units!',
      'G8-ISO in-force-with-iso!',
      'G8-CONFORM every-step-as-process! every-step-in-order',
      'G9-EVAL published-for-year!',
      'G10-BAND published-score!',
      'G10-RANK competition-rank!',
    ]);
  });

  it('has the targets of the decision, strict ones strict', () => {
    const targets = plan.indicators.flatMap(({ id, target }) =>
      target ? [`${id} ${target.op} ${'value' in target ? target.value : ''}`.trim()] : [],
    );
    expect(targets).toEqual([
      'G4-L34 >= 90',
      'G4-L4 >= 20',
      'G4-ONLINE >= 20',
      'G4-SAT > 90',
      'G6-WORK-CITY >= 100',
      'G6-WORK-WARD >= 100',
      'G6-NET >= 100',
      'G7-INSP > 30',
      'G7-INSP-X > 0',
      'G8-ISO not-falling',
      'G9-EVAL >= 100',
      'G10-BAND >= 80',
      'G10-RANK <= 5',
    ]);
  });

  it('keeps the land registry out of totals and shows it beside where it works at the one-stop', () => {
    expect(plan.indicators.filter((one) => appliesTo(one, 'provincial-body'))).toEqual([]);
    expect(plan.indicators.filter((one) => standsBeside(one, 'provincial-body')).map(({ id }) => id)).toEqual([
      'G1-ONTIME',
      'G1-LATE',
      'G1-OVERDUE',
      'G4-ONLINE',
    ]);
    expect(UNIT_KINDS.filter((kind) => appliesTo(indicator('G1-ONTIME'), kind))).toEqual(
      UNIT_KINDS.filter((kind) => kind !== 'provincial-body'),
    );
    expect(UNIT_KINDS.filter((kind) => appliesTo(indicator('G7-INSP'), kind))).toEqual(['department', 'ward', 'commune']);
    expect(standsBeside(indicator('G6-NET'), 'provincial-body')).toBe(false);
  });

  it('says the thresholds, the working hours of a sign of life and the measures that are no shares', () => {
    expect(plan.lateness).toEqual({ clockToleranceSeconds: 300, syncDelayMinutes: 60, stampToleranceSeconds: 60 });
    expect(indicator('G6-NET-LIVE')).toMatchObject({ withinWorkingHours: 8, rules: [{ version: 2 }] });
    expect(plan.indicators.flatMap(({ id, measure }) => (measure === 'share' ? [] : [`${id} ${measure}`]))).toEqual([
      'G7-INSP-X count',
      'G10-BAND points',
      'G10-RANK rank',
    ]);
    expect(plan.indicators.flatMap(({ id, secretExclusion }) => (secretExclusion ? [id] : []))).toEqual(['G6-WORK-CITY', 'G6-WORK-WARD']);
    expect(plan.bands.map(({ from }) => from)).toEqual([90, 80, 70, 50, 0]);
  });
});

describe('Decision 766 as a second plan', () => {
  const both = loadPlans(['hue-2021', 'qd-766-2022'], isDescribedRule);

  it('adds its groups with their maxima, and leaves the base as it is', () => {
    const base = loadPlans(['hue-2021'], isDescribedRule);
    expect(both).toMatchObject({ plan: 'hue-2021', lateness: base.lateness, bands: base.bands, validTo: '2021-12-31' });
    expect(both.indicators.slice(0, base.indicators.length)).toEqual(base.indicators);
    const [total, ...groups] = both.scores;
    expect(total).toMatchObject({ id: 'Q766', max: 100 });
    expect(groups.map(({ id, max }) => `${id} ${max}`)).toEqual([
      'Q766-CKMB 18',
      'Q766-TDGQ 20',
      'Q766-CLGQ 12',
      'Q766-TTTT 10',
      'Q766-MDHL 18',
      'Q766-MDSH 22',
    ]);
  });

  it('computes what can be computed and marks the rest open, with what is missing', () => {
    const own = both.indicators.filter(({ id }) => id.startsWith('Q766-'));
    expect(own.flatMap(({ id, kind, rules }) => (kind === 'open' ? [] : [`${id} ${kind} ${rules[0]!.rule}`]))).toEqual([
      'Q766-2-1 state qd-766-in-time',
      'Q766-3-1 state online-service',
      'Q766-3-2 state services-with-dossiers',
      'Q766-3-3 count received-online-electronic',
      'Q766-3-6 count fee-paid-online',
      'Q766-4-1 count electronic-result',
    ]);
    const criteria = [
      '1-1',
      '1-2',
      '1-3',
      '1-4',
      '2-1',
      '2-2',
      '3-1',
      '3-2',
      '3-3',
      '3-4',
      '3-5',
      '3-6',
      '4-1',
      '4-2',
      '4-3',
      '4-4',
      '4-5',
      '5-1',
      '5-2',
      '5-3',
      '5-4',
    ];
    expect(own.map(({ id }) => id.slice('Q766-'.length))).toEqual(criteria);
    expect(own.every(({ kind, open }) => kind !== 'open' || open!.length > 0)).toBe(true);
    // Every criterion stands in exactly one group, and no source tells its points.
    const parts = both.scores.slice(1).flatMap((score) => score.parts);
    expect(parts.map(({ ref }) => ref).sort()).toEqual(own.map(({ id }) => id).sort());
    expect(parts.every(({ max }) => max === null)).toBe(true);
  });
});

describe('switching plans on by name', () => {
  it('names plans that are not there, named twice, or none', () => {
    const texts = (names: string[]): string[] => faultsOf(() => loadPlans(names, isDescribedRule)).map(({ text }) => text.en);
    expect(texts(['hue-2021', 'hue-2022', '../hue-2021', 'hue-2021'])).toEqual([
      'there is no plan "hue-2022"; there are hue-2021, qd-766-2022',
      'there is no plan "../hue-2021"; there are hue-2021, qd-766-2022',
      'plan "hue-2021" is named twice',
    ]);
    expect(texts([])).toEqual(['no plan is named']);
  });

  it('tells the mistakes of all files at once, and ids that a later plan has again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plans-'));
    try {
      writeFileSync(join(folder, 'small.yaml'), SMALL);
      writeFileSync(join(folder, 'again.yaml'), SMALL.replace('plan: small', 'plan: again').replace('id: S', 'id: T'));
      writeFileSync(join(folder, 'wrong.yaml'), SMALL.replace('rule: rule-a', 'rule: invented'));
      const faults = faultsOf(() => loadPlans(['small', 'again', 'wrong'], known, folder));
      expect(faults.map(({ file, line, key, code }) => `${file}:${line} ${key} ${code}`)).toEqual([
        'wrong.yaml:1 plan plan.id-is-not-the-name',
        'wrong.yaml:18 indicators[0].rules[0].rule plan.unknown-rule',
        'again.yaml:7 goals[0].id plan.duplicate-id',
        'again.yaml:10 indicators[0].id plan.duplicate-id',
      ]);
      expect(faults.at(-1)!.text).toEqual({ en: 'A is in plan small already', vi: 'A đã có trong kế hoạch small' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a plan file', () => {
  it('is read', () => {
    const plan = parsePlan(SMALL, 'small.yaml', known);
    expect(plan.indicators[0]).toMatchObject({ id: 'A', nameVi: 'a', nameEn: 'a', target: { op: '>=', value: 90 } });
    expect(plan.indicators[0]).not.toHaveProperty('name');
    expect(plan).toMatchObject({ lateness: { clockToleranceSeconds: 300, syncDelayMinutes: 60, stampToleranceSeconds: 60 }, bands: [] });
    expect(plan.scores).toEqual([{ id: 'S', nameVi: 's', nameEn: 's', max: 10, parts: [{ ref: 'A', max: 10, fullAt: 80 }] }]);
  });

  it('is refused with line, key and a text in both languages', () => {
    const read = () => parsePlan(SMALL.replace("goal: '1'", "goal: '11'"), 'small.yaml', known);
    expect(read).toThrow('small.yaml:11  indicators[0].goal: there is no goal "11" / không có mục tiêu "11" [plan.unknown-goal]');
  });

  it.each<[string, string, string, string[]]>([
    ['a key that is not known', 'stated: R', 'stated: R\n    stat: R', ['17 indicators[0].stat plan.unknown-key']],
    ['a key that is missing', '    stated: R\n', '', ['10 indicators[0].stated plan.missing-key']],
    ['a word that is not one of the list', 'kind: count', 'kind: counts', ['13 indicators[0].kind plan.misshapen']],
    ['an id with a dot', 'id: A', 'id: A.B', ['10 indicators[0].id plan.misshapen', '30 scores[0].parts[0].ref plan.score-part']],
    ['two official rules', 'official: false', 'official: true', ['17 indicators[0].rules plan.official-rule']],
    ['no official rule', 'official: true', 'official: false', ['17 indicators[0].rules plan.official-rule']],
    ['a rule that is not known', 'rule: rule-b', 'rule: invented', ['19 indicators[0].rules[1].rule plan.unknown-rule']],
    ['a version that is not known', 'rule-a, version: 1', 'rule-a, version: 2', ['18 indicators[0].rules[0].rule plan.unknown-rule']],
    ['a rule twice', 'rule: rule-b', 'rule: rule-a', ['19 indicators[0].rules[1].rule plan.duplicate-id']],
    ['a goal that is not there', "goal: '1'", "goal: '2'", ['11 indicators[0].goal plan.unknown-goal']],
    ['an event that is not there', 'dossier.returned', 'dossier.lost', ['24 indicators[0].movedBy[0] plan.unknown-event']],
    ['no event at all', '[dossier.returned]', '[]', ['24 indicators[0].movedBy plan.missing-key']],
    [
      'a unit kind that is not there',
      'stated: R',
      'unitKinds: [ward, village]\n    stated: R',
      ['16 indicators[0].unitKinds[1] plan.unknown-unit-kind'],
    ],
    [
      'a kind both in totals and beside',
      'stated: R',
      'unitKinds: [ward]\n    beside: [ward]\n    stated: R',
      ['17 indicators[0].beside[0] plan.unknown-unit-kind'],
    ],
    ['a share above all', 'value: 90', 'value: 101', ['20 indicators[0].target.value plan.target']],
    ['a target without value', ', value: 90', '', ['20 indicators[0].target.value plan.target']],
    ['a target against the direction', "op: '>='", "op: '<='", ['20 indicators[0].target.op plan.target']],
    ['a value for not-falling', "op: '>='", 'op: not-falling', ['20 indicators[0].target.value plan.target']],
    ['a count not whole', 'measure: share', 'measure: count', ['30 scores[0].parts[0].ref plan.score-part']],
    ['a day that does not exist', '2021-01-01', '2021-02-29', ['5 validFrom plan.dates']],
    ['an end before the beginning', 'goals:', 'validTo: 2020-12-31\ngoals:', ['6 validTo plan.dates']],
    [
      'bands out of order',
      'goals:',
      'bands: [{ from: 50, name: { vi: a, en: a } }, { from: 60, name: { vi: b, en: b } }]\ngoals:',
      ['6 bands[1].from plan.bands', '6 bands[1].from plan.bands'],
    ],
    ['a part that is nowhere', 'ref: A', 'ref: B', ['30 scores[0].parts[0].ref plan.score-part']],
    ['a part with a rule that its indicator has not', 'ref: A', 'ref: A, rule: rule-c', ['30 scores[0].parts[0].rule plan.score-part']],
    ['parts that do not add up', 'max: 10, fullAt', 'max: 9, fullAt', ['28 scores[0].max plan.maximum']],
    ['points too fine', 'fullAt: 80', 'fullAt: 80.0005', ['30 scores[0].parts[0].fullAt plan.maximum']],
    [
      'a score that is part of itself',
      '{ ref: A, max: 10, fullAt: 80 }',
      '{ ref: S, max: 10 }',
      ['30 scores[0].parts[0].ref plan.cyclic-score'],
    ],
    [
      'an id that an indicator and a score share',
      'id: S',
      'id: A',
      ['26 scores[0].id plan.duplicate-id', '30 scores[0].parts[0].fullAt plan.score-part', '30 scores[0].parts[0].ref plan.cyclic-score'],
    ],
    ['a key that stands twice', 'stated: R', 'stated: R\n    stated: D', ['17  plan.not-yaml']],
    ['a word that stands for nothing', 'en: small', 'en: *nothing', ['3  plan.not-yaml']],
    ['no YAML', 'made up\n', "'made up\n", ['4  plan.not-yaml']],
  ])('is refused: %s', (_, from, to, faults) => {
    // One mistake in the YAML itself may make the parser stumble again further down.
    const told = afterChange(from, to);
    expect(told[0]?.endsWith('plan.not-yaml') ? told.slice(0, 1) : told).toEqual(faults);
  });

  it('is refused where an indicator is open and still has a rule or a target, or does not say why', () => {
    expect(afterChange('kind: count', 'kind: open')).toEqual([
      '10 indicators[0].open plan.open-indicator',
      '17 indicators[0].rules plan.open-indicator',
      '20 indicators[0].target plan.open-indicator',
    ]);
  });

  it('is refused where a rank or a count has a target that it cannot be held against', () => {
    const asRank = (target: string) =>
      faultsOf(() =>
        parsePlan(
          SMALL.slice(0, SMALL.indexOf('scores:'))
            .replace('measure: share', 'measure: rank')
            .replace('direction: up', 'direction: down')
            .replace("{ op: '>=', value: 90 }", target),
          'small.yaml',
          known,
        ),
      ).map(({ key, text }) => `${key}: ${text.en}`);
    expect(asRank("{ op: '<=', value: 5 }")).toEqual([]);
    expect(asRank("{ op: '=', value: 2.5 }")).toEqual([
      'indicators[0].target.value: a rank is a whole number from 1',
      'indicators[0].target.op: a rank is held against <=',
    ]);
    expect(asRank('{ op: not-falling }')).toEqual([
      'indicators[0].target.op: not-falling asks for direction up',
      'indicators[0].target.op: a rank has no start of the year',
    ]);
  });

  it('names the ring of scores that contain each other, once', () => {
    const ring = `scores:
  - { id: S, name: { vi: s, en: s }, max: 10, parts: [{ ref: T, max: 10 }] }
  - { id: T, name: { vi: t, en: t }, max: 10, parts: [{ ref: U, max: 10 }] }
  - { id: U, name: { vi: u, en: u }, max: 10, parts: [{ ref: S, max: 10 }] }
  - { id: V, name: { vi: v, en: v }, max: 10, parts: [{ ref: T, max: 10 }] }
`;
    const text = SMALL.slice(0, SMALL.indexOf('scores:')) + ring;
    expect(faultsOf(() => parsePlan(text, 'small.yaml', known)).map(({ line, text }) => `${line} ${text.en}`)).toEqual([
      '28 a score that is part of itself: S → T → U → S',
    ]);
  });

  it('is refused with everything that is wrong with it at once, in the order of the lines', () => {
    const text = SMALL.replace('rule: rule-a', 'rule: invented')
      .replace('version: 1\ntitle', 'version: one\ntitle')
      .replace("goal: '1'", "goal: '7'")
      .replace('value: 90', 'value: -1')
      .replace('ref: A', 'ref: B')
      .replace('source: made up\nvalid', 'sauce: made up\nvalid');
    expect(faultsOf(() => parsePlan(text, 'small.yaml', known)).map(({ line, key }) => `${line} ${key}`)).toEqual([
      '1 source',
      '2 version',
      '4 sauce',
      '11 indicators[0].goal',
      '18 indicators[0].rules[0].rule',
      '20 indicators[0].target.value',
      '30 scores[0].parts[0].ref',
    ]);
  });

  it('is either read or refused with mistakes that have a place, however it is broken', () => {
    const lines = SMALL.split('\n');
    const broken = fc.record({
      line: fc.nat(lines.length - 1),
      by: fc.oneof(
        fc.constant(undefined),
        fc.string(),
        fc.constantFrom('null', '[]', '{}', '- 1', "'1'", '-1', '1e400', '*a', '&a', '<<:', '? x', 'id: A'),
      ),
      keep: fc.nat(24),
    });
    fc.assert(
      fc.property(fc.array(broken, { minLength: 1, maxLength: 3 }), (changes) => {
        const copy = [...lines];
        for (const { line, by, keep } of changes) copy[line] = by === undefined ? '' : `${lines[line]!.slice(0, keep)}${by}`;
        for (const { line, text } of faultsOf(() => parsePlan(copy.join('\n'), 'small.yaml', known))) {
          expect(line).toBeGreaterThan(0);
          expect(text.en !== '' && text.vi !== '').toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
