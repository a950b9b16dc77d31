import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReconciliationState, ServiceBalance, ServiceName } from '@par/contracts';
import { eventually } from '@par/testing';
import { type ChannelModel, connect } from 'amqplib';
import { makeCases, type MadeCase } from './made-cases.ts';
import { SpecCity } from './spec-city.ts';

/**
 * The broker loses messages, and services lose what they had taken in: nobody does anything about it, and the city's sheets must balance again and its
 * figures be those of what it accepted.
 */
describe('a city that loses events', () => {
  let city: SpecCity;
  let broker: ChannelModel;

  beforeAll(async () => {
    process.env.RECONCILE_AFTER_SECONDS = '2';
    city = await SpecCity.start({ 'dossier-intake': 2, 'edocument-workflow': 2, 'index-scoring': 2, reporting: 2 });
    broker = await connect(city.amqpUrl);
  }, 240_000);

  afterAll(async () => {
    delete process.env.RECONCILE_AFTER_SECONDS;
    await broker?.close();
    await city?.stop();
  }, 120_000);

  async function send(cases: readonly MadeCase[]): Promise<void> {
    await city.postSurely(
      'dossier-intake',
      cases.flatMap(({ dossier }) => dossier),
    );
    await city.postSurely(
      'edocument-workflow',
      cases.flatMap(({ work }) => work),
    );
  }

  async function reconciliationOf(service: ServiceName): Promise<ReconciliationState> {
    const { reconciliation } = await city.get<ServiceBalance>(service, '/v1/balance');
    return reconciliation!;
  }

  const healedBy = async (service: ServiceName): Promise<number> =>
    (await reconciliationOf(service)).healed.reduce((sum, { count }) => sum + count, 0);

  async function unsent(service: ServiceName): Promise<number> {
    const [row] = await city.sql<{ n: number }>(service, 'SELECT count(*)::int AS n FROM messaging.outbox');
    return row!.n;
  }

  /** Everything that reaches a queue of a name like this meanwhile is gone. */
  async function losing(queue: string, bindings: readonly [string, string][], work: () => Promise<void>): Promise<void> {
    const channel = await broker.createChannel();
    // Somebody else takes them, or the broker would give them back.
    const { queue: elsewhere } = await channel.assertQueue('', { exclusive: true });
    for (const [exchange, pattern] of bindings) {
      await channel.bindQueue(elsewhere, exchange, pattern);
      await channel.unbindQueue(queue, exchange, pattern);
    }
    await work();
    for (const service of ['dossier-intake', 'edocument-workflow', 'index-scoring'] as const)
      await eventually(async () => (await unsent(service)) === 0, { timeoutMs: 30_000 });
    for (const [exchange, pattern] of bindings) await channel.bindQueue(queue, exchange, pattern);
    await channel.close();
  }

  async function expectBalance(): Promise<void> {
    const isBalanced = async (): Promise<boolean> => (await city.audit(20)).code === 0;
    await eventually(isBalanced, { timeoutMs: 120_000, everyMs: 1_000 }).catch(async () => {
      const { stdout, stderr } = await city.audit(5);
      throw new Error(`the audit found differences:\n${stdout}\n${stderr}`);
    });
  }

  async function online(): Promise<number[]> {
    const rows = await city.get<{ indicator: string; rule: string; numerator: number; denominator: number }[]>(
      'index-scoring',
      '/v1/figures?unit=hue&period=2021',
    );
    const work = rows.filter(({ indicator }) => indicator.startsWith('G6-WORK'));
    return [work.reduce((sum, { numerator }) => sum + numerator, 0), work.reduce((sum, { denominator }) => sum + denominator, 0)];
  }

  const accepted: MadeCase[] = [];
  async function expectFigures(): Promise<void> {
    const expected = [accepted.filter(({ isOnline }) => isOnline).length, accepted.length];
    await eventually(async () => expect(await online()).toEqual(expected), { timeoutMs: 60_000, everyMs: 500 });
  }

  it('heals what was lost on the way to scoring', async () => {
    const cases = makeCases(60);
    accepted.push(...cases);
    await losing('index-scoring.count-events', [['par.events', '#']], () => send(cases));
    await expectFigures();
    await expectBalance();
    const lost = cases.flatMap(({ dossier, work }) => [...dossier, ...work]).length;
    // An event is put down as healed once its line stands equal, a moment after the figures.
    await eventually(async () => expect(await healedBy('index-scoring')).toBeGreaterThanOrEqual(lost), { timeoutMs: 60_000 });
  }, 180_000);

  it('heals when a sender is killed while it is being asked', async () => {
    const cases = makeCases(30);
    accepted.push(...cases);
    await losing('index-scoring.count-events', [['par.events', '#']], () => send(cases));
    const isAsking = async (): Promise<boolean> =>
      (await city.sql('index-scoring', 'SELECT FROM messaging.reconciliation WHERE round > 0 LIMIT 1')).length > 0;
    await eventually(isAsking, { timeoutMs: 60_000, everyMs: 20 });
    await city.running('dossier-intake')[0]!.kill9();
    await city.running('edocument-workflow')[0]!.kill9();
    await expectFigures();
    await expectBalance();
    await city.add('dossier-intake');
    await city.add('edocument-workflow');
  }, 180_000);

  it('heals what was lost on the way to the workflow, of others and of its own', async () => {
    const cases = makeCases(30);
    accepted.push(...cases);
    const bindings: [string, string][] = [
      ['par.events', 'dossier.received.#'],
      ['par.events', 'work-dossier.step-taken.#'],
      ['par.events', 'work-dossier.completed.#'],
    ];
    await losing('edocument-workflow.judge-work-dossiers', bindings, () => send(cases));
    await expectFigures();
    await expectBalance();
    await eventually(async () => expect(await healedBy('edocument-workflow')).toBeGreaterThan(0), { timeoutMs: 60_000 });
  }, 180_000);

  it('heals what reporting did not hear of', async () => {
    const cases = makeCases(20);
    accepted.push(...cases);
    await losing('reporting.record-metrics', [['par.metrics', '#']], async () => {
      await send(cases);
      await expectFigures();
    });
    await expectBalance();
    await eventually(async () => expect(await healedBy('reporting')).toBeGreaterThan(0), { timeoutMs: 60_000 });
  }, 180_000);

  it('heals what a service had taken in and lost: a dossier is gone from the store of scoring, and from its lines', async () => {
    // One that nothing happened to so far: what heals twice is still one healed event.
    const cases = makeCases(1);
    accepted.push(...cases);
    await send(cases);
    await expectFigures();
    const key = `case:${cases[0]!.code}`;
    const [row] = await city.sql<{ events: Kept[] }>('index-scoring', 'DELETE FROM subject WHERE key = $1 RETURNING events', [key]);
    for (const { source, id, type, unit, received } of row!.events) {
      const hash = createHash('sha256').update(`${source}\0${id}`).digest().readBigInt64BE(0).toString();
      await city.sql(
        'index-scoring',
        `UPDATE messaging.balance_line SET count = count - 1, hash = hash # $1::bigint, revision = revision + 1
         WHERE direction = 'in' AND (type, unit, day) = ($2, $3, $4::date)`,
        [hash, type, unit, received.slice(0, 10)],
      );
    }
    const before = await healedBy('index-scoring');
    // The sweep over all lines comes every ten minutes; here it is now.
    await city.sql('index-scoring', 'UPDATE messaging.reconciliation SET open = true, due_at = now()');
    await eventually(async () => expect(await healedBy('index-scoring')).toBe(before + row!.events.length), { timeoutMs: 60_000 });
    await expectFigures();
    await expectBalance();
  }, 180_000);
});

interface Kept {
  source: string;
  id: string;
  type: string;
  unit: string;
  received: string;
}
