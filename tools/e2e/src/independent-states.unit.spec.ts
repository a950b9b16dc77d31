import { describe, expect, it } from '@jest/globals';
import { type ProducerEvent, type RankedPeer } from '@par/contracts';
import { at, event, figure, figuresOf } from './independent-case.ts';

const published = (code: string, level: number, hours?: number, unit = 'd1'): ProducerEvent =>
  event(
    'vn.par.procedure.published.v1',
    code,
    at('01-02'),
    {
      level: { scheme: '1-4', level },
      ...(hours === undefined ? {} : { term: { amount: hours, unit: 'working-hour' as const } }),
    },
    { unit },
  );

describe('the catalogue by the independent calculation', () => {
  it('counts levels among the procedures in force: 4b by both readings', () => {
    const figures = figuresOf(
      published('p1', 4),
      published('p2', 3),
      published('p3', 2),
      published('p4', 2),
      event('vn.par.procedure.level-changed.v1', 'p3', at('10-01'), { level: { scheme: '2022', level: 3 } }),
      event('vn.par.procedure.abolished.v1', 'p4', at('11-01'), {}),
    );
    expect(figure(figures, 'G4-L34', '*', 'd1', '2021-09')).toBe('2/4');
    expect(figure(figures, 'G4-L34', '*')).toBe('3/3');
    expect(figure(figures, 'G4-L4', 'of-all', 'city', '2021-09')).toBe('1/4');
    expect(figure(figures, 'G4-L4', 'of-level-3-4', 'city', '2021-09')).toBe('1/2');
    expect(figure(figures, 'G4-L4', 'of-all')).toBe('2/3');
  });

  it('counts a cut that makes a term shorter, and one of a term that was not known', () => {
    const cut = (code: string, amount: number, unit: 'working-day' | 'working-hour', time = at('03-01')): ProducerEvent =>
      event('vn.par.procedure.term-cut.v1', code, time, { term: { amount, unit } }, { unit: 'd1' });
    const figures = figuresOf(
      published('p1', 3, 16),
      published('p2', 3, 16),
      published('p3', 3),
      published('p4', 3, 16),
      published('p5', 3, 16),
      cut('p1', 1, 'working-day'),
      cut('p2', 2, 'working-day'),
      cut('p3', 5, 'working-day'),
      cut('p4', 1, 'working-day', at('2022-01-03')),
      cut('p5', 20, 'working-hour'),
      cut('p5', 18, 'working-hour', at('05-01')),
    );
    expect(figure(figures, 'G1-CUT', '*')).toBe('3/5');
    expect(figure(figures, 'G1-CUT', '*', 'city', '2021-02')).toBe('0/5');
  });

  it('counts ISO processes in force', () => {
    const iso = (code: string, what: 'issued' | 'withdrawn', time: string): ProducerEvent =>
      event(`vn.par.procedure.iso-${what}.v1`, code, time, {}, { unit: 'd1' });
    const figures = figuresOf(
      published('p1', 3),
      published('p2', 3),
      iso('p1', 'issued', at('02-01')),
      iso('p2', 'issued', at('02-01')),
      iso('p2', 'withdrawn', at('03-15')),
    );
    expect(figure(figures, 'G8-ISO', '*', 'city', '2021-02')).toBe('2/2');
    expect(figure(figures, 'G8-ISO', '*')).toBe('1/2');
  });

  it('forgets a change that was taken back', () => {
    const raised = event('vn.par.procedure.level-changed.v1', 'p1', at('02-01'), { level: { scheme: '1-4', level: 4 } });
    const { source, id } = raised;
    const corrected = event('vn.par.procedure.corrected.v1', 'p1', at('02-02'), { source, id, reason: 'wrong-subject' });
    expect(figure(figuresOf(published('p1', 2), raised, corrected), 'G4-L34', '*')).toBe('0/1');
  });
});

