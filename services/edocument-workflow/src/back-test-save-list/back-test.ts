import { type WorkingCalendar } from '@par/administration';
import { endOfDay, isTooLate, stateAt } from '../save-list.ts';
import { type Course, LEAST_SAMPLES, quantile, samplesOf, type SettlingSample, SettlingTimes } from '../settling-times.ts';
import { type LogCase } from './permit-log.ts';

/** Days of asking: every working day of a span, at its opening. Local dates, both included. */
export interface Span {
  from: string;
  to: string;
}

/** How a rule did. A pair is one open case on one day of asking. */
export interface Score {
  /** Pairs that were named, and how many of them truly missed their due date. */
  named: number;
  rightlyNamed: number;
  /** Pairs that truly missed. */
  missed: number;
  pairs: number;
  /** Pairs of which nothing could be said. */
  unknown: number;
  /** Cases that missed, and how many of them were named at least once while they were not yet late. */
  missedCases: number;
  caughtCases: number;
  /** Cases that were named at least once, rightly or not. */
  namedCases: number;
  /** Working days between the first naming of a caught case and its due date, median; undefined where none was caught. */
  leadDays?: number;
}

export interface BackTest {
  training: ReadonlyMap<string, Score>;
  test: ReadonlyMap<string, Score>;
  /** The quantile that the training part chose for the state. */
  chosen: number;
}

/** What is said of a case on a day: working milliseconds that cases like it still needed, ascending; undefined where nothing can be said. */
type Estimate = readonly number[] | undefined;

/** Something to tell cases apart by. Sees nothing but what was known on the day of asking. */
export interface Feature {
  name: string;
  /** As which course a case is looked at. */
  course: (logCase: LogCase) => Course;
  /** Whether only those in history count that sat in the state for at least as long. */
  timeSat?: boolean;
}

const DAY_MS = 8 * 3_600_000;
export const PERCENTS = [10, 20, 30, 40, 50, 60, 70, 80, 90];

const plain = ({ department, openedAt, steps }: LogCase): Course => ({ unit: department, openedAt, steps });
export const STATE = 'state';
export const FEATURES: readonly Feature[] = [
  { name: STATE, course: plain },
  { name: 'state and time in it', course: plain, timeSat: true },
  { name: 'no state', course: (each) => ({ ...plain(each), steps: [] }) },
  { name: 'state and channel', course: (each) => ({ ...plain(each), unit: `${each.department} ${each.channel}` }) },
  { name: 'all steps so far', course: (each) => ({ ...plain(each), steps: stepsSoFar(each.steps) }) },
];
export const DUE_SOON = 'due within 3 working days';
export const EVERYTHING = 'everything open';

export function ruleName(feature: string, percent: number): string {
  return `${feature}, ${percent} %`;
}

/** The spans of the published back-test: the log's later half is the test; the months before February 2011 only teach. */
export const SPANS: { training: Span; test: Span } = {
  training: { from: '2011-02-01', to: '2011-06-30' },
  test: { from: '2011-07-01', to: '2011-12-30' },
};

/**
 * Asks on every working day of the two spans which open cases will miss their due date, from nothing but what was known on that day, and holds the answers against what
 * happened. The quantile is chosen by the training span alone, with no label that was not yet known at its end.
 * @param onDay told of each day of asking
 */
export function backTest(
  cases: readonly LogCase[],
  calendar: WorkingCalendar,
  { features = FEATURES, onDay = () => undefined }: { features?: readonly Feature[]; onDay?: (day: string) => void } = {},
): BackTest {
  const asking = new Asking(cases, calendar, features, onDay);
  const lastKnown = cases.flatMap((each) => [each.closedAt ?? '', ...each.steps.map(({ at }) => at)]).reduce((a, b) => (a > b ? a : b));
  const endOfTraining = endOfDay(new Date(`${SPANS.training.to}T12:00:00Z`), calendar.timeZone).toISOString();
  const training = asking.scores(SPANS.training, endOfTraining);
  return { training, test: asking.scores(SPANS.test, lastKnown), chosen: best(training, STATE) };
}

