import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnyEvent, type FigureRow } from '@par/contracts';
import type { FastifyReply } from 'fastify';
import { ExplainFigureController } from '../explain-figure/explain-figure.controller.ts';
import { ShowFiguresController } from '../show-figures/show-figures.controller.ts';
import { RecountSubjects } from '../recount-subjects/recount-subjects.timer.ts';
import { SpecScoring, specEvent } from '../spec-scoring.ts';
import { ShowScoresController } from './show-scores.controller.ts';

const DUE = '2021-07-09T01:00:00.000Z';

/** Decision 766/QĐ-TTg as a second plan, switched on by its name: what the sources give is computed, what they leave open is said to be open. */
describe('the plan of Decision 766 beside the city’s own', () => {
  let scoring: SpecScoring;
  const plans = process.env.PLANS;

  beforeAll(async () => {
    process.env.PLANS = 'hue-2021,qd-766-2022';
    scoring = await SpecScoring.start();
    const published = (code: string, level: object): AnyEvent =>
      specEvent(code, 'procedure.published', '2021-01-01T00:00:00.000Z', { level }, { unit: 'hue' });
    await scoring.count([
      published('1.000001', { scheme: '1-4', level: 4 }),
      published('1.000002', { scheme: '2022', level: 2 }),
      published('1.000003', { scheme: '1-4', level: 2 }),
    ]);
    for (const each of [inTime, late, waitedInTime, askedTwice, openInTime, openLate]) await scoring.count(each);
    await scoring.app.get(RecountSubjects).recountSome();
  }, 60_000);

  afterAll(async () => {
    if (plans === undefined) delete process.env.PLANS;
    else process.env.PLANS = plans;
    await scoring.stop();
  });

  const dossier = (n: number, due: string | undefined, ...rest: [name: string, time: string, data?: object][]): AnyEvent[] => {
    const code = `H57.132-210705-000${n}`;
    const receipt = { channel: 'online', procedure: '1.000001', ...(due === undefined ? {} : { due }) };
    return [
      specEvent(code, 'dossier.received', '2021-07-05T01:00:00.000Z', receipt),
      ...rest.map(([name, time, data]) => specEvent(code, `dossier.${name}`, time, data ?? {})),
    ];
  };
  const inTime = dossier(
    1,
    DUE,
    ['fee-requested', '2021-07-05T02:00:00.000Z'],
    ['fee-paid', '2021-07-05T02:30:00.000Z', { channel: 'online' }],
    ['result-ready', '2021-07-08T01:00:00.000Z'],
    ['returned', '2021-07-08T02:00:00.000Z', { channel: 'online', electronic: true }],
  );
  const late = dossier(
    2,
    DUE,
    ['result-ready', '2021-07-12T01:00:00.000Z'],
    ['returned', '2021-07-12T02:00:00.000Z', { channel: 'counter' }],
  );
  /** Four days late, five of them waited. */
  const waitedInTime = dossier(
    3,
    DUE,
    ['supplement-requested', '2021-07-06T01:00:00.000Z'],
    ['supplemented', '2021-07-11T01:00:00.000Z'],
    ['result-ready', '2021-07-13T01:00:00.000Z'],
  );
  const askedTwice = dossier(
    4,
    DUE,
    ['supplement-requested', '2021-07-05T03:00:00.000Z'],
    ['supplemented', '2021-07-05T04:00:00.000Z'],
    ['supplement-requested', '2021-07-05T05:00:00.000Z'],
    ['supplemented', '2021-07-05T06:00:00.000Z'],
    ['result-ready', '2021-07-06T01:00:00.000Z'],
  );
  /** Nothing ended them: judged at the end of the period. */
  const openInTime = dossier(5, '2022-02-01T01:00:00.000Z');
  const openLate = dossier(6, DUE);

  async function figure(indicator: string): Promise<string> {
    const reply = { header: () => reply } as unknown as FastifyReply;
    const body = await scoring.app.get(ShowFiguresController).show(reply, { indicator, unit: 'hue', period: '2021' });
    const rows = JSON.parse(body.toString()) as FigureRow[];
    return rows.map(({ numerator, denominator }) => `${numerator}/${denominator}`).join();
  }

  it.each([
    ['Q766-2-1', 'in time, waiting subtracted, asked once at most, open ones judged at the end of the period', '3/6'],
    ['Q766-3-1', 'procedures offered online', '2/3'],
    ['Q766-3-2', 'services offered online that had a dossier', '1/2'],
    ['Q766-3-6', 'fees paid online', '1/1'],
    ['Q766-4-1', 'electronic results', '1/2'],
  ])('%s counts %s', async (indicator, _meaning, expected) => {
    expect(await figure(indicator)).toBe(expected);
  });

  it('names the dossiers behind a figure that the clock moves too', async () => {
    const id = 'Q766-2-1.qd-766-in-time.hue.2021';
    const explain = scoring.app.get(ExplainFigureController);
    const codes = async (part: string): Promise<string[]> =>
      (await explain.explain(id, { part })).items.map(({ subject }) => subject.slice(-1));
    expect(await codes('numerator')).toEqual(['1', '3', '5']);
    expect(await codes('rest')).toEqual(['2', '4', '6']);
    const page = await explain.explain(id, { part: 'rest', limit: '2' });
    expect([page.items.length, page.next]).toEqual([2, 'H57.132-210705-0004']);
  });

  it('computes no points of what the sources leave open, and says what that is', async () => {
    const { scores } = await scoring.app.get(ShowScoresController).show({ period: '2021', unit: 'hue' });
    expect(scores.map(({ ref, max, computed }) => [ref, max, computed])).toEqual([
      ['Q766', 100, false],
      ['Q766-CKMB', 18, false],
      ['Q766-TDGQ', 20, false],
      ['Q766-CLGQ', 12, false],
      ['Q766-TTTT', 10, false],
      ['Q766-MDHL', 18, false],
      ['Q766-MDSH', 22, false],
    ]);
    const progress = scores.find(({ ref }) => ref === 'Q766-TDGQ');
    expect(progress?.computed === false && progress.reasons.map(({ code }) => code)).toContain('open-maximum');
  });

  it('leaves the city’s own goals as they are', async () => {
    expect(await figure('G1-OVERDUE')).toBe('1/2');
    expect(await figure('G4-L34')).toBe('2/3');
  });
});
