import { type AnyEvent } from '@par/contracts';

/** Ids of the units that have to be known before an event can be counted: its own, and the one that answers for a dossier. */
export function unitsNamedIn(event: Pick<AnyEvent, 'type' | 'unit' | 'data'>): string[] {
  if (event.type.startsWith('vn.par.unit.')) return [];
  if (event.type !== 'vn.par.dossier.received.v1') return [event.unit];
  const { responsible } = event.data as { responsible?: string };
  return responsible === undefined ? [event.unit] : [event.unit, responsible];
}
