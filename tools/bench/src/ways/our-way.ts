import { join } from 'node:path';
import { SERVICES, type ProducerEvent, type ServiceName } from '@par/contracts';
import { addProducerKey } from '@par/ingress';
import pg from 'pg';
import { isSettled, readBalances, waitUntilSettled, type Reading } from '@par/cli';
import { DoorClient } from '../load/door-client.ts';
import { Parcels, linesOf } from '../load/event-lines.ts';
import type { FigureSource } from '../load/load-order.ts';
import type { BenchContext, Database, Pids, Vhost } from '../row.ts';
import { buildServices } from './built-services.ts';
import { type Verdict, type Way } from './way.ts';
import { WayProcess } from './way-process.ts';

const PREPARE_BATCH = 100;
const SETTLE_MS = 180_000;

/** Types and figures of the events by which `latency-500` tells when each one was counted. */
const COUNTED_IN = [
  { type: 'vn.par.dossier.received.v1', indicator: 'G4-ONLINE', rule: 'received-online' },
  { type: 'vn.par.work-dossier.completed.v1', indicator: 'G6-WORK' },
];

/** PAR Ledger itself: the built services with their default settings, a database each. */
export class OurWay implements Way {
  readonly name = 'ours';
  readonly #processes = new Map<ServiceName, WayProcess[]>();
  readonly #databases = new Map<ServiceName, Database>();
  #vhost!: Vhost;
  #key = '';
  #prepared = 0;

  private constructor(
    private readonly ctx: BenchContext,
    private readonly bundles: string,
  ) {}

  static async start(ctx: BenchContext): Promise<OurWay> {
    const way = new OurWay(ctx, await buildServices(ctx));
    try {
      way.#vhost = await ctx.createVhost('ours');
      for (const service of SERVICES) way.#databases.set(service, await ctx.createServiceDatabase(service));
      way.#key = await way.#letIn();
      for (const service of SERVICES) await way.add(service);
      return way;
    } catch (error) {
      await way.stop();
      throw error;
    }
  }

  /** Starts one more process of a service. */
  async add(service: ServiceName): Promise<WayProcess> {
    const started = await WayProcess.start(service, [join(this.bundles, service, 'main.js')], {
      cwd: join(this.bundles, service),
      mark: this.ctx.processMark,
      readyPath: '/health/ready',
      env: {
        DATABASE_URL: this.#databases.get(service)!.url,
        AMQP_URL: this.#vhost.amqpUrl,
        TSLCD_RANGES: '127.0.0.1/32',
        ...(service === 'reporting' && { SCORING_URL: this.url('index-scoring') }),
      },
    });
    this.#processes.set(service, [...this.running(service), started]);
    return started;
  }

  running(service: ServiceName): readonly WayProcess[] {
    return this.#processes.get(service) ?? [];
  }

  url(service: ServiceName): string {
    return this.running(service)[0]!.url;
  }

  get doors() {
    return { 'dossier-intake': this.url('dossier-intake'), 'edocument-workflow': this.url('edocument-workflow') };
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#key}` };
  }

