import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyEvent, CloudEvent } from '@par/contracts';
import type { Delivery } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Database, Environment } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import fc from 'fast-check';
import { ChangeFeed } from '../change-feed.ts';
import { EventIdentities } from '../event-identities.ts';
import { RecordMetricsHandler } from './record-metrics.handler.ts';

const deliver = <T extends CloudEvent['type']>(type: T, unit: string, id: string, data: CloudEvent<T>['data']): Delivery => ({
  event: {
    specversion: '1.0',
    source: 'urn:par:index-scoring',
    id,
    type,
    subject: id.replace(/:\d+$/, ''),
    time: '2011-05-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    unit,
    received: '2011-05-01T00:00:00.000Z',
    data,
  } as unknown as AnyEvent,
  origin: 'index-scoring',
  attempt: 0,
});

const figure = (unit: string, revision: number): Delivery =>
  deliver('vn.par.figure.changed.v1', unit, `G1-ONTIME.due-date.${unit}.2011-05:${revision}`, {
    indicator: 'G1-ONTIME',
    rule: 'due-date',
    ruleVersion: 1,
    period: '2011-05',
    numerator: revision,
    denominator: revision * 2,
    revision,
    lastEvent: { source: 'urn:spec', id: `e${revision}`, time: '2011-04-30T00:00:00.000Z' },
  });

const checkpoint = (unit: string, revision: number): Delivery =>
  deliver('vn.par.checkpoint.advanced.v1', unit, `cp:${unit}:${revision}`, {
    service: 'index-scoring',
    direction: 'in',
    origin: 'dossier-intake',
    eventType: 'vn.par.dossier.received.v1',
    day: '2011-05-01',
    count: revision,
    hash: revision.toString(16).padStart(16, '0'),
    revision,
  });

const unitOpened = (id: string): Delivery =>
  deliver('vn.par.unit.opened.v1', id, `open:${id}`, {
    name: `Phường ${id}`,
    kind: 'ward',
    parent: 'hue',
    validFrom: '2005-01-01',
    agency: true,
  });

/** A consumer process: its own pool, its own handler. */
class Consumer {
  readonly database: Database;
  #handler!: RecordMetricsHandler;

  constructor(url: string) {
    this.database = new Database(new Environment({ DATABASE_URL: url }));
    this.restart();
  }

  /** A process that was started anew remembers nothing. */
  restart(): void {
    this.#handler = new RecordMetricsHandler(new OrganisationRegister(this.database), new ChangeFeed(this.database));
  }

