import { type Term } from '@par/contracts';
import { type Label } from './labels.ts';
import { stoppedMs } from './lateness.ts';
import { utcTextOf } from './life-cycle-instant.ts';
import { type LifeCycle, type LifeMoment, type Stop } from './life-cycle-shape.ts';
import { CalendarYearMissing, type WorkingCalendar } from './working-calendar.ts';

/** What a due date is worked out from where no slip tells it. */
export interface DueBasis {
  /** Term of a procedure as it was at an instant; undefined where the catalogue has none. */
  termAt(procedure: string, at: string): Term | undefined;
  calendar: Pick<WorkingCalendar, 'addTerm'>;
}

/** An appointment, where it comes from and what set it. */
export interface Due {
  at: string;
  /** `told` by a slip; `computed` from the procedure's term; `put-off` by the time waited. */
  basis: 'told' | 'computed' | 'put-off';
  set: 'receipt' | 'supplement' | 'resumption' | 'extension';
}

export const DUE_BASIS_LABELS: Readonly<Record<Due['basis'], Label>> = {
  told: { vi: 'Theo phiếu hẹn', en: 'As told on the slip' },
  computed: { vi: 'Tính theo thời hạn của thủ tục', en: "From the procedure's term" },
  'put-off': { vi: 'Lùi theo thời gian chờ', en: 'Put off by the time waited' },
};

export const DUE_SET_LABELS: Readonly<Record<Due['set'], Label>> = {
  receipt: { vi: 'Khi tiếp nhận', en: 'At receipt' },
  supplement: { vi: 'Khi bổ sung đủ hồ sơ', en: 'When it was supplemented' },
  resumption: { vi: 'Khi tiếp tục xử lý', en: 'When processing went on' },
  extension: { vi: 'Khi xin lỗi và hẹn lại', en: 'By the apology (Mẫu 04)' },
};

export interface Dues {
  /** The due at receipt. */
  first?: Due;
  inForce?: Due;
  /** The due that the apology replaced. */
  beforeExtension?: Due;
  /** Milliseconds of waiting that the due in force already allows for, because it was put off or set anew afterwards. */
  allowedMs: number;
}

/** What moves a due date after the receipt, in time order. */
type Step = LifeMoment & { due?: string } & { kind: 'supplement' | 'pause' | 'fee' | 'extension' };

/**
 * The due dates of a dossier. The first is that of its receipt: told on the slip, else worked out from the procedure's term at receipt, else none.
 * Then, in time order and while it has not ended: a supplement sets the due told with it, else starts the term again from zero (Decree 61/2018
 * art. 19.4), else puts the old due off by the time waited; a resumption sets the due told with it, else it and a payment put the old due off
 * by the time stopped; the first apology sets its date (art. 19.9). Where the calendar has no data for a year, nothing is computed.
 */
export function duesOf(life: LifeCycle, basis?: DueBasis): Dues {
  const { received } = life;
  let term: Term | 'unknown' | undefined;
  const computedFrom = (from: string): string | undefined => {
    if (!basis || received?.procedure === undefined) return undefined;
    term ??= basis.termAt(received.procedure, received.at) ?? 'unknown';
    return term === 'unknown' ? undefined : termEnd(basis.calendar, from, term, received.responsible ?? received.unit);
  };
  const dues: Dues = { allowedMs: 0 };
  if (received) dues.first = dues.inForce = toldOr(received.due, 'receipt', () => computedFrom(received.at));
  if (life.supplements.length + life.resumptions.length + life.feesPaid.length === 0 && !life.extension) return dues;

  for (const step of stepsOf(life)) {
    const old = dues.inForce;
    if (step.kind === 'extension') {
      dues.beforeExtension = old;
      dues.inForce = { at: step.due!, basis: 'told', set: 'extension' };
      // Who sets a new date in an apology knows what was waited until then.
      dues.allowedMs = stoppedMs(life.stops, received?.at ?? '', step.at);
      continue;
    }
    const stop = stopEndedBy(life.stops, step);
    // The clock runs from the receipt on, so that what was waited before puts nothing off.
    const waited = stop ? stoppedMs([stop], received?.at ?? '', step.at) : 0;
    const next =
      step.kind === 'supplement'
        ? (toldOr(step.due, 'supplement', () => computedFrom(step.at)) ?? putOff(old, waited, 'supplement'))
        : (toldOr(step.due, 'resumption', () => undefined) ?? putOff(old, waited, 'resumption'));
    dues.inForce = next;
    // A due that was told anew and did not move allows for nothing.
    if (next) dues.allowedMs += old ? Math.min(Math.max(Date.parse(next.at) - Date.parse(old.at), 0), waited) : waited;
  }
  return dues;
}

/** The steps between receipt and end. What happened later, or before there was a due, moves nothing. */
function stepsOf({
  received,
  resultReady,
  returned,
  refused,
  withdrawn,
  supplements,
  resumptions,
  feesPaid,
  extension,
}: LifeCycle): Step[] {
  const steps: Step[] = [
    ...supplements.map((moment) => ({ ...moment, kind: 'supplement' as const })),
    ...resumptions.map((moment) => ({ ...moment, kind: 'pause' as const })),
    ...feesPaid.map((moment) => ({ ...moment, kind: 'fee' as const })),
    ...(extension ? [{ ...extension, kind: 'extension' as const }] : []),
  ];
  const ends = [resultReady, returned, refused, withdrawn].flatMap((end) => end?.at ?? []);
  const endsAt = ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b));
  return steps
    .filter(({ at }) => (received === undefined || at >= received.at) && (endsAt === undefined || at <= endsAt))
    .sort((a, b) => order(a.at, b.at) || order(a.event.source, b.event.source) || order(a.event.id, b.event.id));
}

function stopEndedBy(stops: readonly Stop[], { kind, at }: Step): Stop | undefined {
  const by = kind === 'extension' ? undefined : kind;
  return stops.find((stop) => stop.by === by && stop.to === at);
}

function toldOr(told: string | undefined, set: Due['set'], compute: () => string | undefined): Due | undefined {
  if (told !== undefined) return { at: told, basis: 'told', set };
  const at = compute();
  return at === undefined ? undefined : { at, basis: 'computed', set };
}

function putOff(old: Due | undefined, ms: number, set: Due['set']): Due | undefined {
  if (!old || ms === 0) return old;
  return { at: utcTextOf(Date.parse(old.at) + ms), basis: 'put-off', set };
}

function termEnd(calendar: DueBasis['calendar'], from: string, term: Term, office: string): string | undefined {
  try {
    return utcTextOf(calendar.addTerm(new Date(from), term, { office }).getTime());
  } catch (error) {
    // The calendar never guesses; a city enters the next year's holidays when they are decided, and the due date is known from then on.
    if (error instanceof CalendarYearMissing) return undefined;
    throw error;
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