  get figures(): FigureSource {
    return { amqpUrl: this.#vhost.amqpUrl, exchange: 'par.metrics', pattern: 'figure.#', countedIn: COUNTED_IN };
  }

  get parts(): Record<string, Pids> {
    const pids =
      (service: ServiceName): Pids =>
      () =>
        this.running(service).map(({ pid }) => pid);
    return {
      intake: pids('dossier-intake'),
      workflow: pids('edocument-workflow'),
      scoring: pids('index-scoring'),
      reporting: pids('reporting'),
    };
  }

  async prepare(events: readonly ProducerEvent[]): Promise<void> {
    const units = events.filter(({ type }) => type.startsWith('vn.par.unit.'));
    await this.#postAll(units);
    await this.#waitForUnits(new Set(units.filter(({ type }) => type === 'vn.par.unit.opened.v1').map(({ subject }) => subject)));
    await this.#postAll(events.filter(({ type }) => !type.startsWith('vn.par.unit.')));
    const { settled } = await waitUntilSettled(this.#urls(), { limitMs: SETTLE_MS, withDoors: false });
    if (!settled) throw new Error(`the preparing events were not counted within ${SETTLE_MS / 1000} s`);
  }

  async isCounted(): Promise<boolean> {
    return isSettled((await readBalances(this.#urls(), false)).inFlight);
  }

  /** Whether everything accepted has left intake and workflow for scoring; asks these two alone. */
  async isPassedOn(): Promise<boolean> {
    const { inFlight } = await readBalances(this.doors, false);
    return isSettled(inFlight);
  }

  /** Events that scoring has taken in, since ever. */
  async countedByScoring(): Promise<number> {
    const { balances } = await readBalances({ 'index-scoring': this.url('index-scoring') }, false);
    const lines = balances.flatMap((balance) => balance.lines).filter(({ direction }) => direction === 'in');
    return lines.reduce((sum, { count }) => sum + count, 0);
  }

  async verify(posted: number): Promise<Verdict> {
    const reading = await waitUntilSettled(this.#urls(), { limitMs: 30_000, withDoors: true });
    const difference = firstDifference(reading, this.#prepared + posted);
    const recount = await this.#recount();
    return difference === undefined && recount.exact
      ? { exact: true, note: `balance sheet equal in ${reading.sheet.flows.length} flows; ${recount.note}` }
      : { exact: false, note: difference ?? recount.note };
  }

  async size(): Promise<number> {
    const sizes = await Promise.all([...this.#databases.values()].map((database) => database.size()));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.values()].flat().map((each) => each.stop()));
    for (const database of this.#databases.values()) await database.drop();
    await this.#vhost?.drop();
  }

  #urls(): Record<ServiceName, string> {
    return Object.fromEntries(SERVICES.map((service) => [service, this.url(service)])) as Record<ServiceName, string>;
  }

  /** One key for both doors. */
  async #letIn(): Promise<string> {
    let key: string | undefined;
    for (const door of ['dossier-intake', 'edocument-workflow'] as const) {
      const client = new pg.Client({ connectionString: this.#databases.get(door)!.url });
      await client.connect();
      try {
        key = await addProducerKey(client, {
          name: 'bench',
          sources: ['*'],
          units: ['*'],
          declares: true,
          ...(key !== undefined && { key }),
        });
      } finally {
        await client.end();
      }
    }
    return key!;
  }

  async #postAll(events: readonly ProducerEvent[]): Promise<void> {
    const client = new DoorClient(this);
    const parcels = new Parcels(linesOf(events), PREPARE_BATCH);
    try {
      for (let parcel = parcels.take(); parcel; parcel = parcels.take()) {
        const accepted = await client.post(parcel, true);
        this.#prepared += accepted;
        if (accepted !== parcel.events.length)
          throw new Error(`${parcel.door} accepted ${accepted} of ${parcel.events.length} preparing events`);
      }
    } finally {
      client.close();
    }
  }

  async #waitForUnits(ids: ReadonlySet<string>): Promise<void> {
    const giveUpAt = Date.now() + 60_000;
    for (const { url, name } of [...this.#processes.values()].flat()) {
      for (;;) {
        const { units } = (await (await fetch(`${url}/v1/units`)).json()) as { units: { id: string }[] };
        const known = new Set(units.map(({ id }) => id));
        if ([...ids].every((id) => known.has(id))) break;
        if (Date.now() > giveUpAt) throw new Error(`${name} does not know all units after 60 s`);
        await new Promise((next) => setTimeout(next, 200));
      }
    }
  }

  /** Counters = Σ ledger = recount from the facts, as scoring itself says. */
  async #recount(): Promise<Verdict> {
    const answer = await fetch(`${this.url('index-scoring')}/v1/audit`);
    const { ok, differences } = (await answer.json()) as { ok?: boolean; differences?: unknown[] };
    return ok === true
      ? { exact: true, note: 'every figure equal to its ledger and to its recount' }
      : { exact: false, note: `recount: ${JSON.stringify(differences?.[0] ?? answer.status)}` };
  }
}

function firstDifference({ inFlight, sheet, balances }: Reading, posted: number): string | undefined {
  const accepted = sheet.doors.reduce((sum, line) => sum + line.accepted, 0);
  if (accepted !== posted) return `${posted} events were answered as accepted, the doors' tallies say ${accepted}`;
  if (!isSettled(inFlight)) return `still in flight: ${JSON.stringify(inFlight)}`;
  const dead = balances.flatMap((balance) => balance.deadLetters);
  if (dead.length > 0) return `dead letters: ${JSON.stringify(dead[0])}`;
  const line = [...sheet.flows, ...sheet.doors, ...sheet.passages].find((each) => !each.equal);
  return line && `a line of the balance sheet differs: ${JSON.stringify(line)}`;
}
