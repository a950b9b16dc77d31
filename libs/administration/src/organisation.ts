import { type DossierCodeScheme, type UnitKind } from '@par/contracts';
import { firstDayOf, isTimeZone, lastDayOf, localDate, type Period } from './period.ts';
import { unitHistories, type OrganisationFinding, type UnitEvent, type UnitHistory, type UnitName } from './unit-history.ts';

/** A unit of the organisation with its dates of effect. */
export interface Unit {
  /** Internal id, never used again for another unit. */
  id: string;
  /** Official code while in force (GSO code or agency identifier); another unit may have it before or after. */
  code?: string;
  /** Agency identifier (mã định danh) while in force, highest level first: `H57.21`. */
  organ?: string;
  kind: UnitKind;
  parent?: string;
  /** Whether it is a state agency that goal 6c counts. */
  agency: boolean;
  /** First day in force, local date `YYYY-MM-DD`. */
  validFrom: string;
  /** First day NOT in force (exclusive); absent while it has no end. */
  validTo?: string;
  /** Its names from the oldest on. */
  names: UnitName[];
  /** Ids of the units that it became part of: one for a merger, several for a split, none for a closure. */
  successors: string[];
  /** IANA zone of its city. */
  timeZone: string;
  /** Form of its city's dossier codes. */
  dossierCodes: DossierCodeScheme;
  /** Id of its city, the root above it; a city's own id for a city. */
  city: string;
}

/**
 * The effective-dated organisation, folded from its events. Immutable. Order and duplicates of the events do not matter.
 * A unit whose city is not known yet is held back (`unresolved`), because without the city's zone no day can be told.
 */
export class Organisation {
  /** Contradictions in the events, sorted; see `OrganisationFinding`. */
  readonly findings: readonly OrganisationFinding[];
  /** Ids of units that were opened but not yet placed under a city with a time zone, sorted. */
  readonly unresolved: readonly string[];
  readonly #units: ReadonlyMap<string, Unit>;
  /** Units by official code, the one opened last first. */
  readonly #byCode: ReadonlyMap<string, Unit[]>;
  /** Units by agency identifier, the one opened first first. */
  readonly #byOrgan: ReadonlyMap<string, Unit[]>;
  readonly #children: ReadonlyMap<string, Unit[]>;

