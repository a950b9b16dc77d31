import type { Progress } from '@par/infrastructure';

/** One part of the bench that can be run by itself: it makes what it needs, measures, checks, and cleans up after itself. */
export interface Row {
  /** The word that `--only` knows it by, such as `scoring-drain`. */
  name: string;
  /** One line for `--help` and the progress. */
  title: string;
  /** The names of its results where they are not just its own name; `--only` knows them too. */
  gives?: readonly string[];
  /** False: left out of `--quick`. */
  inQuick?: boolean;
  run(ctx: BenchContext): Promise<RowResult[]>;
}

/** One line of the table. What it has besides the fields named here goes into the JSON as it is. */
export interface RowResult {
  name: string;
  value: number;
  /** `events/s`, `ms`, `MB`, `s`, `dossiers/s`, or `×` for a ratio. */
  unit: string;
  /** Ours over the bare path in this run; for times, too, ours over theirs. Null where there is no such thing to compare with. */
  ratioToBare: number | null;
  /** Ours over the stock way in this run. */
  ratioToStock: number | null;
  /** Everything that was posted was counted, once, in every way that was run for this row; null where nothing is counted. */
  exact: boolean | null;
  p50?: number;
  /** Processor milliseconds per event, by part: `intake`, `scoring`, `postgres`, `beam` … and `all`. The load generator is not in `all`. */
  cpuMsPerEvent?: Record<string, number>;
  walBytesPerEvent?: number;
  diskBytesPerEvent?: number;
  /** What was measured for the ways compared with. */
  ways?: Record<string, WayResult>;
  note?: string;
  [extra: string]: unknown;
}

/** What one of the ways compared reached. */
export interface WayResult {
  value: number;
  unit: string;
  exact: boolean | null;
  cpuMsPerEvent?: Record<string, number>;
  walBytesPerEvent?: number;
  [extra: string]: unknown;
}

/** Pids of a part, read again at each reading, so that processes that are started meanwhile count too. Their children always count. */
export type Pids = () => readonly number[];

export interface Vhost {
  name: string;
  amqpUrl: string;
  /** Base of the management HTTP API with user and password. */
  managementUrl: string;
  drop(): Promise<void>;
}

export interface Database {
  name: string;
  url: string;
  /** Bytes on disk. */
  size(): Promise<number>;
  drop(): Promise<void>;
}

/** What a row is given: servers of this run alone, with fsync on, and the means to measure. */
export interface BenchContext {
  /** Short runs whose figures are only good to see that everything works. */
  readonly quick: boolean;
  /** Whether a result of this name was asked for: `--only` may name one of the several that a row gives. */
  wants(name: string): boolean;
  /** A folder of this run for what a row wants to write down. */
  readonly directory: string;
  /** Value of `PAR_BENCH` in the environment of every process that a row starts: by it those of a run that was killed are found and ended. */
  readonly processMark: string;
  /** Administration URL of the PostgreSQL server, and the broker's URL with its default vhost. */
  readonly postgresUrl: string;
  readonly amqpUrl: string;
  say: Progress;
  /** An empty database of its own. */
  createDatabase(name: string): Promise<Database>;
  /** A database with the tables of a service. */
  createServiceDatabase(service: string): Promise<Database>;
  createVhost(name: string): Promise<Vhost>;
  /** Begins to measure; `postgres` and `beam` are measured beside the parts given. */
  meter(parts: Readonly<Record<string, Pids>>): Promise<Meter>;
}

export interface Meter {
  /** Reads once more and ends the measuring. Can be called once. */
  stop(): Promise<Metering>;
}

export interface Metering {
  seconds: number;
  /** Processor seconds (user and system, children that ended included) of each part, over the measured time. */
  cpuSeconds: Record<string, number>;
  /** Largest resident memory of each part seen in the measured time, in bytes (looked at four times a second). */
  largestMemory: Record<string, number>;
  /** Bytes of write-ahead log that the server wrote. */
  walBytes: number;
}

/** Processor milliseconds per event of each part, and `all` of them together without the load generator (part `load`). */
export function cpuMsPerEvent({ cpuSeconds }: Metering, events: number): Record<string, number> {
  const per = Object.entries(cpuSeconds).map(([part, seconds]) => [part, (seconds * 1000) / events] as const);
  const all = per.reduce((sum, [part, ms]) => (part === 'load' ? sum : sum + ms), 0);
  return Object.fromEntries([...per, ['all', all] as const]);
}
