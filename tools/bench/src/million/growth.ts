import { layIntoQueue, SCORED, scoringIsExact } from '../drain/scoring.ts';
import { watchDrain } from '../drain/watch-drain.ts';
import { type BenchContext, cpuMsPerEvent, type WayResult } from '../row.ts';
import { type City, dossiersIn, withScoring } from './city.ts';
import { moreEvents } from './more-events.ts';

/** What counting costs in a city of some size. Leaves the events in it. */
export interface CostOfCounting extends WayResult {
  dossiers: number;
  events: number;
}

/** Has index-scoring count some more events in a city and measures what that costs; the city then has them. */
export async function countMore(ctx: BenchContext, city: City, count: number): Promise<CostOfCounting> {
  const dossiers = await dossiersIn(city);
  const events = await moreEvents(city, count);
  return withScoring(ctx, city, async (scoring, place) => {
    const all = city.events + events.length;
    const watching = watchDrain(ctx, { databaseUrl: place.databaseUrl, text: SCORED }, all, { scoring: () => [scoring.pid] });
    watching.catch(() => undefined);
    await layIntoQueue(place, events);
    const drained = await watching;
    city.events = all;
    const { exact } = await scoringIsExact(scoring, all);
    return {
      value: drained.perSecond,
      unit: 'events/s',
      exact,
      dossiers,
      events: drained.events,
      cpuMsPerEvent: cpuMsPerEvent(drained.metering, drained.events),
      walBytesPerEvent: drained.metering.walBytes / drained.events,
    };
  });
}
