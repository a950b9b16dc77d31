import { type LifeMoment, type Stop } from './life-cycle-shape.ts';

/** Where the line between classes is drawn: data, not code. */
export interface LatenessThresholds {
  /** A source clock that runs ahead by no more is not called wrong. */
  clockToleranceSeconds: number;
  /** A completion must lie at least so long before the message for the message to be called late. */
  syncDelayMinutes: number;
  /** A message whose time and sending lie no further apart was stamped when it was sent. */
  stampToleranceSeconds: number;
}

export const LATENESS_THRESHOLDS: Readonly<LatenessThresholds> = {
  clockToleranceSeconds: 300,
  syncDelayMinutes: 60,
  stampToleranceSeconds: 60,
};

/** Whose lateness it is: the office's, that of those it waited for, of the message, or of the source's clock. */
export const LATENESS_CLASSES = ['office', 'waiting', 'message-late', 'source-clock'] as const;
export type LatenessClass = (typeof LATENESS_CLASSES)[number];

/** A dossier that is late by its due date, or only by when its end was sent. Instants in UTC. */
export interface LateDossier {
  /** Its end: what the source says of when it happened, and when it sent that. */
  end: Pick<LifeMoment, 'at' | 'sent'>;
  /** The due in force. */
  due: string;
  /** Milliseconds that the clock stood still before the end (`stoppedMs`). */
  stopped: number;
  /** Milliseconds of them that the due in force allows for already (`duesOf`); counting them again would excuse the office twice. Absent: none. */
  allowed?: number;
  /** When its work dossier was completed, where that is known. */
  workCompletedAt?: string;
}

/**
 * Puts a late dossier in exactly one class, from its own times alone. In this order: not late at all when it happened → the message; it says that it happened
 * after it was sent, and was sent in time → the source's clock; its work was done in time and the message, stamped when it was sent, came much
 * later → the message; in time without the waiting → waiting; else the office.
 */
export function latenessOf(
  { end, due, stopped, allowed = 0, workCompletedAt }: LateDossier,
  thresholds: LatenessThresholds,
): LatenessClass {
  const finished = Date.parse(end.at);
  const dueAt = Date.parse(due);
  if (finished <= dueAt) return 'message-late';
  if (end.sent !== undefined) {
    const sent = Date.parse(end.sent);
    if (finished - sent > thresholds.clockToleranceSeconds * 1000 && sent <= dueAt) return 'source-clock';
    if (workCompletedAt !== undefined && Math.abs(sent - finished) <= thresholds.stampToleranceSeconds * 1000) {
      const completed = Date.parse(workCompletedAt);
      if (completed <= dueAt && finished - completed >= thresholds.syncDelayMinutes * 60_000) return 'message-late';
    }
  }
  return finished - Math.max(stopped - allowed, 0) <= dueAt ? 'waiting' : 'office';
}

/** Milliseconds between two instants in which at least one stop stood; an open stop stands until `to`. Overlaps count once; 0 where `to` is not after `from`. */
export function stoppedMs(stops: readonly Stop[], from: string, to: string): number {
  if (stops.length === 0 || to <= from) return 0;
  let total = 0;
  let counted = from;
  for (const stop of inBeginningOrder(stops)) {
    const begins = stop.from > counted ? stop.from : counted;
    const ends = stop.to === undefined || stop.to > to ? to : stop.to;
    if (ends <= begins) continue;
    total += Date.parse(ends) - Date.parse(begins);
    counted = ends;
  }
  return total;
}

function inBeginningOrder(stops: readonly Stop[]): readonly Stop[] {
  const inOrder = stops.every((stop, i) => i === 0 || stops[i - 1]!.from <= stop.from);
  return inOrder ? stops : stops.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}
