import { describe, expect, it } from '@jest/globals';
import { type ProducerEvent } from '@par/contracts';
import { at, cityEvents, dossier, event, figure, figuresOf } from './independent-case.ts';
import { IndependentFigures } from './independent-figures.ts';

const CODE = '000.01.33.H57-210301-0001';
const level = (amount: number, scheme: '1-4' | '2022' = '1-4') => ({ level: { scheme, level: amount } });

describe('G4-ONLINE by the independent calculation', () => {
  const rules = ['of-finished', 'of-online-procedures', 'received-online', 'of-received'];
  const online = (...events: ProducerEvent[]): string => {
    const figures = figuresOf(...events);
    return rules.map((rule) => figure(figures, 'G4-ONLINE', rule)).join(' ');
  };
  const bothWays = (received: Record<string, unknown>, returned: Record<string, unknown> = { channel: 'online' }): ProducerEvent[] =>
    dossier(CODE, ['received', at('03-01'), received], ['result-ready', at('03-02')], ['returned', at('04-02'), returned]);

  it.each([
    ['both ways online, level told', bothWays({ channel: 'online', onlineLevel: 3 }), '1/1 1/1 1/1 1/1'],
    ['level not known', bothWays({ channel: 'online' }), '1/1 none 1/1 1/1'],
    ['level known to be too low', bothWays({ channel: 'online', onlineLevel: 2 }), '0/1 none 1/1 0/1'],
    ['result fetched at the counter', bothWays({ channel: 'online', onlineLevel: 4 }, { channel: 'counter' }), '0/1 0/1 1/1 0/1'],
    ['returned, nobody says how', bothWays({ channel: 'online', onlineLevel: 4 }, { electronic: true }), '0/1 0/1 1/1 0/1'],
    ['brought by hand', bothWays({ channel: 'counter', onlineLevel: 4 }), '0/1 0/1 0/1 0/1'],
    ['in process', dossier(CODE, ['received', at('03-01'), { channel: 'online' }]), 'none none 1/1 0/1'],
    ['only the return is known', dossier(CODE, ['returned', at('03-01'), { channel: 'online' }]), '0/1 none none none'],
  ])('%s', (_, events, expected) => {
    expect(online(...events)).toBe(expected);
  });

  it('takes the level that the catalogue had at the receipt', () => {
    const published = event('vn.par.procedure.published.v1', '1.000001', at('01-02'), level(2));
    const raised = event('vn.par.procedure.level-changed.v1', '1.000001', at('03-01', '09:00'), level(3));
    const early = bothWays({ channel: 'online', procedure: '1.000001' });
    expect(online(published, raised, ...early)).toBe('0/1 none 1/1 0/1');
    const schemeOf2022 = event('vn.par.procedure.level-changed.v1', '1.000001', at('02-01'), level(2, '2022'));
    expect(online(published, schemeOf2022, ...early)).toBe('1/1 1/1 1/1 1/1');
  });

  it('counts a result in the month in which it was ready and a receipt in its own', () => {
    const figures = figuresOf(
      ...dossier(CODE, ['received', at('02-28', '23:59'), { channel: 'online' }], ['result-ready', at('03-01', '00:00')]),
    );
    expect(figure(figures, 'G4-ONLINE', 'received-online', 'w1', '2021-02')).toBe('1/1');
    expect(figure(figures, 'G4-ONLINE', 'of-finished', 'w1', '2021-03')).toBe('0/1');
  });
});

