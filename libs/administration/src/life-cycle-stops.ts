import { findingOf } from './life-cycle-findings.ts';
import { type DossierEvent, type Finding, type FindingCode, type LifeCycle, type Stop, type StopCause } from './life-cycle-shape.ts';

const UNASKED: Readonly<Record<Stop['by'], FindingCode>> = {
  supplement: 'supplemented-without-request',
  fee: 'fee-paid-without-request',
  pause: 'resumed-without-pause',
};

/** What the fold carries from event to event. */
export interface Folding {
  life: LifeCycle;
  /** First end that was told: nothing later opens or closes a stop. */
  endsAt?: string;
  /** Latest sign that somebody works on it. */
  workedOnAt?: string;
  open: Partial<Record<Stop['by'], Stop>>;
  closedAt: Partial<Record<Stop['by'], string>>;
  /** An answer that came before its request in the order. */
  unasked: Partial<Record<Stop['by'], { at: string; finding: Finding }>>;
}

/** The clock stands still from here, where it does not for the same cause already. */
export function openStop(folding: Folding, event: DossierEvent, by: Stop['by'], cause: StopCause): void {
  if (folding.open[by] || (folding.endsAt !== undefined && event.time > folding.endsAt)) return;
  const stop: Stop = { from: event.time, cause, by };
  folding.life.stops.push(stop);
  // Sources that know days only tell request and answer at one instant, in no order.
  const unasked = folding.unasked[by];
  if (unasked?.at === event.time) {
    stop.to = event.time;
    folding.life.findings = folding.life.findings.filter((finding) => finding !== unasked.finding);
    folding.unasked[by] = undefined;
    folding.closedAt[by] = event.time;
  } else folding.open[by] = stop;
}

/** It goes on; where nothing was asked for, that is a finding. */
export function closeStop(folding: Folding, event: DossierEvent, by: Stop['by']): void {
  if (folding.endsAt !== undefined && event.time > folding.endsAt) return;
  const stop = folding.open[by];
  if (stop) {
    stop.to = event.time;
    folding.open[by] = undefined;
    folding.closedAt[by] = event.time;
  } else if (folding.closedAt[by] !== event.time && folding.unasked[by]?.at !== event.time) {
    const finding = findingOf(UNASKED[by], event);
    folding.life.findings.push(finding);
    folding.unasked[by] = { at: event.time, finding };
  }
}

/** Any end closes the stops that are open; a dossier that was not taken in waits for nobody either. */
export function closeStops({ life, open, endsAt }: Folding): void {
  const at = endsAt ?? life.intakeRefused?.at;
  if (at === undefined) return;
  for (const stop of [open.supplement, open.fee, open.pause]) if (stop) stop.to = stop.from > at ? stop.from : at;
}
