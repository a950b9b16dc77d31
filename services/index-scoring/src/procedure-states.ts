import { type Procedure } from '@par/administration';
import { type StateWorld } from './state-world.ts';

/** The procedures of the city in force at the instant. */
export function proceduresOf({ catalogue, city, at }: StateWorld): Procedure[] {
  return catalogue.inForce(city.id, at);
}

export function levelAt({ code }: Procedure, { catalogue, city, at }: StateWorld): number | undefined {
  return catalogue.levelAt(city.id, code, at);
}

/** Offered at level 3 or 4 (scheme 2022: một phần or toàn trình). */
export function isOnline(procedure: Procedure, world: StateWorld): boolean {
  return (levelAt(procedure, world) ?? 0) >= 3;
}

/** Whether its term was shortened between the start of the year and the instant. */
export function wasCut({ cuts }: Procedure, { yearFrom, at }: StateWorld): boolean {
  return cuts.some((cut) => cut.at >= yearFrom && cut.at <= at);
}

export function hasIso({ iso }: Procedure, at: string): boolean {
  return iso.some((span) => span.from <= at && (span.to === undefined || at < span.to));
}
