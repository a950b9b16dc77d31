import { type Spread, spreadOf } from '../measure/percentile.ts';
import { type FigureOfEvents } from './load-order.ts';

/** What the listener reads of a `figure.changed` event. */
export interface FigureChange {
  unit: string;
  data: { indicator: string; rule: string; period: string; denominator: number };
}

interface Sent {
  type: string;
  at: number;
}

/**
 * Tells when each event was counted, from figures that only say how many they have counted. Events are sent so that few share a figure (unit and month)
 * and those that do are seconds apart: a figure of `n` then says that the n-th event sent for it is counted. Where a later one overtakes an earlier one
 * nonetheless, the two exchange their times, and the spread stays what it is but for that.
 */
export class CountedEvents {
  readonly #sent = new Map<string, Sent[]>();
  readonly #counted = new Map<string, number>();
  readonly #times = new Map<string, number[]>();

  constructor(private readonly figures: readonly FigureOfEvents[]) {}

  /** @param month `YYYY-MM` in the city's zone, as the figure will have it */
  sent(event: { type: string; unit: string; month: string }, at: number): void {
    const key = `${event.type} ${event.unit} ${event.month}`;
    const sent = this.#sent.get(key);
    if (sent) sent.push({ type: event.type, at });
    else this.#sent.set(key, [{ type: event.type, at }]);
  }

  heard({ unit, data }: FigureChange, at: number, ignoreSentBefore = -Infinity): void {
    const figure = this.figures.find(
      ({ indicator, rule }) => data.indicator.startsWith(indicator) && (rule === undefined || data.rule === rule),
    );
    if (!figure) return;
    const key = `${figure.type} ${unit} ${data.period}`;
    const sent = this.#sent.get(key);
    if (!sent) return;
    // Figures of two consumers may overtake each other; what was counted once stays counted.
    for (let n = this.#counted.get(key) ?? 0; n < Math.min(data.denominator, sent.length); n++) {
      this.#counted.set(key, n + 1);
      const event = sent[n]!;
      if (event.at < ignoreSentBefore) continue;
      const times = this.#times.get(event.type);
      if (times) times.push(at - event.at);
      else this.#times.set(event.type, [at - event.at]);
    }
  }

  get uncounted(): number {
    return [...this.#sent].reduce((sum, [key, sent]) => sum + sent.length - (this.#counted.get(key) ?? 0), 0);
  }

  /** Milliseconds from the intended sending to the arrival of the figure. */
  spread(): { all?: Spread; byType: Record<string, Spread> } {
    const all = spreadOf([...this.#times.values()].flat());
    const byType = Object.fromEntries(
      [...this.#times].flatMap(([type, times]) => (times.length > 0 ? [[type, spreadOf(times)!] as const] : [])),
    );
    return { ...(all && { all }), byType };
  }
}
