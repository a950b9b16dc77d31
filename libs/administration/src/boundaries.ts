import { type UnitKind } from '@par/contracts';
import { type Label } from './labels.ts';
import { isInForce, type Organisation, type Unit } from './organisation.ts';
import { firstDayOf, lastDayOf, type Period } from './period.ts';

/** How values add up and, where shares are declared, how one is divided. `divide` conserves: its parts add up to the value. */
export interface Additive<V> {
  zero: V;
  add(a: V, b: V): V;
  /** One part for each weight; weights are not negative and not all zero. */
  divide(value: V, weights: readonly number[]): V[];
}

export interface Ratio {
  numerator: number;
  denominator: number;
}

/** Counts, numerator and denominator. Parts are whole numbers, and no part of a numerator exceeds its denominator where the whole does not. */
export const RATIO: Additive<Ratio> = {
  zero: { numerator: 0, denominator: 0 },
  add: (a, b) => ({ numerator: a.numerator + b.numerator, denominator: a.denominator + b.denominator }),
  divide({ numerator, denominator }, weights) {
    const rest = inWholeParts(denominator - numerator, weights);
    return inWholeParts(numerator, weights).map((part, i) => ({ numerator: part, denominator: part + rest[i]! }));
  },
};

/** A unit's own figure, as it was counted. */
export interface BoundaryLeaf<V> {
  unit: string;
  value: V;
}

/**
 * `unit`: a unit in force on the day, with its own figures and those of units that belong to it as a whole. `joined`: a unit that opened later from
 * several that were in force on the day; its figures cannot be told apart. `undivided`: a unit that was split before the day; its figures cannot be
 * divided without a guess. `not-yet`: a unit that opened later and came from outside. `no-successor`: a unit that ended before the day and left nothing
 * in force. `unknown`: a unit that the organisation does not have.
 */
export type BoundaryRowKind = 'unit' | 'joined' | 'undivided' | 'not-yet' | 'no-successor' | 'unknown';
const KINDS: readonly BoundaryRowKind[] = ['unit', 'joined', 'undivided', 'not-yet', 'no-successor', 'unknown'];

export interface BoundaryRow<V> {
  /** `<kind>:<unit>`, one row for each. */
  key: string;
  kind: BoundaryRowKind;
  /** The unit that the row is about. */
  unit: string;
  /** Units whose figures are in the row, sorted; empty where none has any. */
  units: string[];
  /** For `joined` the units it came from, for `undivided` those that its parts went to, sorted; otherwise empty. */
  related: string[];
  /** Units that a unit in force on the day took in after it: from then on its own figures hold theirs, or a part of them, too. */
  absorbs: { unit: string; from: string; whole: boolean }[];
  name: Label;
  value: V;
  /** Whether a part of the value was divided by declared shares: worked out, not counted. */
  estimated: boolean;
}

export interface BoundaryView<V> {
  /** Local date `YYYY-MM-DD` whose boundaries are used. */
  on: string;
  sum: Additive<V>;
  /** Units that have a row even without figures: of these kinds, of this city. All where absent. */
  kinds?: readonly UnitKind[];
  city?: string;
  /** Weights (people, km²) of the parts of a unit that was split: unit → successor → weight. Used where every successor has one. */
  shares?: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** The day whose boundaries are the old or the new ones of a period: its first or its last. Undefined for `all`. */
export function boundaryDayOf(period: Period, boundaries: 'old' | 'new'): string | undefined {
  return boundaries === 'old' ? firstDayOf(period) : lastDayOf(period);
}

/**
 * Lays leaf figures out in the boundaries of a day. What went into one unit is followed there, through any number of mergers; nothing is divided or
 * told apart by guess. Σ of the rows = Σ of the leaves, whatever the organisation's events say. Rows of units first, then by kind and unit id.
 */
export function inBoundaries<V>(organisation: Organisation, leaves: Iterable<BoundaryLeaf<V>>, view: BoundaryView<V>): BoundaryRow<V>[] {
  const layout = new Layout(organisation, view);
  for (const unit of organisation.inForce(view.on)) {
    const isAsked = (!view.kinds || view.kinds.includes(unit.kind)) && (view.city === undefined || unit.city === view.city);
    if (isAsked) layout.row('unit', unit.id);
  }
  for (const { unit, value } of leaves) layout.place(unit, value);
  return layout.rows();
}

interface Part<V> {
  leaf: string;
  value: V;
  estimated: boolean;
}

class Layout<V> {
  readonly #organisation: Organisation;
  readonly #view: BoundaryView<V>;
  readonly #rows = new Map<string, Omit<BoundaryRow<V>, 'units' | 'name'> & { units: Set<string>; isOpenEnded: boolean }>();
  readonly #predecessors = new Map<string, Unit[]>();

