import { type CorrectionReason, type EventIdentity } from '@par/contracts';
import { type DossierEvent, type DossierEventOf } from './life-cycle-shape.ts';
import { byTimeThenIdentity, standingEvents } from './standing-events.ts';

type Correction = DossierEventOf<'vn.par.dossier.corrected.v1'>;

/** An event of a dossier as its timeline shows it. */
export interface LifeTimelineEntry {
  event: DossierEvent;
  /** The correction that takes this event back; of several, the first in order. */
  takenBack?: EventIdentity & { reason: CorrectionReason; at: string };
}

/** Every event of a dossier in the order of the fold, each identity once, with the correction that takes it back. A pure function of the set. */
export function lifeTimelineOf(events: Iterable<DossierEvent>): LifeTimelineEntry[] {
  const ordered = [...new Map([...events].map((event) => [keyOf(event), event])).values()].sort(byTimeThenIdentity);
  const corrections = ordered.filter((event) => event.type === 'vn.par.dossier.corrected.v1');
  const inEffect = new Set<DossierEvent>(standingEvents(ordered, 'vn.par.dossier.corrected.v1').inEffect);
  const takenBackBy = firstByTarget(corrections.filter((correction) => inEffect.has(correction)));
  // A correction that is not in effect was taken back: by one in effect, or in a ring by one that is not in effect either.
  const inRingBy = firstByTarget(corrections);
  return ordered.map((event) => {
    const key = keyOf(event);
    const isIdle = event.type === 'vn.par.dossier.corrected.v1' && !inEffect.has(event);
    const by = takenBackBy.get(key) ?? (isIdle ? inRingBy.get(key) : undefined);
    return by ? { event, takenBack: { source: by.source, id: by.id, reason: by.data.reason, at: by.time } } : { event };
  });
}

function firstByTarget(corrections: readonly Correction[]): Map<string, Correction> {
  const targets = new Map<string, Correction>();
  for (const correction of corrections) {
    const key = keyOf(correction.data);
    // None takes back itself.
    if (key !== keyOf(correction) && !targets.has(key)) targets.set(key, correction);
  }
  return targets;
}

function keyOf({ source, id }: EventIdentity): string {
  return `${source}\0${id}`;
}