/** The quantile of a feature that weighs most. */
export function best(scores: ReadonlyMap<string, Score>, feature: string): number {
  const weight = (percent: number): number => weighed(scores.get(ruleName(feature, percent))!);
  return PERCENTS.reduce((most, percent) => (weight(percent) > weight(most) ? percent : most));
}

export function precision({ named, rightlyNamed }: Score): number {
  return named === 0 ? 0 : rightlyNamed / named;
}

export function recall({ missed, rightlyNamed }: Score): number {
  return missed === 0 ? 0 : rightlyNamed / missed;
}

/** F0.5: precision weighs twice as much as recall, since each name on the list takes somebody's time (van Rijsbergen 1979, 7). */
export function weighed(score: Score): number {
  const [p, r] = [precision(score), recall(score)];
  return p + r === 0 ? 0 : (1.25 * p * r) / (0.25 * p + r);
}

/** Whether a case missed its due date; undefined where that was not yet over at an instant, so that cases ended early do not weigh more. */
function missedBy({ closedAt, dueAt }: LogCase, known: string): boolean | undefined {
  return dueAt >= known ? undefined : closedAt === undefined || closedAt > dueAt;
}

function stepsSoFar(steps: LogCase['steps']): LogCase['steps'] {
  const taken = new Set<string>();
  return steps.map(({ step, at }) => ({ step: [...taken.add(step)].sort().join(' + '), at }));
}

/** A feature with what it makes of each case. */
class Looking {
  readonly #courses: ReadonlyMap<LogCase, Course>;
  readonly #samples: ReadonlyMap<LogCase, readonly TimedSample[]>;

  constructor(
    readonly feature: Feature,
    cases: readonly LogCase[],
    private readonly calendar: WorkingCalendar,
  ) {
    this.#courses = new Map(cases.map((each) => [each, feature.course(each)]));
    this.#samples = new Map(cases.map((each) => [each, this.#samplesOf(each)]));
  }

  /** What the cases settled so far teach. @param now the instant of asking */
  learn(past: readonly LogCase[], now: string): (logCase: LogCase) => Estimate {
    const samples = past.flatMap((each) => this.#samples.get(each)!);
    return this.feature.timeSat ? this.#learnTimeSat(samples, now) : this.#learnStates(samples, now);
  }

  #learnStates(samples: readonly TimedSample[], now: string): (logCase: LogCase) => Estimate {
    const times = SettlingTimes.of(samples);
    return (logCase) => {
      const course = this.#courses.get(logCase)!;
      return times.usual(course.unit, stateAt(course, now).state)?.remaining;
    };
  }

  #learnTimeSat(samples: readonly TimedSample[], now: string): (logCase: LogCase) => Estimate {
    const byState = new Map<string, TimedSample[]>();
    for (const sample of samples.toSorted((a, b) => a.remainingMs - b.remainingMs)) {
      const alike = byState.get(sample.state);
      if (alike) alike.push(sample);
      else byState.set(sample.state, [sample]);
    }
    return (logCase) => {
      const { state, since } = stateAt(this.#courses.get(logCase)!, now);
      const satMs = this.calendar.workingMsBetween(new Date(since), new Date(now));
      const remaining = (byState.get(state) ?? []).flatMap((sample) => (sample.satMs >= satMs ? [sample.remainingMs - satMs] : []));
      return remaining.length < LEAST_SAMPLES ? undefined : remaining;
    };
  }

  #samplesOf(each: LogCase): TimedSample[] {
    if (each.closedAt === undefined) return [];
    const samples = samplesOf({ ...this.#courses.get(each)!, closedAt: each.closedAt }, this.calendar);
    // A state ends where the next begins: what remains then is the next sample's, and nothing at the closing.
    return samples.map((sample, n) => ({ ...sample, satMs: sample.remainingMs - (samples[n + 1]?.remainingMs ?? 0) }));
  }
}

class Asking {
  readonly #cases: readonly LogCase[];
  readonly #ways: readonly Looking[];