  record(batch: Delivery[]): Promise<Delivery[]> {
    return this.database.transaction((tx) => this.#handler.record(tx, batch));
  }
}

interface Counter {
  unit: string;
  numerator: number;
  denominator: number;
  revision: number;
  seen: string;
}

describe('recording metrics', () => {
  let place: SpecDatabase;
  let one: Consumer;
  let two: Consumer;

  beforeAll(async () => {
    place = await createDatabase('reporting');
    one = new Consumer(place.url);
    two = new Consumer(place.url);
  });
  afterAll(async () => {
    await one.database.onApplicationShutdown();
    await two.database.onApplicationShutdown();
    await place.drop();
  });
  const startEmpty = async (): Promise<void> => {
    await one.database.query('TRUNCATE figure_counter, figure_seen, balance_line, change_log, organisation.unit_event');
    one.restart();
    two.restart();
  };
  beforeEach(startEmpty);
  afterEach(async () => {
    // Whatever happened, the log never tells of a counter what the counter is not.
    const wrong = await one.database.query(
      `SELECT 1 FROM figure_counter c WHERE revision > 0 AND (SELECT max((body->>'revision')::bigint) FROM change_log WHERE body->>'unit' = c.unit AND kind = 'figure') <> c.revision`,
    );
    expect(wrong).toEqual([]);
  });

  const counters = (): Promise<Counter[]> =>
    one.database.query<Counter>(
      'SELECT unit, numerator, denominator, revision, seen::text AS seen FROM figure_counter LEFT JOIN figure_seen USING (indicator, rule, unit, period) ORDER BY unit',
    );
  const idsOf = (deliveries: Delivery[]): string[] =>
    deliveries.map(({ event }) => event.id.replace(/^G1-ONTIME\.due-date\.(.+)\.2011-05/, '$1')).sort();

  it('keeps the highest revision and counts a late lower one as taken in for the first time', async () => {
    expect(idsOf(await one.record([figure('a', 3)]))).toEqual(['a:3']);
    expect(idsOf(await one.record([figure('a', 1)]))).toEqual(['a:1']);
    expect(await counters()).toEqual([{ unit: 'a', numerator: 3, denominator: 6, revision: 3, seen: '{[1,2),[3,4)}' }]);
    expect(idsOf(await one.record([figure('a', 2), figure('a', 1), figure('a', 2)]))).toEqual(['a:2']);
    expect((await counters())[0]).toMatchObject({ numerator: 3, seen: '{[1,4)}' });
  });

  it('takes a message in once, however often it comes', async () => {
    const batch = [figure('a', 1), unitOpened('u'), figure('a', 1), unitOpened('u'), checkpoint('a', 1)];
    expect(idsOf(await one.record(batch))).toEqual(['a:1', 'cp:a:1', 'open:u']);
    expect(await one.record(batch)).toEqual([]);
    expect(await two.record([...batch].reverse())).toEqual([]);
    expect(await one.database.query('SELECT kind FROM change_log ORDER BY kind')).toEqual([{ kind: 'balance' }, { kind: 'figure' }]);
  });

  it('goes on when its tables were emptied under it', async () => {
    await one.record([figure('a', 1), figure('b', 1)]);
    await one.database.query('TRUNCATE figure_counter, figure_seen, change_log');
    expect(idsOf(await one.record([figure('b', 2), figure('a', 1)]))).toEqual(['a:1', 'b:2']);
    expect((await counters()).map(({ unit, revision }) => [unit, revision])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('keeps the newest line of a balance sheet', async () => {
    await one.record([checkpoint('a', 5)]);
    await one.record([checkpoint('a', 4), checkpoint('b', 1)]);
    expect(await one.database.query('SELECT unit, count, revision FROM balance_line ORDER BY unit')).toEqual([
      { unit: 'a', count: 5, revision: 5 },
      { unit: 'b', count: 1, revision: 1 },
    ]);
  });

  it('ends the same with two consumers at once, in any order, with any duplicates, and counts each message once', async () => {
    const events = [...'abcd'].flatMap((unit) =>
      [1, 2, 3, 4, 5, 6].flatMap((revision) => [figure(unit, revision), checkpoint(unit, revision)]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        fc.integer({ min: 1, max: 20 }),
        async (shuffled, size) => {
          await startEmpty();
          const batches: Delivery[][] = [];
          for (let start = 0; start < shuffled.length; start += size) batches.push(shuffled.slice(start, start + size));
          const work = async (consumer: Consumer, own: Delivery[][]): Promise<Delivery[]> => {
            const fresh: Delivery[] = [];
            for (const batch of own) fresh.push(...(await consumer.record(batch)));
            return fresh;
          };
          const taken = await Promise.all([
            work(
              one,
              batches.filter((_, index) => index % 2 === 0),
            ),
            work(
              two,
              batches.filter((_, index) => index % 2 === 1),
            ),
          ]);
          const figures = idsOf(taken.flat()).filter((id) => !id.startsWith('cp:'));
          expect(figures).toEqual(idsOf(events.filter(({ event }) => event.type === 'vn.par.figure.changed.v1')));
          expect(await counters()).toEqual(
            [...'abcd'].map((unit) => ({ unit, numerator: 6, denominator: 12, revision: 6, seen: '{[1,7)}' })),
          );
          expect(await one.database.query('SELECT unit, count FROM balance_line ORDER BY unit')).toEqual(
            [...'abcd'].map((unit) => ({ unit, count: 6 })),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('can name the events of a day, each once', async () => {
    await one.record([figure('a', 1), figure('a', 2), figure('a', 4), figure('b', 1), unitOpened('a')]);
    const identities = new EventIdentities(one.database, new OrganisationRegister(one.database));
    const line = { direction: 'in', origin: 'index-scoring', unit: 'a', day: '2011-05-01' } as const;
    const named = await identities.identities({ ...line, type: 'vn.par.figure.changed.v1' });
    expect(named).toEqual(
      [1, 2, 4].map((revision) => ({ source: 'urn:par:index-scoring', id: `G1-ONTIME.due-date.a.2011-05:${revision}` })),
    );
    expect(await identities.identities({ ...line, type: 'vn.par.unit.opened.v1' })).toEqual([
      { source: 'urn:par:index-scoring', id: 'open:a' },
    ]);
    expect(await identities.identities({ ...line, type: 'vn.par.figure.changed.v1', day: '2011-05-02' })).toEqual([]);
  });

  it('leaves nothing behind of a batch that is rolled back', async () => {
    await expect(
      one.database.transaction(async (tx) => {
        await new RecordMetricsHandler(new OrganisationRegister(one.database), new ChangeFeed(one.database)).record(tx, [figure('a', 1)]);
        throw new Error('the process dies here');
      }),
    ).rejects.toThrow('dies here');
    expect(await counters()).toEqual([]);
    expect(idsOf(await one.record([figure('a', 1)]))).toEqual(['a:1']);
  });
});