  constructor(organisation: Organisation, view: BoundaryView<V>) {
    this.#organisation = organisation;
    this.#view = view;
    for (const unit of organisation.units())
      for (const successor of new Set(unit.successors)) {
        const others = this.#predecessors.get(successor);
        if (others) others.push(unit);
        else this.#predecessors.set(successor, [unit]);
      }
  }

  place(leaf: string, value: V): void {
    const part = { leaf, value, estimated: false };
    const unit = this.#organisation.unit(leaf);
    if (!unit) this.#add(part, 'unknown', leaf);
    else if (isInForce(unit, this.#view.on)) this.#add(part, 'unit', leaf);
    else if (this.#hasEnded(unit)) this.#forward(unit, part, new Set());
    else this.#back(unit, part);
  }

  /** The row of a kind and unit, made where it is not there yet. */
  row(kind: BoundaryRowKind, unit: string, related: readonly string[] = [], isOpenEnded = false) {
    const key = `${kind}:${unit}`;
    let row = this.#rows.get(key);
    if (!row) {
      const absorbs = kind === 'unit' ? this.#absorbedBy(unit) : [];
      const value = this.#view.sum.zero;
      row = { key, kind, unit, units: new Set(), related: [...related], absorbs, value, estimated: false, isOpenEnded };
      this.#rows.set(key, row);
    }
    return row;
  }

  rows(): BoundaryRow<V>[] {
    const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    return [...this.#rows.values()]
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || order(a.unit, b.unit))
      .map(({ key, kind, unit, units, related, absorbs, value, estimated, isOpenEnded }) => ({
        key,
        kind,
        unit,
        units: [...units].sort(order),
        related,
        absorbs,
        name: this.#nameOf(kind, unit, related, isOpenEnded),
        value,
        estimated,
      }));
  }

  #add(part: Part<V>, kind: BoundaryRowKind, unit: string, related: readonly string[] = [], isOpenEnded = false): void {
    const row = this.row(kind, unit, related, isOpenEnded);
    row.units.add(part.leaf);
    row.value = this.#view.sum.add(row.value, part.value);
    row.estimated ||= part.estimated;
  }

  #hasEnded({ validTo }: Unit): boolean {
    return validTo !== undefined && validTo <= this.#view.on;
  }

  /** Follows what a unit that ended before the day became. */
  #forward(unit: Unit, part: Part<V>, seen: Set<string>): void {
    seen.add(unit.id);
    const [successor, ...others] = unit.successors;
    if (successor === undefined) return this.#add(part, 'no-successor', unit.id);
    if (others.length === 0) return this.#forwardTo(successor, unit, part, seen);
    const weights = this.#weightsOf(unit);
    if (weights) {
      const parts = this.#view.sum.divide(part.value, weights);
      // Each part has a way of its own; what one has seen the other may pass too.
      return unit.successors.forEach((id, i) =>
        this.#forwardTo(id, unit, { leaf: part.leaf, value: parts[i]!, estimated: true }, new Set(seen)),
      );
    }
    const { reached, isOpenEnded } = this.#reach(unit);
    const [only, ...more] = reached;
    if (only === undefined) this.#add(part, 'no-successor', unit.id);
    else if (more.length === 0 && !isOpenEnded) this.#add(part, 'unit', only);
    else this.#add(part, 'undivided', unit.id, reached, isOpenEnded);
  }