  constructor(
    cases: readonly LogCase[],
    private readonly calendar: WorkingCalendar,
    features: readonly Feature[],
    private readonly onDay: (day: string) => void,
  ) {
    // Latest closing first, as history is learnt: what is in order already is quickly put in order.
    this.#cases = cases.toSorted((a, b) => ((a.closedAt ?? '') < (b.closedAt ?? '') ? 1 : -1));
    this.#ways = features.map((feature) => new Looking(feature, cases, calendar));
  }

  /** @param known labels are as known at this instant */
  scores(span: Span, known: string): Map<string, Score> {
    const tallies = new Map<string, Tally>();
    const tally = (name: string): Tally => tallies.get(name) ?? tallies.set(name, new Tally()).get(name)!;
    const ofFeatures = this.#ways.map(({ feature }) =>
      PERCENTS.map((percent) => ({ percent, tally: tally(ruleName(feature.name, percent)) })),
    );
    const dueSoon = tally(DUE_SOON);
    const everything = tally(EVERYTHING);
    for (const asked of this.#daysOf(span)) {
      const now = asked.toISOString();
      this.onDay(now.slice(0, 10));
      const tomorrow = endOfDay(asked, this.calendar.timeZone);
      const past = this.#cases.filter((each) => each.closedAt !== undefined && each.closedAt <= now);
      const estimates = this.#ways.map((way) => way.learn(past, now));
      for (const each of this.#cases) {
        const missed = missedBy(each, known);
        if (missed === undefined || !isOpen(each, now)) continue;
        const due = new Date(each.dueAt);
        const leftMs = this.calendar.workingMsBetween(tomorrow, due);
        const pair = { id: each.id, missed, leadMs: this.calendar.workingMsBetween(asked, due) };
        ofFeatures.forEach((rules, n) => {
          const remaining = estimates[n]!(each);
          for (const rule of rules) rule.tally.add(pair, remaining && isTooLate(leftMs, quantile(remaining, rule.percent)));
        });
        dueSoon.add(pair, pair.leadMs <= 3 * DAY_MS);
        everything.add(pair, true);
      }
    }
    return new Map([...tallies].map(([name, each]) => [name, each.score()]));
  }

  *#daysOf({ from, to }: Span): Generator<Date> {
    for (let day = from; day <= to; day = nextDate(day))
      if (this.calendar.isWorkingDay(day)) yield this.calendar.addWorkingMs(new Date(`${day}T00:00:00Z`), 0);
  }
}

/** Open and not yet late. */
function isOpen({ openedAt, dueAt, closedAt }: LogCase, now: string): boolean {
  return openedAt <= now && dueAt > now && (closedAt === undefined || closedAt > now);
}

function nextDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

interface TimedSample extends SettlingSample {
  /** Working milliseconds that it stayed in the state. */
  satMs: number;
}

interface Pair {
  id: string;
  missed: boolean;
  /** Working milliseconds from asking until due. */
  leadMs: number;
}

class Tally {
  readonly #score: Score = { named: 0, rightlyNamed: 0, missed: 0, pairs: 0, unknown: 0, missedCases: 0, caughtCases: 0, namedCases: 0 };
  readonly #missed = new Set<string>();
  readonly #named = new Set<string>();
  readonly #leads = new Map<string, number>();

  add({ id, missed, leadMs }: Pair, named: boolean | undefined): void {
    const score = this.#score;
    score.pairs += 1;
    if (named === undefined) score.unknown += 1;
    if (named) {
      score.named += 1;
      this.#named.add(id);
    }
    if (!missed) return;
    score.missed += 1;
    this.#missed.add(id);
    if (!named) return;
    score.rightlyNamed += 1;
    // Days of asking come in their order, so the first naming is the earliest.
    if (!this.#leads.has(id)) this.#leads.set(id, leadMs);
  }

  score(): Score {
    const leads = [...this.#leads.values()].sort((a, b) => a - b);
    const median = leads.length === 0 ? {} : { leadDays: quantile(leads, 50) / DAY_MS };
    return { ...this.#score, missedCases: this.#missed.size, caughtCases: leads.length, namedCases: this.#named.size, ...median };
  }
}
