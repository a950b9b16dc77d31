import { type ProcessStep } from './process-definition.ts';
import { type Marking, type ProcessNet } from './process-net.ts';

/** A step as a department system reported it. */
export interface RecordedStep {
  /** Name of the step, or id of its element. */
  step: string;
  /** Instant in UTC. */
  at: string;
  /** Role of who acted, where that is known. */
  role?: string;
}

/** Where a trace and its process part. */
export type Deviation =
  /** The process asks for the step, and it was never taken. */
  | { kind: 'skipped'; step: string }
  /** Taken later than the process says: what comes after it was taken before. */
  | { kind: 'out-of-order'; step: string; at: string }
  /** Taken once more where the process has no way back to it. */
  | { kind: 'repeated'; step: string; at: string }
  /** A step that the process does not know. */
  | { kind: 'unknown'; step: string; at: string }
  | { kind: 'wrong-role'; step: string; at: string; role: string }
  /** More working time passed than is allowed. */
  | { kind: 'over-time'; step: string; at: string; workingMs: number };

export interface Conformance {
  /** In the order in which they show. */
  deviations: Deviation[];
  /** Steps taken as the process says, and all steps taken. */
  conforming: number;
  recorded: number;
  /** What can be taken next, whether or not the dossier is closed, each with the instant since when it can. */
  next: { step: ProcessStep; since: string }[];
}

/** Working milliseconds between two instants. */
export type WorkingTime = (from: string, to: string) => number;

const HOUR_MS = 3_600_000;

/**
 * Holds the steps that were taken against the process: follows them through its net of tokens. A step that cannot be taken yet is followed by skipping as few steps as
 * can be; one of those that comes after all was out of order. A step that cannot be taken any more is repeated, or out of order. Its time runs from when it could first be
 * taken, or, where it could not, from the step before.
 * @param steps in the order in which they were taken
 * @param isClosed whether the dossier came to its end: what the process still asks for was skipped then
 */
export function conformanceOf(
  net: ProcessNet,
  steps: readonly RecordedStep[],
  { openedAt, isClosed, workingTime }: { openedAt: string; isClosed: boolean; workingTime: WorkingTime },
): Conformance {
  const walk = new Walk(net, openedAt);
  const deviations: Deviation[] = [];
  let conforming = 0;
  for (const { step: said, at, role } of steps) {
    const step = net.stepNamed(said);
    if (!step) {
      deviations.push({ kind: 'unknown', step: said, at });
      continue;
    }
    const found: Deviation[] = [];
    const { how, since } = walk.take(step.id, at);
    if (how !== 'as-told') found.push({ kind: how, step: step.name, at });
    if (role !== undefined && step.role !== undefined && role !== step.role) found.push({ kind: 'wrong-role', step: step.name, at, role });
    const workingMs = step.workingHours === undefined ? 0 : workingTime(since, at);
    if (step.workingHours !== undefined && workingMs > step.workingHours * HOUR_MS)
      found.push({ kind: 'over-time', step: step.name, at, workingMs });
    deviations.push(...found);
    if (found.length === 0) conforming += 1;
  }
  const next = walk.next();
  if (isClosed) walk.toTheEnd();
  const skipped = walk.skipped.map((id): Deviation => ({ kind: 'skipped', step: net.process.steps.get(id)!.name }));
  return { deviations: [...deviations, ...skipped], conforming, recorded: steps.length, next };
}

/** A walk through the net: everywhere it may stand after the steps so far. */
class Walk {
  readonly #net: ProcessNet;
  readonly #taken = new Set<string>();
  /** Since when each step that can be taken can be. */
  #since = new Map<string, string>();
  #lastAt: string;
  #at: Set<Marking>;
  /** Steps that were passed over, and have not come after all. */
  #passed: string[] = [];

  constructor(net: ProcessNet, openedAt: string) {
    this.#net = net;
    this.#lastAt = openedAt;
    this.#at = net.silently([net.start]);
    this.#look(openedAt);
  }

  get skipped(): readonly string[] {
    return this.#passed;
  }

  next(): { step: ProcessStep; since: string }[] {
    return [...this.#since].map(([id, since]) => ({ step: this.#net.process.steps.get(id)!, since }));
  }

  take(step: string, at: string): { how: 'as-told' | 'out-of-order' | 'repeated'; since: string } {
    const since = this.#since.get(step) ?? this.#lastAt;
    const how = this.#follow(step);
    if (how === 'as-told') {
      // Where the process leads back to it, it can be taken anew from now on.
      this.#since.delete(step);
      this.#look(at);
    }
    this.#lastAt = at;
    return { how, since };
  }

  #follow(step: string): 'as-told' | 'out-of-order' | 'repeated' {
    const wasTaken = this.#taken.has(step);
    this.#taken.add(step);
    if (this.#fire(step)) return 'as-told';
    const passed = this.#passed.indexOf(step);
    if (passed !== -1) {
      this.#passed.splice(passed, 1);
      return 'out-of-order';
    }
    // A way back to it may lie behind steps that nobody took; that it is done once more is the likelier reading.
    if (wasTaken) return 'repeated';
    const way = this.#shortest((marking) => this.#net.moves(marking).some((move) => move.step === step));
    if (!way) return 'out-of-order';
    this.#passed.push(...way.passed);
    this.#at = new Set([way.marking]);
    this.#fire(step);
    return 'as-told';
  }

  /** Goes on to the end by as few steps as can be, all of them passed over. */
  toTheEnd(): void {
    const way = this.#shortest((marking) => marking === '');
    if (way) this.#passed.push(...way.passed);
  }

  #look(at: string): void {
    const ids = new Set([...this.#at].flatMap((marking) => this.#net.moves(marking).flatMap(({ step }) => step ?? [])));
    this.#since = new Map([...ids].map((id) => [id, this.#since.get(id) ?? at]));
  }

  #fire(step: string): boolean {
    const to = [...this.#at].flatMap((marking) => this.#net.moves(marking).flatMap((move) => (move.step === step ? move.to : [])));
    if (to.length === 0) return false;
    this.#at = this.#net.silently(to);
    return true;
  }

  /** The nearest marking of a kind, by steps that are passed over on the way; of several the one that comes first in the file. */
  #shortest(isThere: (marking: Marking) => boolean): { marking: Marking; passed: string[] } | undefined {
    const seen = new Set<Marking>();
    let front = [...this.#at].map((marking) => ({ marking, passed: [] as string[] }));
    while (front.length > 0) {
      const found = front.find(({ marking }) => isThere(marking));
      if (found) return found;
      const next: typeof front = [];
      for (const { marking, passed } of front) {
        for (const { step, to } of this.#net.moves(marking)) {
          if (step === undefined) continue;
          for (const reached of this.#net.silently([to])) {
            if (seen.has(reached)) continue;
            seen.add(reached);
            next.push({ marking: reached, passed: [...passed, step] });
          }
        }
      }
      front = next;
    }
    return undefined;
  }
}