describe('units by the independent calculation', () => {
  it('takes the latest staff of the units in force', () => {
    const staff = (unit: string, time: string, meeting: number): ProducerEvent =>
      event('vn.par.staff-standard.declared.v1', unit, time, { staff: 10, meeting }, { unit });
    const figures = figuresOf(staff('w1', at('04-01'), 7), staff('w1', at('11-01'), 9), staff('w3', at('04-01'), 5));
    expect(figure(figures, 'G2-STD', '*')).toBe('9/10');
    expect(figure(figures, 'G2-STD', '*', 'city', '2021-05')).toBe('12/20');
  });

  it('asks for traffic on both systems in the period', () => {
    const figures = figuresOf(
      event('vn.par.dossier.received.v1', '000.01.33.H57-210301-0001', at('03-01'), { channel: 'counter' }, { unit: 'd1' }),
      event('vn.par.work-dossier.completed.v1', 'x', at('04-01'), {}, { unit: 'd1' }),
    );
    expect(figure(figures, 'G3-SYS', '*')).toBe('1/4');
    expect(figure(figures, 'G3-SYS', '*', 'd1', '2021-04')).toBe('0/1');
  });

  it('hears an office by its documents too', () => {
    const figures = figuresOf(
      event('vn.par.dossier.received.v1', '000.01.33.H57-210301-0001', at('03-01'), { channel: 'counter' }, { unit: 'd1' }),
      event('vn.par.document.drafted.v1', 'x', at('04-01'), {}, { unit: 'd1' }),
    );
    expect(figure(figures, 'G3-SYS', '*')).toBe('1/4');
  });

  it('counts accepted connections of the agencies in force', () => {
    const accepted = (unit: string, time: string): ProducerEvent =>
      event('vn.par.network.connection-accepted.v1', unit, time, {}, { unit });
    const figures = figuresOf(
      accepted('d1', at('01-04')),
      accepted('w1', at('01-04')),
      accepted('w3', at('01-04')),
      event('vn.par.network.connection-lost.v1', 'w1', at('08-01'), { reason: 'moved' }, { unit: 'w1' }),
    );
    expect(figure(figures, 'G6-NET', '*', 'city', '2021-06')).toBe('3/5');
    expect(figure(figures, 'G6-NET', '*', 'city', '2021-07')).toBe('2/4');
    expect(figure(figures, 'G6-NET', '*')).toBe('1/4');
  });

  it('counts inspected units, with or without those that became part of them, and schools beside', () => {
    const inspected = (n: number, unit: string, time: string): ProducerEvent =>
      event('vn.par.inspection.completed.v1', `kt-${n}`, time, { subjects: ['reform'] }, { unit });
    const wrong = inspected(5, 'd2', at('09-01'));
    const { source, id } = wrong;
    const figures = figuresOf(
      inspected(1, 'd1', at('03-01')),
      inspected(2, 'd1', at('09-01')),
      inspected(3, 'w3', at('05-01')),
      inspected(4, 'school', at('10-01')),
      wrong,
      event('vn.par.declaration.corrected.v1', 'kt-5', at('09-02'), { source, id, reason: 'wrong-unit' }),
    );
    const rules = ['of-units', 'with-predecessors', 'departments-only', 'wards-only'];
    expect(rules.map((rule) => figure(figures, 'G7-INSP', rule, 'city', '2021-06'))).toEqual(['2/5', '2/5', '1/2', '1/3']);
    expect(rules.map((rule) => figure(figures, 'G7-INSP', rule))).toEqual(['1/4', '2/4', '1/2', '0/2']);
    expect(figure(figures, 'G7-INSP-X', '*')).toBe('1/1');
    expect(figure(figures, 'G7-INSP-X', '*', 'city', '2021-06')).toBe('none');
  });

  it('counts units with a score for the year, whenever it was published', () => {
    const score = (unit: string, year: number): ProducerEvent =>
      event('vn.par.assessment.published.v1', unit, at('2022-01-05'), { year, framework: 'f', awarded: 1, applicable: 2 }, { unit });
    const figures = figuresOf(score('d1', 2021), score('d2', 2020), score('w1', 2021));
    expect(figure(figures, 'G9-EVAL', '*')).toBe('2/4');
  });
});

describe('goal 10 by the independent calculation', () => {
  const ranking = (peers: number, ...scores: RankedPeer[]): ProducerEvent =>
    event('vn.par.ranking.published.v1', 'city', at('2022-01-05'), { year: 2021, peers, scores }, { unit: 'city' });
  const own = { code: '474', score: 84_186 };

  it('ranks among all, ties alike, where every score is known', () => {
    const figures = figuresOf(ranking(4, { code: '1', score: 90_000 }, { code: '2', score: 90_000 }, own, { code: '3', score: 84_186 }));
    expect(figure(figures, 'G10-RANK', '*')).toBe('3/4');
    expect(figure(figures, 'G10-BAND', '*')).toBe('84186/100000');
  });

  it('takes the published rank where scores are missing, and has none where nobody told it', () => {
    expect(figure(figuresOf(ranking(9, { code: '480', score: 87_170 }, { ...own, rank: 2 })), 'G10-RANK', '*')).toBe('2/9');
    expect(figure(figuresOf(ranking(9, own)), 'G10-RANK', '*')).toBe('none');
  });

  it('falls back to the assessment of the city', () => {
    const data = { year: 2021, framework: 'f', awarded: 80_000, applicable: 95_000 };
    const assessment = event('vn.par.assessment.published.v1', 'city', at('2022-01-05'), data, { unit: 'city' });
    expect(figure(figuresOf(assessment), 'G10-BAND', '*')).toBe('80000/95000');
    expect(figure(figuresOf(assessment, ranking(9, { code: '480', score: 87_170 })), 'G10-BAND', '*')).toBe('80000/95000');
    expect(figure(figuresOf(assessment), 'G10-RANK', '*')).toBe('none');
  });
});
