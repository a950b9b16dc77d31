import type { Door, ProducerEvent } from '@par/contracts';
import type { FigureSource } from '../load/load-order.ts';
import type { Pids } from '../row.ts';

export type WayName = 'ours' | 'bare' | 'bare-packed' | 'stock';

/** One way of the same path (HTTP → broker → workflow → broker → scoring → a changed figure), running and ready to be posted to. */
export interface Way {
  name: WayName;
  doors: Record<Door, string>;
  headers: Record<string, string>;
  figures: FigureSource;
  /** Its processes, for the meter. */
  parts: Record<string, Pids>;
  /** Posts what comes before the measured events (units, procedures, declarations) and waits until it is counted. */
  prepare(events: readonly ProducerEvent[]): Promise<void>;
  /** Cheap enough to be asked a few times: whether everything posted so far has been counted. `posted` is the number of events accepted since the start. */
  isCounted(posted: number): Promise<boolean>;
  /** The proof afterwards: every event accepted was counted once. */
  verify(posted: number): Promise<Verdict>;
  /** Bytes of its databases. */
  size(): Promise<number>;
  /** Ends its processes and removes its data. */
  stop(): Promise<void>;
}

export interface Verdict {
  exact: boolean;
  /** What was compared, or the first difference. */
  note: string;
}

/** Headers of a load that has no key to show. */
export const NO_HEADERS: Record<string, string> = {};
