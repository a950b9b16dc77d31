import { Injectable } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { type FigureSlot, type Slots } from './contribution-parts.ts';
import { type Plan } from './plan.ts';

/** The slots as the table has them. Numbers are only ever added, so a copy in memory lacks some at most. */
class KnownSlots implements Slots {
  /** By indicator, rule and version: looked up for every contribution, so no key is put together for it. */
  readonly #numbers = new Map<string, Map<string, Map<number, number>>>();
  readonly #figures = new Map<number, FigureSlot>();

  constructor(rows: readonly (FigureSlot & { number: number })[]) {
    for (const { number, ...slot } of rows) {
      this.#figures.set(number, slot);
      const rules = this.#numbers.get(slot.indicator) ?? new Map<string, Map<number, number>>();
      this.#numbers.set(slot.indicator, rules);
      rules.set(slot.rule, (rules.get(slot.rule) ?? new Map<number, number>()).set(slot.ruleVersion, number));
    }
  }

  knows(slot: FigureSlot): boolean {
    return this.#numberOf(slot) !== undefined;
  }

  numberOf(slot: FigureSlot): number {
    const number = this.#numberOf(slot);
    if (number === undefined) throw new Error(`figure ${slot.indicator} by ${slot.rule} ${slot.ruleVersion} has no slot`);
    return number;
  }

  #numberOf({ indicator, rule, ruleVersion }: FigureSlot): number | undefined {
    return this.#numbers.get(indicator)?.get(rule)?.get(ruleVersion);
  }

  figureOf(number: number): FigureSlot {
    const figure = this.#figures.get(number);
    if (!figure) throw new Error(`slot ${number} is not known`);
    return figure;
  }

  numbersOf(indicator: string, rule: string): number[] {
    return [...(this.#numbers.get(indicator)?.get(rule)?.values() ?? [])];
  }
}

/** Gives numbers to figures. Written outside the caller's transaction: a number that was seen once stands, whatever becomes of the caller. */
@Injectable()
export class FigureSlots {
  #known = new KnownSlots([]);
  readonly #plans = new WeakSet<Plan>();

  constructor(private readonly database: Database) {}

  /** The slots of a plan and of all plans before it. */
  async ofPlan(plan: Plan): Promise<Slots> {
    if (this.#plans.has(plan)) return this.#known;
    const wanted = plan.indicators
      .filter(({ kind }) => kind === 'count')
      .flatMap(({ id, rules }) => rules.map(({ rule, version }): FigureSlot => ({ indicator: id, rule, ruleVersion: version })));
    await this.#read();
    const missing = wanted.filter((slot) => !this.#known.knows(slot));
    if (missing.length > 0) {
      await this.database.query(
        `INSERT INTO figure_slot (indicator, rule, rule_version) SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) ON CONFLICT DO NOTHING`,
        [missing.map((slot) => slot.indicator), missing.map((slot) => slot.rule), missing.map((slot) => slot.ruleVersion)],
      );
      await this.#read();
    }
    this.#plans.add(plan);
    return this.#known;
  }

  /** Every slot there is now. */
  async all(): Promise<Slots> {
    await this.#read();
    return this.#known;
  }

  async #read(): Promise<void> {
    this.#known = new KnownSlots(
      await this.database.query<FigureSlot & { number: number }>(
        'SELECT number, indicator, rule, rule_version AS "ruleVersion" FROM figure_slot ORDER BY number',
      ),
    );
  }
}
