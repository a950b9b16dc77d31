import { isInForce, localDate, type Organisation, type Unit } from '@par/administration';
import { type ConnectionSpan, isConnectedAt } from './link-fact.ts';
import { appliesTo, type Indicator } from './plan.ts';

/** What the state rules look at. */
export interface NetworkFacts {
  /** Accepted connections per unit. */
  connections: ReadonlyMap<string, readonly ConnectionSpan[]>;
  /** When each unit was last heard over the dedicated network (ISO). */
  lastHeard: ReadonlyMap<string, string>;
}

export interface UnitState {
  unit: string;
  numerator: 0 | 1;
  reasons: string[];
}

/**
 * The state of every state agency in force at an instant. `accepted-connection`: agencies with an accepted connection ÷ agencies (goal 6c;
 * TT 23/2018 art. 8 is the nearest official model). `heard-within-hours`: agencies heard from within the last N hours ÷ agencies.
 * Computed when read, because the clock alone moves it.
 */
export function unitStates(indicator: Indicator, rule: string, organisation: Organisation, facts: NetworkFacts, at: Date): UnitState[] {
  const agencies = organisation
    .units()
    .filter((unit) => unit.agency && appliesTo(indicator, unit.kind) && isInForce(unit, localDate(at, unit.timeZone)));
  return agencies.map((unit) => stateOfUnit(indicator, rule, unit, facts, at));
}

function stateOfUnit(indicator: Indicator, rule: string, unit: Unit, facts: NetworkFacts, at: Date): UnitState {
  if (rule === 'accepted-connection') {
    const isConnected = isConnectedAt(facts.connections.get(unit.id) ?? [], at.toISOString());
    return { unit: unit.id, numerator: isConnected ? 1 : 0, reasons: isConnected ? [] : ['no-accepted-connection'] };
  }
  const last = facts.lastHeard.get(unit.id);
  const since = at.getTime() - (indicator.withinHours ?? 8) * 3_600_000;
  if (last !== undefined && Date.parse(last) >= since) return { unit: unit.id, numerator: 1, reasons: [] };
  return { unit: unit.id, numerator: 0, reasons: [last === undefined ? 'never-heard' : 'silent'] };
}
