import { Injectable } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { type FigureSlot, type Slots } from './contribution-parts.ts';
import { type Plan } from './plan.ts';

/** The slots as the table has them. Numbers are only ever added, so a copy in memory lacks some at most. */
class KnownSlots implements Slots {
  readonly #numbers = new Map<string, number>();
  readonly #figures = new Map<number, FigureSlot>();
  readonly #byFigure = new Map<string, number[]>();

  constructor(rows: readonly (FigureSlot & { number: number })[]) {
    for (const { number, ...slot } of rows) {
      this.#numbers.set(keyOf(slot), number);
      this.#figures.set(number, slot);
      const figure = `${slot.indicator} ${slot.rule}`;
      this.#byFigure.set(figure, [...(this.#byFigure.get(figure) ?? []), number]);
    }
  }

  knows(slot: FigureSlot): boolean {
    return this.#numbers.has(keyOf(slot));
  }

  numberOf(slot: FigureSlot): number {
    const number = this.#numbers.get(keyOf(slot));
    if (number === undefined) throw new Error(`figure ${keyOf(slot)} has no slot`);
    return number;
  }

  figureOf(number: number): FigureSlot {
    const figure = this.#figures.get(number);
    if (!figure) throw new Error(`slot ${number} is not known`);
    return figure;
  }

  numbersOf(indicator: string, rule: string): number[] {
    return this.#byFigure.get(`${indicator} ${rule}`) ?? [];
  }
}

function keyOf({ indicator, rule, ruleVersion }: FigureSlot): string {
  return `${indicator} ${rule} ${ruleVersion}`;
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