describe('whose a dossier is', () => {
  const finished = (extra: Record<string, unknown>): ProducerEvent[] =>
    dossier(
      CODE,
      ['received', at('03-01'), { channel: 'online', due: at('03-03'), ...extra }, { unit: 'one-stop' }],
      ['result-ready', at('03-02'), {}, { unit: 'd1' }],
      ['rated', at('03-02'), { questionSet: 's', answers: [{ question: 'q1', grade: 'satisfied' }] }, { unit: 'one-stop' }],
    );

  it('is the unit that has to settle it, else the one that took it in', () => {
    expect(figure(figuresOf(...finished({ responsible: 'd2' })), 'G1-ONTIME', 'due-date', 'd2')).toBe('1/1');
    expect(figure(figuresOf(...finished({})), 'G1-ONTIME', 'due-date', 'one-stop')).toBe('1/1');
  });

  it('shows a body of the province beside the city and in no total, by four indicators alone', () => {
    const figures = figuresOf(
      ...finished({ responsible: 'land' }),
      event('vn.par.work-dossier.step-taken.v1', CODE, at('03-01', '09:00'), { step: 'x', medium: 'network' }, { unit: 'land' }),
      event('vn.par.work-dossier.completed.v1', CODE, at('03-01', '10:00'), {}, { unit: 'land' }),
      event('vn.par.procedure.published.v1', '1.000009', at('01-02'), level(4), { unit: 'land' }),
    );
    const rows = figures.rows('2021').filter(({ indicator }) => !/^G[3679]/.test(indicator) || indicator === 'G6-NET-DOSSIER');
    expect(new Set(rows.map(({ indicator, unit, beside }) => `${indicator} ${unit} ${beside}`))).toEqual(
      new Set(['G1-ONTIME land true', 'G4-ONLINE land true']),
    );
  });

  it('reads an official code as the unit that had it that day', () => {
    const received = (code: string, time: string): ProducerEvent =>
      event('vn.par.dossier.received.v1', CODE, time, { channel: 'online' }, { unit: code });
    expect(figure(figuresOf(received('19771', at('06-30'))), 'G4-ONLINE', 'received-online', 'w3')).toBe('1/1');
    expect(() => figuresOf(received('19771', at('07-01')))).toThrow('no unit has the code 19771');
  });
});

describe('G4-SAT by the independent calculation', () => {
  const rated = (time: string, grades: string[]): ProducerEvent[] =>
    dossier(CODE, ['rated', time, { questionSet: 's', answers: grades.map((grade, n) => ({ question: `q${n}`, grade })) }]);

  it('counts the latest answers of an applicant, once', () => {
    const figures = figuresOf(
      ...rated(at('03-01'), ['not-satisfied', 'not-satisfied']),
      ...rated(at('04-01'), ['very-satisfied', 'satisfied', 'not-satisfied']),
    );
    expect(figure(figures, 'G4-SAT', 'upper-two-grades')).toBe('2/3');
    expect(figure(figures, 'G4-SAT', 'best-only')).toBe('1/3');
    expect(figure(figures, 'G4-SAT', 'upper-two-grades', 'w1', '2021-03')).toBe('none');
  });

  it('adds the answers of a survey, its other scales left out by one rule', () => {
    const questions = [
      { question: 'a', scale: 'satisfaction' as const, best: 5, middle: 3, worst: 2 },
      { question: 'b', scale: 'other' as const, best: 1, middle: 8, worst: 1 },
    ];
    const survey = event('vn.par.survey.declared.v1', 'ks-1', at('03-29'), { issued: 12, collected: 10, questions });
    const figures = figuresOf(survey);
    expect(figure(figures, 'G4-SAT', 'upper-two-grades')).toBe('17/20');
    expect(figure(figures, 'G4-SAT', 'satisfaction-scale-only')).toBe('8/10');
    expect(figure(figures, 'G4-SAT', 'best-only')).toBe('6/20');
    const { source, id } = survey;
    const takenBack = event('vn.par.declaration.corrected.v1', 'ks-1', at('03-30'), { source, id, reason: 'wrong-content' });
    expect(figure(figuresOf(survey, takenBack), 'G4-SAT', 'upper-two-grades')).toBe('none');
  });
});

describe('G5-REVIEW by the independent calculation', () => {
  it('counts plans in their month, and a completion without a plan not at all', () => {
    const planned = (id: string): ProducerEvent => event('vn.par.function-review.planned.v1', id, at('03-15'), {}, { unit: 'd1' });
    const completed = (id: string): ProducerEvent => event('vn.par.function-review.completed.v1', id, at('05-15'), {}, { unit: 'd1' });
    const figures = figuresOf(planned('r1'), planned('r2'), completed('r1'), completed('r3'));
    expect(figure(figures, 'G5-REVIEW', '*', 'd1', '2021-03')).toBe('1/2');
    expect(figure(figures, 'G5-REVIEW', '*', 'd1', '2021-05')).toBe('none');
  });
});

