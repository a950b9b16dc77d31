import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type EventData, type EventType, type RankedPeer } from '@par/contracts';
import fc from 'fast-check';
import {
  assessmentOf,
  DECLARED_FINDING_LABELS,
  declaredFindings,
  declaredKey,
  inspectionOf,
  paperWorkOf,
  rankingOf,
  reviewOf,
  secretCountOf,
  staffStandardAt,
  surveyAnswers,
  surveyOf,
  type SurveyRule,
} from './declared-records.ts';
import { type KeptEvent } from './kept-event.ts';

type Name = EventType extends infer T ? (T extends `vn.par.${infer N}.v1` ? N : never) : never;

const at = (day: string) => `2021-${day}T00:00:00.000Z`;
let serial = 0;
function event<N extends Name>(name: N, day: string, data: EventData[`vn.par.${N}.v1`], id = `e${(serial += 1)}`, unit = 'one'): KeptEvent {
  return { source: 'urn:test', id, type: `vn.par.${name}.v1`, time: at(day), unit, received: at(day), data };
}
const paper = (period: string, count: number, day = '12-31', id?: string) => event('paper-work.declared', day, { period, count }, id);
const secret = (period: string, count: number, day = '12-31', id?: string) => event('secret-count.declared', day, { period, count }, id);
const corrected = (id: string, day = '12-31', own?: string) =>
  event('declaration.corrected', day, { source: 'urn:test', id, reason: 'entered-by-mistake' }, own);
