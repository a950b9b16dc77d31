import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { balanceDay, type AnyEvent, type CloudEvent } from '@par/contracts';
import { Clock, Database } from '@par/service-kit';
import { identityHash, hashToHex, BalanceSheet, IdentitySource } from '@par/messaging';
import { PublishStateFigures } from './publish-state-figures/publish-state-figures.timer.ts';
import { SpecScoring, specEvent } from './spec-scoring.ts';

type FigureChanged = CloudEvent<'vn.par.figure.changed.v1'>;

describe('what index-scoring published', () => {
  let scoring: SpecScoring;
  let sql: Database;
  let names: IdentitySource;
  /** As the outbox had them, which nothing empties here: there is no broker. */
  let published: FigureChanged[];

  beforeAll(async () => {
    scoring = await SpecScoring.start();
    sql = scoring.app.get(Database);
    names = scoring.app.get(IdentitySource);
    for (let n = 1; n <= 4; n += 1) {
      const at = (hour: number): string => `2021-07-0${n}T0${hour}:00:00.000Z`;
      await scoring.count([
        specEvent(`D-${n}`, 'dossier.received', at(1), { procedure: '1.000001', channel: 'direct', due: at(9) }),
        specEvent(`D-${n}`, 'dossier.result-ready', at(2), {}),
        specEvent(`D-${n}`, 'dossier.returned', at(3), { channel: 'direct' }),
      ]);
    }
    await scoring.app.get(PublishStateFigures).publishChanged();
    const rows = await sql.query<{ body: string }>(`SELECT body FROM messaging.outbox WHERE body LIKE '%figure.changed%'`);
    const events = rows.flatMap(({ body }) => JSON.parse(body) as AnyEvent | AnyEvent[]);
    published = events.filter((event) => event.type === 'vn.par.figure.changed.v1');
  });
  afterAll(() => scoring.stop());

  it('is named as it stands on the sheet, counters and states alike', async () => {
    expect(published.some(({ data }) => data.period === 'now')).toBe(true);
    expect(published.some(({ data }) => data.period === '2021-07' && data.revision > 1)).toBe(true);
    const lines = (await scoring.app.get(BalanceSheet).lines()).filter(({ direction }) => direction === 'out');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const identities = await names.identities(line);
      const hash = hashToHex(identities.reduce((sum, identity) => sum ^ identityHash(identity), 0n));
      expect({ unit: line.unit, count: identities.length, hash }).toEqual({ unit: line.unit, count: line.count, hash: line.hash });
    }
  });

  it('can be published again: the newest of each figure as it was, an older one without the event counted last', async () => {
    const newest = new Map<string, number>();
    for (const { subject, data } of published) newest.set(subject, Math.max(newest.get(subject) ?? 0, data.revision));
    for (const event of published) {
      const line = { origin: 'index-scoring', type: event.type, unit: event.unit, day: balanceDay(event) };
      const [again] = await names.sent(line, [event]);
      const { lastEvent, ...older } = event.data;
      expect(again).toEqual(newest.get(event.subject) === event.data.revision ? event : { ...event, data: older });
      expect(lastEvent === undefined).toBe(event.data.period === 'now' || event.data.period.length === 4);
    }
  });

  it('and what it took in are named for many lines at once as for one', async () => {
    const lines = ['dossier.received', 'dossier.returned', 'unit.opened'].flatMap((name) =>
      ['2021-07-01', '2021-07-02', '2021-01-01'].map((day) => ({
        origin: 'dossier-intake',
        type: `vn.par.${name}.v1`,
        unit: 'hue-phong-noi-vu',
        day,
      })),
    );
    const together = await names.takenIn(lines);
    for (const [index, line] of lines.entries()) expect(together[index]).toEqual(await names.identities({ direction: 'in', ...line }));
    expect(together.map((found) => found.length)).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 1]);
  });

  it('is not made up: what never left is not published', async () => {
    const day = scoring.app.get(Clock).now().toISOString().slice(0, 10);
    const line = { origin: 'index-scoring', type: 'vn.par.figure.changed.v1', unit: 'hue-phong-noi-vu', day };
    expect(await names.sent(line, [{ source: 'urn:par:index-scoring', id: `${published[0]!.subject}:999` }])).toEqual([]);
  });
});