describe('G6-WORK by the independent calculation', () => {
  const work = (subject: string, unit: string, media: ('network' | 'paper')[], isCompleted = true): ProducerEvent[] => [
    ...media.map((medium) => event('vn.par.work-dossier.step-taken.v1', subject, at('03-01'), { step: 'Bước', medium }, { unit })),
    ...(isCompleted ? [event('vn.par.work-dossier.completed.v1', subject, at('03-02'), {}, { unit })] : []),
  ];
  const paper = (unit: string, period: string, count: number, time = at('2022-01-04')): ProducerEvent =>
    event('vn.par.paper-work.declared.v1', unit, time, { period, count }, { unit });

  it('asks every step of a closed work dossier to be on the network, and at least one', () => {
    const figures = figuresOf(
      ...work('a', 'd1', ['network', 'network']),
      ...work('b', 'd1', ['network', 'paper']),
      ...work('c', 'd1', []),
      ...work('d', 'd1', ['network'], false),
      ...work('e', 'w1', ['network']),
      ...work('f', 'school', ['network']),
    );
    expect(figure(figures, 'G6-WORK-CITY', '*')).toBe('1/3');
    expect(figure(figures, 'G6-WORK-WARD', '*')).toBe('1/1');
  });

  it('adds counts from paper: months, and what a quarter and the year leave of them', () => {
    const figures = figuresOf(
      paper('w1', '2021-01', 2),
      paper('w1', '2021-02', 3, at('03-01')),
      paper('w1', '2021-02', 4, at('03-02')),
      paper('w1', '2021-Q1', 10),
      paper('w1', '2021-Q2', 5),
      paper('w1', '2021-04', 7),
      paper('w1', '2021', 30),
    );
    const inMonth = (month: string): string => figure(figures, 'G6-WORK-WARD', '*', 'w1', `2021-${month}`);
    expect(['01', '02', '03', '04', '06', '12'].map(inMonth)).toEqual(['0/2', '0/4', '0/4', '0/7', 'none', '0/13']);
    expect(figure(figures, 'G6-WORK-WARD', '*')).toBe('0/30');
  });

  it('tells state secrets beside the year and counts them on neither side', () => {
    const secret = (unit: string, period: string, count: number): ProducerEvent =>
      event('vn.par.secret-count.declared.v1', unit, at('2022-01-04'), { period, count }, { unit });
    const figures = figuresOf(
      ...work('a', 'd1', ['network']),
      secret('d1', '2021-Q1', 2),
      secret('d2', '2021', 3),
      secret('w1', '2021', 4),
    );
    const row = (unit: string, period: string) =>
      figures.rows(period).find((each) => each.indicator === 'G6-WORK-CITY' && each.unit === unit);
    expect(row('city', '2021')).toMatchObject({ numerator: 1, denominator: 1, secretExcluded: 5 });
    expect(row('d1', '2021')).toMatchObject({ secretExcluded: 2 });
    expect(row('city', '2021-03')).toMatchObject({ secretExcluded: 0 });
  });
});

describe('G6-NET-DOSSIER by the independent calculation', () => {
  it('asks every message of a dossier with a result to come over the dedicated network', () => {
    const events = [
      ...cityEvents(),
      ...dossier(CODE, ['received', at('03-01'), { channel: 'online' }], ['result-ready', at('03-02')]),
      event('vn.par.work-dossier.step-taken.v1', CODE, at('03-01'), { step: 'Bước', medium: 'network' }),
    ];
    expect(figure(new IndependentFigures(events), 'G6-NET-DOSSIER', '*')).toBe('1/1');
    const overInternet = new IndependentFigures(events, ({ type }) => !type.startsWith('vn.par.work-dossier.'));
    expect(figure(overInternet, 'G6-NET-DOSSIER', '*')).toBe('0/1');
  });
});
