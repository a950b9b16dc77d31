import { join } from 'node:path';
import { CHECKOUT } from '@par/infrastructure';
import pg from 'pg';
import type { FigureSource } from '../load/load-order.ts';
import type { BenchContext, Database, Pids, Vhost } from '../row.ts';
import { NO_HEADERS, type Verdict, type Way, type WayName } from './way.ts';
import { WayProcess } from './way-process.ts';

export const STAGES = ['intake', 'workflow', 'scoring'] as const;
export type Stage = (typeof STAGES)[number];

/** What makes a way that we compare with: three processes, a database each. */
export interface Peer {
  name: WayName;
  /** SQL that makes the tables of a stage. */
  tables: Record<Stage, string>;
  /** Source file of a stage, from the checkout. */
  file: Record<Stage, string>;
  env?: Record<string, string>;
  /** What must be equal to the number of events posted: a stage and a query that answers one number. */
  mustEqual: Record<string, readonly [Stage, string]>;
  /** Query that answers how much of a stage's outbox is unsent, where it has one. */
  unsent?: string;
}

const COUNTED = 'SELECT coalesce(sum(count), 0) FROM counter';

/** A way that we compare with: the same hops and the same durability, and no domain work. */
export class PeerWay implements Way {
  readonly #processes = new Map<Stage, WayProcess>();
  readonly #databases = new Map<Stage, Database>();
  readonly #pools = new Map<Stage, pg.Pool>();
  readonly #lost: Error[] = [];
  #vhost!: Vhost;

  private constructor(private readonly peer: Peer) {}

  get name(): WayName {
    return this.peer.name;
  }

  static async start(ctx: BenchContext, peer: Peer): Promise<PeerWay> {
    const way = new PeerWay(peer);
    try {
      way.#vhost = await ctx.createVhost(peer.name);
      for (const stage of STAGES) await way.#startStage(ctx, stage);
      return way;
    } catch (error) {
      await way.stop();
      throw error;
    }
  }

  async #startStage(ctx: BenchContext, stage: Stage): Promise<void> {
    const { name, tables, file, env } = this.peer;
    const database = await ctx.createDatabase(`${name}-${stage}`);
    this.#databases.set(stage, database);
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    // A connection that is closed with its database, at the end, is no error.
    pool.on('error', (error) => this.#lost.push(error));
    this.#pools.set(stage, pool);
    await pool.query(tables[stage]);
    const args = [join(CHECKOUT, 'tools/run.mjs'), join(CHECKOUT, file[stage])];
    const started = await WayProcess.start(`${name} ${stage}`, args, {
      cwd: CHECKOUT,
      mark: ctx.processMark,
      env: { AMQP_URL: this.#vhost.amqpUrl, DATABASE_URL: database.url, NODE_ENV: 'production', ...env },
    });
    this.#processes.set(stage, started);
  }

  get doors() {
    const { url } = this.#processes.get('intake')!;
    return { 'dossier-intake': url, 'edocument-workflow': url };
  }

  readonly headers = NO_HEADERS;

  get figures(): FigureSource {
    return {
      amqpUrl: this.#vhost.amqpUrl,
      exchange: 'par.metrics',
      pattern: 'figure.#',
      countedIn: ['vn.par.dossier.received.v1', 'vn.par.work-dossier.completed.v1'].map((type) => ({ type, indicator: type })),
    };
  }

  get parts(): Record<string, Pids> {
    return Object.fromEntries(STAGES.map((stage) => [stage, () => [this.#processes.get(stage)!.pid]]));
  }

  /** It knows no units and judges nothing: there is nothing to prepare. */
  async prepare(): Promise<void> {}

  async isCounted(posted: number): Promise<boolean> {
    return (await this.#number('scoring', COUNTED)) >= posted && (await this.#unsent()) === 0;
  }

  async verify(posted: number): Promise<Verdict> {
    if (this.#lost[0]) throw this.#lost[0];
    const counts: Record<string, number> = { posted, counted: await this.#number('scoring', COUNTED) };
    for (const [name, [stage, query]] of Object.entries(this.peer.mustEqual)) counts[name] = await this.#number(stage, query);
    return { exact: Object.values(counts).every((count) => count === posted), note: JSON.stringify(counts) };
  }

  async size(): Promise<number> {
    const sizes = await Promise.all([...this.#databases.values()].map((database) => database.size()));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((each) => each.stop()));
    for (const pool of this.#pools.values()) await pool.end();
    for (const database of this.#databases.values()) await database.drop();
    await this.#vhost?.drop();
  }

  async #unsent(): Promise<number> {
    const { unsent } = this.peer;
    if (unsent === undefined) return 0;
    const counts = await Promise.all(STAGES.map((stage) => this.#number(stage, unsent)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #number(stage: Stage, query: string): Promise<number> {
    const { rows } = await this.#pools.get(stage)!.query<Record<string, string>>(query);
    return Number(Object.values(rows[0]!)[0]);
  }
}
