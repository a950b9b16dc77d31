import { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Environment } from './environment.ts';
import { arrayLiteral } from './sql-array.ts';

// Counts and sequence numbers are far below 2^53, so a 64-bit integer is read as a number.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A statement's text serves as its prepared name, so each is planned once per connection. Texts are constants of the code;
 * a text that is built per call (never done on a hot path) stays unnamed once the list is full.
 */
const statementNames = new Map<string, string>();
function prepared(text: string, given: unknown[]): pg.QueryConfig {
  const values = given.map((value) => (Array.isArray(value) ? (arrayLiteral(value) ?? value) : value));
  let name = statementNames.get(text);
  if (name === undefined && statementNames.size < 500) {
    name = `s${statementNames.size}`;
    statementNames.set(text, name);
  }
  return name === undefined ? { text, values } : { name, text, values };
}

const IN_FAILED_TRANSACTION = '25P02';

/**
 * One PostgreSQL transaction. Work for just before and just after the commit can be attached to it; it belongs to the trace of whoever attached it,
 * wherever the commit is called from.
 */
export class Transaction {
  readonly #beforeCommit: (() => Promise<void>)[] = [];
  readonly #withCommit: (() => Promise<void>)[] = [];
  readonly #afterCommit: (() => void)[] = [];
  readonly #sent: Promise<void>[] = [];
  #failure: unknown;
  #ended = false;

  constructor(readonly client: pg.PoolClient) {}

  /** A statement, and its answer. Statements of one turn of the event loop go to the server in one go. */
  async query<R>(text: string, values: unknown[] = []): Promise<R[]> {
    if (this.#ended) throw new Error('a statement of a transaction came after its COMMIT');
    this.#holdUntilNextTick();
    try {
      return (await this.client.query(prepared(text, values))).rows as R[];
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  /**
   * A statement whose answer nothing in the transaction waits for: it goes with the next one that is waited for, or with COMMIT. Where it fails, the transaction fails
   * with its error.
   * @param take is given the rows, before what is done after the commit
   */
  send<R>(text: string, values: unknown[] = [], take: (rows: R[]) => void = () => undefined): void {
    const sent = this.query<R>(text, values).then(take);
    // Told by the commit; a transaction that fails before that has its own error to tell.
    sent.catch(() => undefined);
    this.#sent.push(sent);
  }

  /** The error behind another: after a failed statement PostgreSQL says of all others only that they came too late. */
  causeOf(error: unknown): unknown {
    const isLate = error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;
    return isLate && this.#failure !== undefined ? this.#failure : error;
  }

  #holdUntilNextTick(): void {
    const { stream } = (this.client as unknown as { connection: { stream: Socket } }).connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  /** Runs inside the transaction, last of all: the place for rows that many transactions touch, so their locks are short. */
  beforeCommit(work: () => Promise<void>): void {
    this.#beforeCommit.push(AsyncResource.bind(work));
  }

  /**
   * As `beforeCommit`, and after all of those, in one go with COMMIT: a way to the server and back less, and the shortest locks. Such work sends
   * all its statements at once and waits for none before it sends the next.
   */
  withCommit(work: () => Promise<void>): void {
    this.#withCommit.push(AsyncResource.bind(work));
  }

  /** Runs once the commit is durable; never after a rollback. */
  afterCommit(work: () => void): void {
    this.#afterCommit.push(AsyncResource.bind(work));
  }

  /** @param by see `Database.transaction` */
  begin(by: 'key' | 'any'): void {
    this.#holdUntilNextTick();
    const begun = this.client.query(by === 'key' ? BEGIN_BY_KEY : 'BEGIN').then(() => undefined);
    begun.catch((error: unknown) => (this.#failure ??= error));
    this.#sent.push(begun);
  }

  async settle(): Promise<void> {
    for (const work of this.#beforeCommit) await work();
    const last = this.#withCommit.map((work) => work());
    this.#ended = true;
    this.#holdUntilNextTick();
    // Where one of the last statements fails, COMMIT rolls back and the statement's own error is told.
    const commit = this.client.query('COMMIT');
    await Promise.all([...this.#sent, ...last, commit]);
    // After a failed statement whose error somebody kept to himself, COMMIT answers ROLLBACK and no error.
    if ((await commit).command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
    for (const work of this.#afterCommit) work();
  }
}

/**
 * A plan is kept for as long as its connection: one that was made while a table was empty reads the whole table, until autovacuum next looks at it. What takes rows by
 * their keys says so instead.
 */
const BEGIN_BY_KEY = 'BEGIN; SET LOCAL enable_seqscan = off';

/** The service's own database: one pool, shared by SQL and by Prisma's adapter. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly pool: pg.Pool;
  readonly #logger = new Logger('Database');

  constructor(environment: Environment) {
    this.pool = new pg.Pool({
      connectionString: environment.text('DATABASE_URL'),
      max: environment.integer('DATABASE_POOL', 12, { min: 2, max: 200 }),
      connectionTimeoutMillis: 5_000,
      // Statements that nobody waits for in between go to the server in one go.
      pipeline: true,
      application_name: process.env.PAR_PROCESS_NAME ?? 'par',
      // Our statements are short or plain: compiling the plan of a count over a million rows took a third of its time, and that of a batch by key more than the batch.
      options: '-c jit=off',
    });
    // An idle connection that breaks is replaced at the next use; the pool only wants the event heard.
    this.pool.on('error', (error) => this.#logger.warn(`idle connection lost: ${error.message}`));
    // While one is handed from a statement that ended to one that waits, nobody listens to it, and what the server says in the same breath would end the process.
    this.pool.on('connect', (client) => client.on('error', (error) => this.#logger.debug(`connection lost: ${error.message}`)));
  }

  async query<R>(text: string, values: unknown[] = []): Promise<R[]> {
    return (await this.pool.query(prepared(text, values))).rows as R[];
  }

  /** Whether PostgreSQL answers now, asked over a connection of its own: those of the pool may all be busy, or hang. */
  async answers(withinMs: number): Promise<boolean> {
    const client = new pg.Client({ ...this.pool.options, connectionTimeoutMillis: withinMs, query_timeout: withinMs });
    client.on('error', (error) => this.#logger.debug(`asking whether it answers: ${error.message}`));
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      // No answer is the answer.
      return false;
    } finally {
      client.end().catch((error: unknown) => this.#logger.debug(`closing: ${String(error)}`));
    }
  }

  /**
   * Runs `work` in one transaction; commits when it returns, rolls back when it throws.
   * @param by `key` where its statements find rows by their keys alone, whatever the size of a table
   */
  async transaction<T>(work: (tx: Transaction) => T | Promise<T>, by: 'key' | 'any' = 'any'): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // A connection that breaks between two statements emits 'error' on the client; the next statement then fails by itself.
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    const tx = new Transaction(client);
    try {
      tx.begin(by);
      const result = await work(tx);
      await tx.settle();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw tx.causeOf(error);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
