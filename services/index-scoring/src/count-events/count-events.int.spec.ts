import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent, type CloudEvent } from '@par/contracts';
import { BatchContext, type Delivery } from '@par/messaging';
import { createApplication, Database } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import fc from 'fast-check';
import { AppModule } from '../app.module.ts';
import { contributionsIn } from '../contribution-parts.ts';
import { FigureSlots } from '../figure-slots.ts';
import { FigureStore } from '../figure-store.ts';
import { AuditFiguresController } from '../audit-figures/audit-figures.controller.ts';
import { CountEventsHandler } from './count-events.handler.ts';

/** Counting with a real database: rows, not only values, must be equal whatever the order and however often events come. */
describe('counting events', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;
  let sql: Database;
  let handler: CountEventsHandler;

  beforeAll(async () => {
    database = await createDatabase('index-scoring');
    process.env.DATABASE_URL = database.url;
    process.env.AMQP_URL = 'amqp://127.0.0.1:1';
    app = await createApplication(AppModule, { service: 'index-scoring' });
    sql = app.get(Database);
    handler = app.get(CountEventsHandler);
    await count(
      hueOrganisation().map(
        (event) => ({ ...event, datacontenttype: 'application/json', received: '2021-01-01T00:00:00.000Z' }) as AnyEvent,
      ),
    );
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const deliver = (event: AnyEvent): Delivery => ({ event, origin: 'dossier-intake', attempt: 0 });

  /** One batch in one transaction, as the consumer does it; answers how many were new. */
  async function count(events: readonly AnyEvent[]): Promise<number> {
    return sql.transaction(async (tx) => {
      const context = new BatchContext(tx);
      const fresh = await handler.handle(events.map(deliver), context);
      expect(context.rejected.size).toBe(0);
      return fresh.length;
    });
  }

  function event<T extends AnyEvent['type']>(
    code: string,
    name: string,
    type: T,
    time: string,
    data: CloudEvent<T>['data'],
    network: 'tslcd' | 'internet' = 'tslcd',
  ): AnyEvent {
    return {
      specversion: '1.0',
      id: `${code}/${name}`,
      source: 'urn:spec',
      type,
      subject: code,
      time,
      unit: 'hue-19756-gia-hoi',
      received: '2021-07-10T00:00:00.000Z',
      network,
      datacontenttype: 'application/json',
      data,
    } as AnyEvent;
  }

  const eventsOf = (code: string): AnyEvent[] =>
    [
      event(code, 'received', 'vn.par.dossier.received.v1', '2021-07-05T01:00:00.000Z', {
        channel: 'online',
        due: '2021-07-06T01:00:00.000Z',
        onlineLevel: 4,
      }),
      event(code, 'ready', 'vn.par.dossier.result-ready.v1', '2021-07-06T00:00:00.000Z', {}),
      event(code, 'ready-late', 'vn.par.dossier.result-ready.v1', '2021-07-08T00:00:00.000Z', {}),
      event(code, 'correction', 'vn.par.dossier.corrected.v1', '2021-07-09T00:00:00.000Z', {
        source: 'urn:spec',
        id: `${code}/ready`,
        reason: 'wrong-time',
      }),
      event(code, 'returned', 'vn.par.dossier.returned.v1', '2021-07-08T01:00:00.000Z', { channel: 'online' }),
      event(
        code,
        'step',
        'vn.par.work-dossier.step-taken.v1',
        '2021-07-05T02:00:00.000Z',
        { step: 'In giấy', medium: 'paper' },
        'internet',
      ),
      event(code, 'completed', 'vn.par.work-dossier.completed.v1', '2021-07-08T00:00:00.000Z', {}),
      ...[1, 2].map((revision) => ({
        ...event(code, `closed-${revision}`, 'vn.par.work-dossier.closed.v1', '2021-07-08T00:00:00.000Z', {
          revision,
          state: 'closed',
          completedAt: '2021-07-08T00:00:00.000Z',
          processedOnline: revision === 1,
          reasons: revision === 1 ? [] : ['paper-step'],
          steps: revision,
          paperSteps: revision - 1,
        }),
        network: undefined,
      })),
    ] as AnyEvent[];

  /** What the tables say that a dossier gives, without who decided it. */
  const rowsOf = async (code: string): Promise<unknown[]> => {
    const slots = await app.get(FigureSlots).all();
    const parts = await sql.transaction((tx) => app.get(FigureStore).parts(tx, [`case:${code}`]));
    return contributionsIn(parts.get(`case:${code}`) ?? [], slots)
      .map(({ decidedBy: _decidedBy, ...row }) => row)
      .sort((x, y) => (`${x.indicator} ${x.rule}` < `${y.indicator} ${y.rule}` ? -1 : 1));
  };

  it('gives equal rows for every permutation of a dossier’s events, with repeats, in any batches', async () => {
    const expected = [
      ['G1-LATE', 'message-late', 0, ['late-office']],
      ['G1-LATE', 'office', 1, []],
      ['G1-LATE', 'source-clock', 0, ['late-office']],
      ['G1-LATE', 'waiting', 0, ['late-office']],
      ...['as-sent', 'by-date', 'due-date', 'first-appointment', 'ii-06a', 'opencps', 'qd-766'].map((rule) => [
        'G1-ONTIME',
        rule,
        0,
        ['finished-after-due'],
      ]),
      ['G1-ONTIME', 'without-sync-faults', 0, ['finished-after-due', 'late-office']],
      ['G4-ONLINE', 'of-finished', 1, []],
      ['G4-ONLINE', 'of-online-procedures', 1, []],
      ['G4-ONLINE', 'of-received', 1, []],
      ['G4-ONLINE', 'received-online', 1, []],
      ['G6-NET-DOSSIER', 'every-message-on-tslcd', 0, ['message-over-internet']],
      ['G6-WORK-WARD', 'every-step-on-network', 0, ['paper-step']],
    ].map(([indicator, rule, numerator, reasons]) => ({
      indicator,
      rule,
      ruleVersion: rule === 'every-step-on-network' ? 2 : 1,
      unit: 'hue-19756-gia-hoi',
      month: '2021-07',
      numerator,
      denominator: 1,
      reasons,
    }));
    let serial = 0;
    const indexes = Array.from({ length: 9 }, (_, index) => index);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(indexes, { minLength: 9 }),
        fc.array(fc.constantFrom(...indexes), { maxLength: 5 }),
        fc.integer({ min: 1, max: 14 }),
        async (order, repeats, size) => {
          serial += 1;
          const code = `H57.1-210705-${String(serial).padStart(4, '0')}`;
          const all = eventsOf(code);
          const sent = [...order, ...repeats].map((index) => all[index]!);
          let fresh = 0;
          for (let from = 0; from < sent.length; from += size) fresh += await count(sent.slice(from, from + size));
          expect(fresh).toBe(all.length);
          expect(await rowsOf(code)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
    const audit = await app.get(AuditFiguresController).audit();
    expect(audit).toMatchObject({ ok: true, differences: [], recountedSubjects: serial });
  });

  it('keeps counters, contributions and last events right whatever is taken back, in any order and batches', async () => {
    const names = ['received', 'ready', 'ready-late', 'returned', 'step', 'completed'];
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...names), { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        async (taken, keys) => {
          serial += 1;
          const code = `H57.6-210705-${String(serial).padStart(4, '0')}`;
          const corrections = taken.map((name, index) =>
            event(
              code,
              `correction-${index}`,
              /step|completed/.test(name) ? 'vn.par.work-dossier.corrected.v1' : 'vn.par.dossier.corrected.v1',
              '2021-07-09T00:00:00.000Z',
              { source: 'urn:spec', id: `${code}/${name}`, reason: 'entered-by-mistake' },
            ),
          );
          const late = event(code, 'received-again', 'vn.par.dossier.received.v1', '2021-07-04T01:00:00.000Z', { channel: 'counter' });
          const sent = [...eventsOf(code), ...corrections, late]
            .map((each, index) => ({ each, key: keys[index % Math.max(keys.length, 1)] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ each }) => each);
          for (const each of sent) await count([each]);
        },
      ),
      { numRuns: 30 },
    );
    expect((await app.get(AuditFiguresController).audit()).differences).toEqual([]);
    const slots = await app.get(FigureSlots).all();
    const before = await sql.query('SELECT indicator, rule, unit, month, last_source, last_id, last_time FROM counter ORDER BY 1, 2, 3, 4');
    await sql.transaction(async (tx) => {
      const counters = await tx.query<{ indicator: string; rule: string; unit: string; month: string }>(
        'SELECT indicator, rule, unit, month FROM counter',
      );
      await app.get(FigureStore).findLast(tx, counters, slots);
    });
    expect(
      await sql.query('SELECT indicator, rule, unit, month, last_source, last_id, last_time FROM counter ORDER BY 1, 2, 3, 4'),
    ).toEqual(before);
  });

  it('counts an event of a document once, makes no figure of it, and knows its unit by it', async () => {
    const id = '000.00.21.H57,2021/07/08,412/UBND-NV';
    const registered = event(id, 'registered', 'vn.par.document.registered.v1', '2021-08-05T01:00:00.000Z', {
      recipient: 'H57.31',
      register: 'cong-van',
    });
    const before = await sql.query('SELECT count(*)::int AS rows FROM ledger');
    expect(await count([registered, registered])).toBe(1);
    expect(await count([registered])).toBe(0);
    expect(await sql.query('SELECT count(*)::int AS rows FROM ledger')).toEqual(before);
    expect(await sql.query('SELECT events FROM subject WHERE key = $1', [`document:${id}`])).toEqual([
      { events: [expect.objectContaining({ type: 'vn.par.document.registered.v1', data: {} })] },
    ]);
    expect(await sql.query("SELECT kind FROM traffic WHERE unit = 'hue-19756-gia-hoi' AND month = '2021-08'")).toEqual([
      { kind: 'work-dossier' },
    ]);
    expect((await app.get(AuditFiguresController).audit()).differences).toEqual([]);
  });

  it('counts once when the same events come to several consumers at the same moment', async () => {
    const codes = Array.from({ length: 40 }, (_, index) => `H57.2-210705-${String(index + 1).padStart(4, '0')}`);
    const all = codes.flatMap(eventsOf);
    const before = await total();
    const fresh = await Promise.all([
      count(all),
      count([...all].reverse()),
      count(all.filter((_, index) => index % 2 === 0)),
      count(all.filter((_, index) => index % 3 === 0)),
    ]);
    expect(fresh.reduce((sum, each) => sum + each, 0)).toBe(all.length);
    expect(await total()).toBe(before + 40);
    expect((await app.get(AuditFiguresController).audit()).differences).toEqual([]);
  });

  it('puts aside what would make one dossier endless, and keeps what it has of it', async () => {
    const code = 'H57.5-210705-0001';
    const steps = Array.from({ length: 10_001 }, (_, index) =>
      event(code, `step-${index}`, 'vn.par.work-dossier.step-taken.v1', '2021-07-05T02:00:00.000Z', {
        step: 'Thẩm định',
        medium: 'network',
      }),
    );
    expect(await count(steps.slice(0, 10_000))).toBe(10_000);
    const codes = await sql.transaction(async (tx) => {
      const context = new BatchContext(tx);
      expect(await handler.handle(steps.slice(10_000).map(deliver), context)).toEqual([]);
      return [...context.rejected.values()].map((rejection) => rejection.code);
    });
    expect(codes).toEqual(['case.too-many-events']);
    expect(await count(steps.slice(0, 5))).toBe(0);
  });

  it('leaves nothing behind when the transaction is rolled back', async () => {
    const code = 'H57.3-210705-0001';
    await expect(
      sql.transaction(async (tx) => {
        await handler.handle(eventsOf(code).map(deliver), new BatchContext(tx));
        throw new Error('cut off');
      }),
    ).rejects.toThrow('cut off');
    expect(await rowsOf(code)).toEqual([]);
    expect(await sql.query('SELECT 1 FROM subject WHERE key = $1', [`case:${code}`])).toEqual([]);
  });

  it('puts events of a unit that it does not know yet aside, and counts the rest', async () => {
    const known = eventsOf('H57.4-210705-0001');
    const strangers = eventsOf('H57.4-210705-0002').map((each) => ({ ...each, unit: 'not-opened-yet' }));
    const { fresh, rejected } = await sql.transaction(async (tx) => {
      const context = new BatchContext(tx);
      return { fresh: await handler.handle([...known, ...strangers].map(deliver), context), rejected: [...context.rejected.values()] };
    });
    expect(fresh).toHaveLength(known.length);
    expect(rejected.map(({ code }) => code)).toEqual(strangers.map(() => 'unit.not-known-yet'));
  });

  async function total(): Promise<number> {
    const [row] = await sql.query<{ n: number }>(`SELECT coalesce(sum(denominator), 0)::int AS n FROM counter WHERE rule = 'due-date'`);
    return row!.n;
  }
});