  private constructor(units: readonly Unit[], unresolved: readonly string[], findings: readonly OrganisationFinding[]) {
    this.#units = new Map(units.map((unit) => [unit.id, unit]));
    this.#children = groupBy(units, (unit) => unit.parent);
    this.#byCode = groupBy(units, (unit) => unit.code);
    for (const holders of this.#byCode.values()) holders.sort((a, b) => order(b.validFrom, a.validFrom) || order(a.id, b.id));
    this.#byOrgan = groupBy(units, (unit) => unit.organ);
    for (const holders of this.#byOrgan.values()) holders.sort((a, b) => order(a.validFrom, b.validFrom) || order(a.id, b.id));
    this.unresolved = unresolved;
    this.findings = [...findings, ...sharedCodes(this.#byCode)].sort(
      (a, b) => order(a.unit, b.unit) || order(a.code, b.code) || order(a.about ?? '', b.about ?? ''),
    );
  }

  static fold(events: Iterable<UnitEvent>): Organisation {
    const { histories, findings } = unitHistories(events);
    const byId = new Map(histories.map((history) => [history.id, history]));
    const units: Unit[] = [];
    const unresolved: string[] = [];
    for (const history of histories) {
      const root = rootOf(history, byId);
      if ('code' in root) {
        unresolved.push(history.id);
        findings.push(root);
      } else units.push(unitOf(history, root));
    }
    return new Organisation(units, unresolved, findings);
  }

  /** The unit of an id, whenever it was in force; undefined where it is not known or not resolved. */
  unit(id: string): Unit | undefined {
    return this.#units.get(id);
  }

  /** Every resolved unit of any date, sorted by id. */
  units(): Unit[] {
    return [...this.#units.values()];
  }

  /**
   * The unit that an id, or an official code, meant at an instant, by the calendar of the unit's city. A code goes to the unit
   * that had it in force on that day; while a merger is half told (the new unit is open, the old one not yet ended) to the newer.
   */
  resolve(idOrCode: string, at: Date): Unit | 'unknown' | 'not-in-force' {
    const unit = this.#units.get(idOrCode);
    const candidates = unit ? [unit] : this.#byCode.get(idOrCode);
    if (!candidates) return 'unknown';
    return candidates.find((candidate) => isInForce(candidate, localDate(at, candidate.timeZone))) ?? 'not-in-force';
  }

  /**
   * The unit that an agency identifier (in its canonical form, `H57.21`) meant on a local date `YYYY-MM-DD`: the one that had it in force on that day, else the first that
   * got it later, since what was sent to a body before a reorganisation goes to the one that came after it.
   */
  unitByOrgan(canonical: string, on: string): Unit | 'unknown' | 'not-in-force' {
    const holders = this.#byOrgan.get(canonical);
    if (!holders) return 'unknown';
    return holders.findLast((unit) => isInForce(unit, on)) ?? holders.find((unit) => unit.validFrom > on) ?? 'not-in-force';
  }

  /** Units in force on a local date `YYYY-MM-DD`, sorted by id. */
  inForce(on: string): Unit[] {
    return this.units().filter((unit) => isInForce(unit, on));
  }

  /** Units in force on at least one day of a period, sorted by id; for `all` every unit that was ever in force. */
  inForceDuring(period: Period): Unit[] {
    const first = firstDayOf(period);
    const last = lastDayOf(period);
    return this.units().filter(
      ({ validFrom, validTo }) =>
        (validTo === undefined || validFrom < validTo) &&
        (last === undefined || validFrom <= last) &&
        (first === undefined || validTo === undefined || first < validTo),
    );
  }

  /** The cities. */
  roots(): Unit[] {
    return this.units().filter((unit) => unit.parent === undefined);
  }

  /** Every unit below a unit, at any depth and of any date, without itself, sorted by id. */
  below(id: string): Unit[] {
    const children = this.#children.get(id) ?? [];
    return children.flatMap((child) => [child, ...this.below(child.id)]).sort((a, b) => order(a.id, b.id));
  }

  /** Vietnamese name on a local date, or the last one; the id itself where the unit is not known. */
  nameOf(id: string, on?: string): string {
    return this.#nameOn(id, on)?.name ?? id;
  }

  /** English name on a local date, or the last one; the Vietnamese name where there is none. */
  nameEnOf(id: string, on?: string): string {
    const name = this.#nameOn(id, on);
    return name?.nameEn ?? name?.name ?? id;
  }

  #nameOn(id: string, on?: string): UnitName | undefined {
    const names = this.#units.get(id)?.names ?? [];
    // Before its first day a unit is called what it was called first.
    return (on === undefined ? names.at(-1) : names.findLast((name) => name.from <= on)) ?? names[0];
  }
}

/** Whether a unit is in force on a local date `YYYY-MM-DD`. */
export function isInForce(unit: Pick<Unit, 'validFrom' | 'validTo'>, on: string): boolean {
  return unit.validFrom <= on && (unit.validTo === undefined || on < unit.validTo);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function groupBy(units: readonly Unit[], keyOf: (unit: Unit) => string | undefined): Map<string, Unit[]> {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const key = keyOf(unit);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(unit);
    else groups.set(key, [unit]);
  }
  return groups;
}

/** The city above a unit, or why there is none to be found. */
function rootOf(start: UnitHistory, byId: ReadonlyMap<string, UnitHistory>): UnitHistory | OrganisationFinding {
  const seen = new Set<string>();
  let history = start;
  while (history.opened.parent !== undefined) {
    if (seen.has(history.id)) return { code: 'unit.parent-cycle', unit: start.id };
    seen.add(history.id);
    const parent = byId.get(history.opened.parent);
    if (!parent) return { code: 'unit.parent-unknown', unit: start.id, about: history.opened.parent };
    history = parent;
  }
  if (history.opened.kind !== 'city') return { code: 'unit.root-is-no-city', unit: start.id, about: history.id };
  const { timeZone } = history.opened;
  if (timeZone === undefined || !isTimeZone(timeZone)) return { code: 'unit.time-zone-unknown', unit: start.id, about: history.id };
  return history;
}

function unitOf({ id, opened, validTo, names, successors }: UnitHistory, city: UnitHistory): Unit {
  return {
    id,
    ...(opened.code !== undefined && { code: opened.code }),
    ...(opened.organ !== undefined && { organ: opened.organ }),
    kind: opened.kind,
    ...(opened.parent !== undefined && { parent: opened.parent }),
    agency: opened.agency,
    validFrom: opened.validFrom,
    ...(validTo !== undefined && { validTo }),
    names,
    successors,
    timeZone: city.opened.timeZone ?? '',
    dossierCodes: city.opened.dossierCodes ?? 'national',
    city: city.id,
  };
}

/** Units that hold one code on one day. Neighbours in the order of opening are enough to see that it happens. */
function sharedCodes(byCode: ReadonlyMap<string, Unit[]>): OrganisationFinding[] {
  return [...byCode.values()].flatMap((holders) =>
    holders.flatMap((newer, i): OrganisationFinding[] => {
      const older = holders
        .slice(i + 1)
        .find((unit) => isInForce(unit, newer.validFrom) && (!newer.validTo || newer.validFrom < newer.validTo));
      return older ? [{ code: 'unit.code-shared', unit: newer.id, about: older.id }] : [];
    }),
  );
}
