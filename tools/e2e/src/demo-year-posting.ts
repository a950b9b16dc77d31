import { DOOR_OF, type Door, type ProducerEvent } from '@par/contracts';
import { type PostedResult, type SpecCity } from './spec-city.ts';

/** How a year is posted: in which order, how much of it twice, in batches of which sizes. */
export interface Posting {
  seed: number;
  /** Share of the events that come a second time, somewhere. */
  twice: number;
  /** Sizes of batches, taken in turn. */
  batches: readonly number[];
}

const LANES = 4;

/** A small generator of its own (LCG of Numerical Recipes), so that a spec that fails fails again. */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const next = numbersOf(seed);
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

export function isUnitEvent({ type }: ProducerEvent): boolean {
  return type.startsWith('vn.par.unit.');
}

/** What a front door tells two events apart by. */
export function identityOf({ type, source, id }: ProducerEvent): string {
  return JSON.stringify([DOOR_OF[type], source, id]);
}

/**
 * Posts a year to a city: its units in their order, then everything else shuffled, some of it twice, to all replicas of the doors in turn. Answers how often
 * each result was given. @throws where a door refuses an event or finds a conflict, with the first of them
 */
export async function postShuffled(city: SpecCity, events: readonly ProducerEvent[], posting: Posting): Promise<Record<string, number>> {
  await city.open(events.filter(isUnitEvent));
  const others = events.filter((event) => !isUnitEvent(event));
  const next = numbersOf(posting.seed + 1);
  const again = others.filter(() => next() < posting.twice);
  const inOrder = shuffled([...others, ...again], posting.seed);
  const results: Record<string, number> = { posted: inOrder.length };
  const batches = (['dossier-intake', 'edocument-workflow'] as const).flatMap((door) =>
    cut(
      door,
      inOrder.filter(({ type }) => DOOR_OF[type] === door),
      posting.batches,
    ),
  );
  const waiting = shuffled(batches, posting.seed + 2).entries();
  const lane = async (): Promise<void> => {
    // All lanes take from one iterator, so each batch is posted once.
    for (const [n, { door, part }] of waiting) {
      const answers = await city.post(door, part, n);
      answers.forEach((answer, i) => count(results, answer, part[i]!));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

function cut(door: Door, events: readonly ProducerEvent[], sizes: readonly number[]): { door: Door; part: ProducerEvent[] }[] {
  const batches: { door: Door; part: ProducerEvent[] }[] = [];
  for (let from = 0; from < events.length;) {
    const size = sizes[batches.length % sizes.length]!;
    batches.push({ door, part: events.slice(from, from + size) });
    from += size;
  }
  return batches;
}

function count(results: Record<string, number>, { result, code, field }: PostedResult, event: ProducerEvent): void {
  if (result !== 'accepted' && result !== 'duplicate') throw new Error(`${result} ${code} ${field ?? ''}: ${JSON.stringify(event)}`);
  results[result] = (results[result] ?? 0) + 1;
}