const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../shared/data/published-figures/${name}`, import.meta.url), 'utf8'));
const codes = (findings: readonly { code: string; raw?: string }[]) => findings.map(({ code, raw }) => [code, raw]);
const months = (events: KeptEvent[]) => Object.fromEntries([...paperWorkOf(events).byMonth].sort());

describe('paper work of a unit and year', () => {
  it('counts months as declared', () => {
    expect(months([paper('2021-01', 3), paper('2021-02', 0), paper('2021-12', 5)])).toEqual({ '2021-01': 3, '2021-12': 5 });
  });

  it.each<[string, [string, number][], Record<string, number>, [string, string][]]>([
    ['a quarter alone', [['2021-Q1', 10]], { '2021-03': 10 }, []],
    ['a year alone', [['2021', 10]], { '2021-12': 10 }, []],
    [
      'what months leave of a quarter',
      [
        ['2021-Q1', 10],
        ['2021-01', 3],
        ['2021-03', 1],
      ],
      { '2021-01': 3, '2021-03': 7 },
      [],
    ],
    [
      'what months and quarters leave of a year',
      [
        ['2021', 100],
        ['2021-Q1', 10],
        ['2021-01', 3],
        ['2021-05', 4],
        ['2021-Q4', 20],
        ['2021-12', 2],
      ],
      { '2021-01': 3, '2021-03': 7, '2021-05': 4, '2021-12': 86 },
      [],
    ],
    [
      'months that make up their quarter exactly',
      [
        ['2021-Q2', 6],
        ['2021-04', 2],
        ['2021-05', 4],
      ],
      { '2021-04': 2, '2021-05': 4 },
      [],
    ],
    [
      'months that exceed their quarter',
      [
        ['2021-Q2', 5],
        ['2021-04', 2],
        ['2021-05', 4],
        ['2021', 10],
      ],
      { '2021-04': 2, '2021-05': 4, '2021-12': 4 },
      [['paper-work.parts-exceed-total', '2021-Q2']],
    ],
    [
      'quarters that exceed their year',
      [
        ['2021', 9],
        ['2021-Q1', 10],
      ],
      { '2021-03': 10 },
      [['paper-work.parts-exceed-total', '2021']],
    ],
  ])('is %s', (_, declared, expected, findings) => {
    const work = declared.map(([period, count]) => paper(period, count));
    expect(months(work)).toEqual(expected);
    expect(codes(paperWorkOf(work).findings)).toEqual(findings);
  });

  it('takes of one period the latest declaration that stands', () => {
    const work = [paper('2021-01', 3, '02-01', 'a'), paper('2021-01', 7, '03-01', 'b'), paper('2021-01', 5, '02-15', 'c')];
    expect(months(work)).toEqual({ '2021-01': 7 });
    expect(months([...work, corrected('b', '01-01')])).toEqual({ '2021-01': 5 });
    expect(months([...work, paper('2021-01', 0, '04-01')])).toEqual({});
  });

  it('says which declaration tells a month: the latest of those that make it up', () => {
    const work = paperWorkOf([
      paper('2021-03', 3, '04-01', 'month'),
      paper('2021-Q1', 9, '05-01', 'quarter'),
      paper('2021-01', 1, '06-01', 'first'),
    ]);
    expect(Object.fromEntries(work.toldBy)).toEqual({
      '2021-01': { at: at('06-01'), event: { source: 'urn:test', id: 'first' } },
      '2021-03': { at: at('05-01'), event: { source: 'urn:test', id: 'quarter' } },
    });
    expect(paperWorkOf([paper('2021-03', 3, '06-01', 'month'), paper('2021-Q1', 9, '05-01')]).toldBy.get('2021-03')?.event.id).toBe(
      'month',
    );
  });

  it('adds up to its longest period, or to its parts where they are more', () => {
    const period = fc.constantFrom('2021', '2021-Q1', '2021-Q2', '2021-Q4', '2021-01', '2021-03', '2021-05', '2021-12');
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(period, fc.nat(20)), { selector: ([name]) => name, maxLength: 8 }), (declared) => {
        const told = new Map<string, number>(declared);
        const total = [...paperWorkOf(declared.map(([name, count]) => paper(name, count))).byMonth.values()].reduce((a, b) => a + b, 0);
        const month = (name: string) => told.get(`2021-${name}`) ?? 0;
        const quarters =
          Math.max(month('Q1'), month('01') + month('03')) + Math.max(month('Q2'), month('05')) + Math.max(month('Q4'), month('12'));
        expect(total).toBe(Math.max(told.get('2021') ?? 0, quarters));
      }),
      { numRuns: 300 },
    );
  });
});

describe('secret dossiers of a unit and year', () => {
  it('are one number, by the rule of paper work, and no paper work', () => {
    const events = [secret('2021-01', 1), secret('2021-Q1', 4), secret('2021', 5), paper('2021-02', 50)];
    expect([secretCountOf(events), secretCountOf(events, '2021'), secretCountOf(events, '2020'), secretCountOf([])]).toEqual([5, 5, 0, 0]);
    expect(secretCountOf([secret('2021', 5), secret('2021-01', 9)])).toBe(9);
    expect(months(events)).toEqual({ '2021-02': 50 });
  });

  it('are in no finding', () => {
    const findings = declaredFindings([secret('2021', 5, '12-31', 'y'), secret('2021-01', 9)]);
    expect(findings).toEqual([{ code: 'secret-count.parts-exceed-total', event: { source: 'urn:test', id: 'y' }, raw: '2021' }]);
  });
});

describe('an inspection', () => {
  it('is its earliest standing completion', () => {
    const first = event('inspection.completed', '03-01', { subjects: ['reform', 'discipline'] }, 'a');
    const second = event('inspection.completed', '04-01', { subjects: ['iso-9001'] }, 'b', 'two');
    expect(inspectionOf([second, first])).toEqual({
      at: at('03-01'),
      unit: 'one',
      event: { source: 'urn:test', id: 'a' },
      subjects: ['discipline', 'reform'],
      findings: [{ code: 'inspection.told-differently', event: { source: 'urn:test', id: 'b' } }],
    });
    expect(inspectionOf([second, first, corrected('a', '01-01')])).toMatchObject({ unit: 'two', subjects: ['iso-9001'], findings: [] });
    expect(inspectionOf([first, corrected('a')])).toBeUndefined();
    expect(inspectionOf([first, corrected('a', '05-01', 'c'), corrected('c')])).toMatchObject({ unit: 'one' });
    expect(inspectionOf([first, { ...second, unit: 'one', data: { subjects: ['discipline', 'reform'] } }])?.findings).toEqual([]);
  });
});

describe('a function review', () => {
  const planned = event('function-review.planned', '03-01', {}, 'p');
  const completed = event('function-review.completed', '06-01', {}, 'c');

  it('is planned, then completed', () => {
    expect(reviewOf([planned])).toEqual({
      planned: { at: at('03-01'), unit: 'one', event: { source: 'urn:test', id: 'p' } },
      findings: [],
    });
    expect(reviewOf([completed, planned])).toMatchObject({ planned: { at: at('03-01') }, completed: { at: at('06-01') }, findings: [] });
    expect(reviewOf([])).toBeUndefined();
  });

  it('completed without a plan is a finding', () => {
    expect(codes(reviewOf([completed])!.findings)).toEqual([['function-review.completed-without-plan', undefined]]);
    expect(reviewOf([completed, planned, corrected('p')])).toMatchObject({ findings: [{ event: { id: 'c' } }] });
    expect(codes(reviewOf([planned, { ...completed, unit: 'two' }])!.findings)).toEqual([['function-review.other-unit', undefined]]);
  });
});

describe('a survey', () => {
  const report = published('hue-one-stop-satisfaction-2019q1.json') as {
    issued: number;
    collected: number;
    questions: { q: string; answers: Record<string, number> }[];
  };
  const questions = report.questions.map(({ answers }, i) => {
    const [best = 0, middle = 0, worst = 0] = Object.values(answers);
    const scale = 'Rất hài lòng' in answers ? ('satisfaction' as const) : ('other' as const);
    return { question: `cau-${i + 1}`, scale, best, middle, worst };
  });
  const declared = event('survey.declared', '04-12', { issued: report.issued, collected: report.collected, questions }, 's');
  const survey = surveyOf([declared])!;
  const percent = (rule: SurveyRule) => {
    const { numerator, denominator } = surveyAnswers(survey, rule);
    return ((numerator * 100) / denominator).toFixed(3);
  };

  it('of Huế’s one-stop in the first quarter of 2019 gives four figures by four rules', () => {
    expect(surveyAnswers(survey, 'upper-two-grades')).toEqual({ numerator: 20_661, denominator: 21_200 });
    expect(surveyAnswers(survey, 'upper-two-of-forms')).toEqual({ numerator: 20_661, denominator: 5 * 4_215 });
    expect(surveyAnswers(survey, 'satisfaction-scale-only')).toEqual({ numerator: 12_429, denominator: 12_780 });
    expect(surveyAnswers(survey, 'best-only')).toEqual({ numerator: 9_748, denominator: 21_200 });
    // The city published 97.95 %; its own counts give 98.04 % of the forms and 97.46 % of the answers.
    expect(
      ['upper-two-of-forms', 'upper-two-grades', 'satisfaction-scale-only', 'best-only'].map((rule) => percent(rule as SurveyRule)),
    ).toEqual(['98.036', '97.458', '97.254', '45.981']);
  });

  it('names the question with more answers than forms', () => {
    expect(survey.findings).toEqual([{ code: 'survey.more-answers-than-forms', event: { source: 'urn:test', id: 's' }, raw: 'cau-1' }]);
  });

  it('names what else cannot be', () => {
    const [first] = questions;
    const odd = event('survey.declared', '04-12', { issued: 1, collected: 5_000, questions: [first!, first!] }, 'a');
    expect(codes(surveyOf([odd])!.findings)).toEqual([
      ['survey.more-forms-than-issued', undefined],
      ['survey.question-twice', 'cau-1'],
    ]);
    expect(surveyOf([odd, { ...declared, id: 'b' }])?.findings.at(-1)).toEqual({
      code: 'survey.told-differently',
      event: { source: 'urn:test', id: 'b' },
    });
    expect(codes(surveyOf([declared, { ...declared, id: 't' }])!.findings)).toEqual(codes(survey.findings));
  });

  it('goes when it is taken back', () => {
    expect(surveyOf([declared, corrected('s', '01-01')])).toBeUndefined();
  });
});

describe('the staff of a unit', () => {
  it('is as last declared up to the instant', () => {
    const events = [
      event('staff-standard.declared', '06-01', { staff: 20, meeting: 19 }),
      event('staff-standard.declared', '02-01', { staff: 20, meeting: 15 }, 'a'),
    ];
    expect(staffStandardAt(events, at('01-31'))).toBeUndefined();
    expect(['02-01', '05-31', '06-01', '12-01'].map((day) => staffStandardAt(events, at(day))?.meeting)).toEqual([15, 15, 19, 19]);
    expect(staffStandardAt([...events, corrected('a')], at('05-31'))).toBeUndefined();
  });

  it('of which more meet the standard than there are is a finding', () => {
    const odd = event('staff-standard.declared', '02-01', { staff: 20, meeting: 21 }, 'x');
    expect(staffStandardAt([odd], at('03-01'))).toMatchObject({
      staff: 20,
      meeting: 21,
      findings: [{ code: 'staff-standard.more-than-staff', event: { source: 'urn:test', id: 'x' } }],
    });
  });
});

describe('an assessment', () => {
  const score = (year: number, day: string, awarded: number, id?: string) =>
    event('assessment.published', day, { year, framework: 'qd-1963-2021', awarded, applicable: 95_000 }, id);

  it('of a year is its latest publication, whenever that was', () => {
    const events = [score(2021, '03-01', 80_000), score(2021, '02-01', 70_000), score(2020, '12-01', 60_000)];
    expect(assessmentOf(events, 2021)).toMatchObject({ year: 2021, awarded: 80_000, applicable: 95_000, findings: [] });
    expect(assessmentOf(events, 2020)?.awarded).toBe(60_000);
    expect(assessmentOf(events, 2019)).toBeUndefined();
  });

  it('of more points than its criteria can give is a finding', () => {
    expect(codes(assessmentOf([score(2021, '03-01', 95_001)], 2021)!.findings)).toEqual([['assessment.more-than-applicable', undefined]]);
    expect(codes(assessmentOf([score(2021, '03-01', 95_000)], 2021)!.findings)).toEqual([]);
  });
});

describe('a ranking', () => {
  const ranking = (peers: number, scores: RankedPeer[], day = '03-01', year = 2021) =>
    event('ranking.published', day, { year, peers, scores });
  const peer = (code: string, score: number, rank?: number): RankedPeer => ({ code, score, ...(rank !== undefined && { rank }) });

  it('of 2021 has Huế second of nine with 84.186 points, as published, since five scores are not known', () => {
    const report = published('par-index-2021-districts.json') as { units: number; known: { rank: number; unit: string; score: number }[] };
    const code: Record<string, string> = {
      'Thành phố Huế': '474',
      'Thị xã Hương Trà': '480',
      'Huyện A Lưới': '481',
      'Huyện Nam Đông': '483',
    };
    const scores = report.known.map(({ unit, score, rank }) => peer(code[unit]!, Math.round(score * 1_000), rank));
    const told = ranking(report.units, scores);
    expect(rankingOf([told], 2021, '474')).toMatchObject({ peers: 9, score: 84_186, rank: 2, findings: [] });
    // Without the published rank nobody knows it: five districts may be ahead.
    expect(
      rankingOf(
        [
          ranking(
            9,
            scores.map(({ code: c, score }) => peer(c, score)),
          ),
        ],
        2021,
        '474',
      ),
    ).not.toHaveProperty('rank');
    expect(rankingOf([told], 2020, '474')).toBeUndefined();
    const stranger = rankingOf([told], 2021, '476')!;
    expect(stranger).not.toHaveProperty('score');
    expect(codes(stranger.findings)).toEqual([['ranking.city-not-listed', '476']]);
  });

  it('is a competition rank on unrounded scores where all are known', () => {
    const told = ranking(4, [peer('a', 90_000), peer('b', 84_186), peer('c', 84_186), peer('d', 84_185)]);
    expect(['a', 'b', 'c', 'd'].map((code) => rankingOf([told], 2021, code)?.rank)).toEqual([1, 2, 2, 4]);
  });

  it('by scores holds against a published rank that does not fit', () => {
    const told = ranking(3, [peer('a', 3, 1), peer('b', 2, 3), peer('c', 1, 3)]);
    expect(rankingOf([told], 2021, 'b')).toMatchObject({ rank: 2 });
    expect(codes(rankingOf([told], 2021, 'b')!.findings)).toEqual([['ranking.rank-differs', 'b']]);
  });

  it('as published may be anything that the scores not known leave open', () => {
    const faults = (rank: number) => codes(declaredFindings([ranking(4, [peer('a', 3, 1), peer('b', 2, rank)])]));
    expect([1, 2, 3, 4, 5].map((rank) => faults(rank).length)).toEqual([1, 0, 0, 0, 1]);
  });

  it('is the latest publication of the year', () => {
    const events = [ranking(2, [peer('a', 2), peer('b', 1)], '05-01'), ranking(2, [peer('a', 1), peer('b', 2)], '04-01')];
    expect(rankingOf(events, 2021, 'a')?.rank).toBe(1);
  });

  it('names a peer that stands twice and peers beyond their number', () => {
    const told = ranking(1, [peer('a', 2), peer('a', 5), peer('b', 1)]);
    expect(rankingOf([told], 2021, 'a')).toMatchObject({ score: 2, rank: 1 });
    expect(codes(declaredFindings([told]))).toEqual([
      ['ranking.more-peers-than-told', undefined],
      ['ranking.peer-twice', 'a'],
    ]);
  });
});

describe('the set that an event belongs to', () => {
  const key = (name: Name, subject: string) => declaredKey({ type: `vn.par.${name}.v1`, subject }, (id) => id === 'u' || id === 'hue');
  it('is one for each unit or record, a correction standing with what it corrects', () => {
    for (const name of [
      'paper-work.declared',
      'secret-count.declared',
      'staff-standard.declared',
      'assessment.published',
      'declaration.corrected',
    ] as const)
      expect(key(name, 'u')).toBe('declared:unit/u');
    expect(key('ranking.published', 'hue')).toBe('declared:unit/hue');
    for (const name of [
      'inspection.completed',
      'function-review.planned',
      'function-review.completed',
      'survey.declared',
      'declaration.corrected',
    ] as const)
      expect(key(name, 'kt/1')).toBe('declared:record/kt/1');
    expect(() => key('dossier.received', 'x')).toThrow('vn.par.dossier.received.v1 is not declared');
  });
});

describe('any set of declarations', () => {
  const id = fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8');
  const day = fc.constantFrom('01-01', '04-01', '08-01');
  const period = fc.constantFrom('2021', '2021-Q1', '2021-01', '2021-03', '2021-12');
  const unit = fc.constantFrom('one', 'two');
  const anyEvent: fc.Arbitrary<KeptEvent> = fc.oneof(
    fc.tuple(period, fc.nat(9), day, id).map(([...all]) => paper(...all)),
    fc.tuple(period, fc.nat(9), day, id).map(([...all]) => secret(...all)),
    fc.tuple(day, id, unit).map(([when, i, who]) => event('inspection.completed', when, { subjects: ['reform'] }, i, who)),
    fc.tuple(day, id, unit).map(([when, i, who]) => event('function-review.planned', when, {}, i, who)),
    fc.tuple(day, id, unit).map(([when, i, who]) => event('function-review.completed', when, {}, i, who)),
    fc.tuple(day, id, fc.nat(9)).map(([when, i, n]) => event('staff-standard.declared', when, { staff: 5, meeting: n }, i)),
    fc.tuple(day, id, fc.nat(9)).map(([when, i, n]) => {
      const questions = [{ question: 'a', scale: 'other' as const, best: n, middle: 1, worst: 1 }];
      return event('survey.declared', when, { issued: 5, collected: 6, questions }, i);
    }),
    fc
      .tuple(day, id, fc.nat(9))
      .map(([when, i, n]) => event('assessment.published', when, { year: 2021, framework: 'f', awarded: n, applicable: 5 }, i)),
    fc
      .tuple(day, id, fc.nat(9))
      .map(([when, i, n]) => event('ranking.published', when, { year: 2021, peers: 2, scores: [{ code: 'a', score: n, rank: 1 }] }, i)),
    fc.tuple(id, day, id).map(([target, when, i]) => corrected(target, when, i)),
  );
  const all = (events: readonly KeptEvent[]) => ({
    paper: paperWorkOf(events),
    secret: secretCountOf(events),
    inspection: inspectionOf(events),
    review: reviewOf(events),
    survey: surveyOf(events),
    staff: staffStandardAt(events, at('05-01')),
    assessment: assessmentOf(events, 2021),
    ranking: rankingOf(events, 2021, 'a'),
    findings: declaredFindings(events),
  });

  it('gives the same in any order, with any duplicates', () => {
    const shuffled = fc
      .array(anyEvent, { maxLength: 10 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })));
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(all(structuredClone(other))).toEqual(all(list));
        for (const { code } of declaredFindings(list)) expect(DECLARED_FINDING_LABELS).toHaveProperty([code]);
      }),
      { numRuns: 400 },
    );
  });
});