  #forwardTo(id: string, from: Unit, part: Part<V>, seen: Set<string>): void {
    const next = this.#organisation.unit(id);
    if (next && isInForce(next, this.#view.on)) this.#add(part, 'unit', id);
    else if (next && this.#hasEnded(next) && !seen.has(id)) this.#forward(next, part, seen);
    else this.#add(part, 'no-successor', from.id);
  }

  /** Weights of a split unit's successors in their order; undefined where they are not all declared. */
  #weightsOf({ id, successors }: Unit): number[] | undefined {
    const shares = this.#view.shares?.get(id);
    if (!shares) return undefined;
    const weights = successors.map((successor) => (Object.hasOwn(shares, successor) ? shares[successor]! : NaN));
    const isUsable = weights.every((weight) => Number.isFinite(weight) && weight >= 0) && weights.some((weight) => weight > 0);
    return isUsable ? weights : undefined;
  }

  /** Units in force on the day that an ended unit went to, over any number of changes, and whether some of it went nowhere. */
  #reach(start: Unit): { reached: string[]; isOpenEnded: boolean } {
    const reached = new Set<string>();
    let isOpenEnded = false;
    const state = new Map<string, 'on-the-way' | 'done'>();
    const walk = (unit: Unit): void => {
      state.set(unit.id, 'on-the-way');
      if (unit.successors.length === 0) isOpenEnded = true;
      for (const id of unit.successors) {
        const next = this.#organisation.unit(id);
        if (next && isInForce(next, this.#view.on)) reached.add(id);
        // Not known, opens later, or round in a ring.
        else if (!next || !this.#hasEnded(next) || state.get(id) === 'on-the-way') isOpenEnded = true;
        else if (!state.has(id)) walk(next);
      }
      state.set(unit.id, 'done');
    };
    walk(start);
    return { reached: [...reached].sort(), isOpenEnded };
  }

  /** Follows a unit that opens after the day back to what it came from. */
  #back(unit: Unit, part: Part<V>): void {
    const { inForce, others } = this.#originsOf(unit);
    const [only, ...more] = inForce;
    if (only === undefined) this.#add(part, 'not-yet', unit.id);
    else if (more.length === 0 && others.length === 0) this.#add(part, 'unit', only);
    else this.#add(part, 'joined', unit.id, [...inForce, ...others].sort());
  }

  /** What a unit that opens after the day came from: units in force on the day, and others that lead no further back. */
  #originsOf(start: Unit): { inForce: string[]; others: string[] } {
    const inForce = new Set<string>();
    const others = new Set<string>();
    const seen = new Set([start.id]);
    const walk = (unit: Unit): void => {
      for (const before of this.#predecessors.get(unit.id) ?? []) {
        if (seen.has(before.id)) continue;
        seen.add(before.id);
        if (isInForce(before, this.#view.on)) inForce.add(before.id);
        else if (this.#hasEnded(before) || !this.#predecessors.has(before.id)) others.add(before.id);
        else walk(before);
      }
    };
    walk(start);
    return { inForce: [...inForce].sort(), others: [...others].sort() };
  }

  #absorbedBy(unit: string): BoundaryRow<V>['absorbs'] {
    return (this.#predecessors.get(unit) ?? []).flatMap((before) => {
      if (before.id === unit || before.validTo === undefined || before.validTo <= this.#view.on) return [];
      return { unit: before.id, from: before.validTo, whole: before.successors.length === 1 };
    });
  }

  #nameOf(kind: BoundaryRowKind, unit: string, related: readonly string[], isOpenEnded: boolean): Label {
    const { on } = this.#view;
    const vi = this.#organisation.nameOf(unit, on);
    const en = this.#organisation.nameEnOf(unit, on);
    const listVi = (separator: string) => related.map((id) => this.#organisation.nameOf(id, on)).join(separator);
    const listEn = (separator: string) => related.map((id) => this.#organisation.nameEnOf(id, on)).join(separator);
    const rest = isOpenEnded ? ', …' : '';
    switch (kind) {
      case 'unit':
        return { vi, en };
      case 'joined':
        return { vi: `${vi} (= ${listVi(' + ')})`, en: `${en} (= ${listEn(' + ')})` };
      case 'undivided':
        return { vi: `Chia tách: ${vi} → ${listVi(', ')}${rest}`, en: `Split: ${en} → ${listEn(', ')}${rest}` };
      case 'not-yet':
        return { vi: `${vi} (chưa có hiệu lực)`, en: `${en} (not yet in force)` };
      case 'no-successor':
        return { vi: `${vi} (hết hiệu lực, không có đơn vị kế thừa)`, en: `${en} (ended, no successor in force)` };
      case 'unknown':
        return { vi: `${vi} (đơn vị chưa biết)`, en: `${en} (unit not known)` };
    }
  }
}

/** Whole numbers in proportion to weights, each at most one away from its exact share, that add up to the whole. */
function inWholeParts(whole: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let weighed = 0;
  let given = 0;
  return weights.map((weight, i) => {
    weighed += weight;
    const upTo = i === weights.length - 1 ? whole : Math.round((whole * weighed) / total);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
