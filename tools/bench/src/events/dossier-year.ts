import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DOOR_OF, type ProducerEvent } from '@par/contracts';
import { demoYear } from '@par/demo-year';
import { writeEventLines } from '../load/event-lines.ts';
import type { BenchContext } from '../row.ts';

const SEED = 2021;

/** Events of a made-up year, in the order in which they were sent: what comes before the measuring, and what is measured. */
export interface DossierYear {
  /** Units, procedures, declarations, heartbeats, documents: all that is no step of a dossier. */
  before: ProducerEvent[];
  /** File of the lives of dossiers and work dossiers. */
  file: string;
  events: number;
}

/** Real lives of dossiers from the demo year, spread over the city's offices as it spreads them; about eight events each. */
export function dossierYear(ctx: Pick<BenchContext, 'directory' | 'quick'>): DossierYear {
  const dossiers = ctx.quick ? 10_000 : 45_000;
  const file = join(ctx.directory, `lives-${dossiers}.events`);
  const before: ProducerEvent[] = [];
  const lives: ProducerEvent[] = [];
  const told = new Set<string>();
  for (const event of demoYear({ dossiers, seed: SEED })) {
    // Some of its senders send twice, as real ones do; here every event is to be counted, so that the ways are compared by what they count.
    const identity = `${DOOR_OF[event.type]} ${event.source} ${event.id}`;
    if (told.has(identity)) continue;
    told.add(identity);
    (isOfDossier(event) ? lives : before).push(event);
  }
  if (!existsSync(file)) writeEventLines(file, lives);
  return { before, file, events: lives.length };
}

export function isOfDossier({ type }: Pick<ProducerEvent, 'type'>): boolean {
  return type.startsWith('vn.par.dossier.') || type.startsWith('vn.par.work-dossier.');
}
