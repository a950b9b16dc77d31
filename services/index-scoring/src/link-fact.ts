import { byTimeThenIdentity, type KeptEvent } from './kept-event.ts';

/** A unit's accepted connection to the dedicated network, from an instant to an instant (open while it lasts). */
export interface ConnectionSpan {
  from: string;
  to?: string;
}

/** Folds a unit's network events to the spans in which its connection was accepted (TT 23/2018 art. 8: completed connection). */
export function foldConnection(events: readonly KeptEvent[]): ConnectionSpan[] {
  const spans: ConnectionSpan[] = [];
  const ordered = [...events].sort(byTimeThenIdentity);
  for (const event of ordered) {
    const last = spans.at(-1);
    const isOpen = last !== undefined && last.to === undefined;
    if (event.type === 'vn.par.network.connection-accepted.v1' && !isOpen) spans.push({ from: event.time });
    if (event.type === 'vn.par.network.connection-lost.v1' && isOpen) last.to = event.time;
  }
  return spans;
}

export function isConnectedAt(spans: readonly ConnectionSpan[], at: string): boolean {
  return spans.some((span) => span.from <= at && (span.to === undefined || at < span.to));
}
