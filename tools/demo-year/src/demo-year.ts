import { type ProducerEvent } from '@par/contracts';
import { Chance } from './chance.ts';
import { Declarations } from './declared-life.ts';
import { arrivalsPerDay, Arrivals } from './demo-arrivals.ts';
import { demoUnits, Offices } from './demo-offices.ts';
import { demoCatalogue } from './demo-procedures.ts';
import { OfficeLife } from './document-life.ts';
import { tellDossier } from './dossier-life.ts';
import { CodeBook, DossierStory } from './dossier-story.ts';
import { tellNetwork } from './network-life.ts';
import { dateOf, DAY, isWorkingDay } from './office-time.ts';
import { Outgoing, send } from './sending.ts';
import { tellOwnWork } from './work-steps.ts';

export interface DemoYearOptions {
  /** Applications that come in over the year. */
  dossiers: number;
  seed: number;
}

/** Matters of an office's own for each application. */
const OWN_WORK = 0.1;

/**
 * A made-up year 2021 of Huế as its software would have posted it: first the units, then every event in the order in which it was sent. Real are the
 * organisation with its merger of 1 July, the calendar and four published scores; every office's behaviour, procedure, dossier and count is invented.
 * Pure: the same options give the same events, byte for byte. Streams: only what was not yet sent is in memory.
 */
export function* demoYear({ dossiers, seed }: DemoYearOptions): Generator<ProducerEvent> {
  yield* demoUnits();
  const offices = new Offices(seed);
  const outgoing = new Outgoing();
  const catalogue = demoCatalogue(seed, offices);
  const chance = Chance.of(seed, 'catalogue/sending');
  for (const draft of catalogue.drafts) outgoing.add(send(draft, { kind: 'plain' }, offices, chance));
  tellNetwork(seed, offices, outgoing);
  new Declarations(seed, offices, outgoing, dossiers).tellAll();

  const arrivals = new Arrivals(seed, offices, catalogue);
  const codes = new CodeBook(offices);
  let index = 0;
  let ownWork = 0;
  const officeLife = new OfficeLife(seed, offices, outgoing);
  let earlierCode: string | undefined;
  for (const [midnight, count] of arrivalsPerDay(dossiers)) {
    for (let n = 0; n < count; n++) {
      const arrival = arrivals.arrival(index, midnight);
      const story = new DossierStory(arrival, codes.codeOf(arrival), offices, outgoing);
      tellDossier(story, earlierCode);
      earlierCode = story.code;
      index += 1;
    }
    if (isWorkingDay(dateOf(midnight))) {
      for (const due = Math.floor(index * OWN_WORK); ownWork < due; ownWork++)
        tellOwnWork(ownWork + 1, midnight, Chance.of(seed, `own-work/${ownWork}`), offices, outgoing);
      officeLife.tellDay(midnight, index);
    }
    codes.forgetBefore(dateOf(midnight - DAY));
    yield* outgoing.before(midnight + DAY);
  }
  yield* outgoing.before(Infinity);
}
