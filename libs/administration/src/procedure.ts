import { type CloudEvent, type EventIdentity, type EventType, type OnlineLevel, type Term } from '@par/contracts';
import { byTimeThenIdentity, standingEvents } from './standing-events.ts';

export type ProcedureEventType = Extract<EventType, `vn.par.procedure.${string}`>;
type ProcedureEventOf<T extends ProcedureEventType> = Pick<CloudEvent<T>, 'source' | 'id' | 'type' | 'time' | 'unit' | 'data'>;

/** What the fold needs of an event about a procedure. `time` is a UTC instant with milliseconds, so that text order is time order. */
export type ProcedureEvent = { [T in ProcedureEventType]: ProcedureEventOf<T> }[ProcedureEventType];

/** A procedure is known by its code in its city: the national codes (`1.005129`) are the same everywhere, level and term are not. */
export interface ProcedureIdentity {
  city: string;
  code: string;
}

export type ProcedureFindingCode =
  | 'procedure.not-published'
  | 'procedure.published-twice'
  | 'procedure.published-by-another-unit'
  | 'procedure.published-and-abolished-at-once'
  | 'procedure.changed-before-published'
  | 'procedure.changed-after-abolished'
  | 'procedure.abolished-out-of-force'
  | 'procedure.level-told-twice'
  | 'procedure.term-told-twice'
  | 'procedure.term-not-shorter'
  | 'procedure.iso-withdrawn-without-issue'
  | 'procedure.correction-without-target';

/** Something in a procedure's events that cannot be right. Nothing stops for it; `event` is the one that does not fit. */
export interface ProcedureFinding {
  code: ProcedureFindingCode;
  event?: EventIdentity;
}

/** A time in which a procedure was offered, from (inclusive) to (exclusive; open while it lasts), and who offered it. */
export interface ProcedureSpan {
  unit: string;
  from: string;
  to?: string;
}

/** A procedure (TTHC) with its dates of effect. All instants are UTC texts with milliseconds; lists are in time order. */
export interface Procedure extends ProcedureIdentity {
  /** The authority that offers it or, where it is abolished, offered it last. */
  unit: string;
  /** First publication. */
  publishedAt: string;
  /** End of the last span; absent while it is in force. */
  abolishedAt?: string;
  /** In force more than once where it was published again after it was abolished. */
  spans: ProcedureSpan[];
  /** As told, with its scheme: the schemes do not map one to one. */
  levels: { from: string; level: OnlineLevel }[];
  /** `term` is absent from when a publication did not tell it. */
  terms: { from: string; term?: Term }[];
  /** Cuts that count: to fewer working hours than before, or from a term that nobody knows. */
  cuts: { at: string; from?: Term; to: Term }[];
  /** Times with an ISO 9001:2015 process in force. */
  iso: { from: string; to?: string }[];
  /** Whether there is a fee or charge, as last published; absent where not told. */
  fee?: boolean;
  /** Compliance cost per dossier, whole đồng. */
  costs: { at: string; before: number; after: number }[];
  /** Sorted by code and identity. */
  findings: ProcedureFinding[];
}

const CORRECTED = 'vn.par.procedure.corrected.v1';
type Standing = Exclude<ProcedureEvent, { type: typeof CORRECTED }>;
type Published = ProcedureEventOf<'vn.par.procedure.published.v1'>;

/** Folds the set of a procedure's events; undefined where no publication stands. See `readProcedure`. */
export function foldProcedure(events: Iterable<ProcedureEvent>, identity: ProcedureIdentity): Procedure | undefined {
  return readProcedure(events, identity).procedure;
}

/**
 * Folds the set of a procedure's events: order of arrival and duplicates do not matter, `corrected` takes back by identity wherever it stands. A
 * publication opens it with its level and term, or tells both anew while it is in force; an abolition ends it; a change counts where the procedure is
 * in force at its instant, on top of a publication of the same instant. Of two tellings for one instant the smaller identity holds.
 */
export function readProcedure(
  events: Iterable<ProcedureEvent>,
  identity: ProcedureIdentity,
): { procedure?: Procedure; findings: ProcedureFinding[] } {
  const { standing, withoutTarget } = standingEvents(events, CORRECTED);
  const findings: ProcedureFinding[] = withoutTarget.map((event) => found('procedure.correction-without-target', event));
  const told = standing as Standing[];
  const { spans, publications } = spansOf(told, findings);
  const changes = changesOf(told, spans, publications, findings);
  const iso = isoOf(told, findings);
  findings.sort(byCodeThenIdentity);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return { findings };
  const { fee } = changes;
  const procedure: Procedure = {
    ...identity,
    unit: last.unit,
    publishedAt: first.from,
    ...(last.to !== undefined && { abolishedAt: last.to }),
    spans,
    levels: changes.levels,
    terms: changes.terms,
    cuts: changes.cuts,
    iso,
    ...(fee !== undefined && { fee }),
    costs: told.flatMap((event) => (event.type === 'vn.par.procedure.cost-assessed.v1' ? { at: event.time, ...event.data } : [])),
    findings,
  };
  return { procedure, findings };
}

/** When the procedure was in force, and which publications hold: one for an instant, and none of a second authority while the first offers it. */
function spansOf(told: readonly Standing[], findings: ProcedureFinding[]): { spans: ProcedureSpan[]; publications: ReadonlySet<Standing> } {
  const spans: ProcedureSpan[] = [];
  const published = new Map<string, Published>();
  const publications = new Set<Standing>();
  const abolished = new Set<string>();
  for (const event of told) {
    const last = spans.at(-1);
    const open = last && last.to === undefined ? last : undefined;
    if (event.type === 'vn.par.procedure.published.v1') {
      const other = published.get(event.time);
      if (!other && open && open.unit !== event.unit) {
        findings.push(found('procedure.published-by-another-unit', event));
        continue;
      }
      if (!other) publications.add(event);
      else if (!sameContent(other, event)) findings.push(found('procedure.published-twice', event));
      if (abolished.has(event.time)) findings.push(found('procedure.published-and-abolished-at-once', event));
      published.set(event.time, other ?? event);
      if (!open) spans.push({ unit: (other ?? event).unit, from: event.time });
    } else if (event.type === 'vn.par.procedure.abolished.v1') {
      if (published.has(event.time)) findings.push(found('procedure.published-and-abolished-at-once', event));
      if (open) open.to = event.time;
      else if (!abolished.has(event.time)) findings.push(found('procedure.abolished-out-of-force', event));
      abolished.add(event.time);
    }
  }
  if (spans.length === 0 && told.length > 0) findings.push({ code: 'procedure.not-published' });
  return { spans, publications };
}

type Changes = Pick<Procedure, 'levels' | 'terms' | 'cuts' | 'fee'>;

/** Levels, terms and cuts. Changes of an instant come after the publication of that instant, whatever their identities are. */
function changesOf(
  told: readonly Standing[],
  spans: readonly ProcedureSpan[],
  publications: ReadonlySet<Standing>,
  findings: ProcedureFinding[],
): Changes {
  const changes: Changes = { levels: [], terms: [], cuts: [] };
  const levelTold = new Map<string, Standing>();
  const termTold = new Map<string, Standing>();
  const rank = ({ type }: Standing) => (type === 'vn.par.procedure.published.v1' ? 0 : 1);
  const ordered = [...told].sort((a, b) => (a.time === b.time ? rank(a) - rank(b) : 0) || byTimeThenIdentity(a, b));
  for (const event of ordered) {
    switch (event.type) {
      case 'vn.par.procedure.published.v1':
        if (!publications.has(event)) break;
        setAt(changes.levels, { from: event.time, level: event.data.level });
        setAt(changes.terms, { from: event.time, ...(event.data.term && { term: event.data.term }) });
        if (event.data.fee === undefined) delete changes.fee;
        else changes.fee = event.data.fee;
        break;
      case 'vn.par.procedure.level-changed.v1':
        if (isHeard(event, levelTold, 'procedure.level-told-twice', spans, findings))
          setAt(changes.levels, { from: event.time, level: event.data.level });
        break;
      case 'vn.par.procedure.term-cut.v1':
        if (isHeard(event, termTold, 'procedure.term-told-twice', spans, findings)) cutTerm(event, changes, findings);
        break;
      case 'vn.par.procedure.cost-assessed.v1':
      case 'vn.par.procedure.abolished.v1':
      case 'vn.par.procedure.iso-issued.v1':
      case 'vn.par.procedure.iso-withdrawn.v1':
        break;
    }
  }
  return changes;
}

/** A term that is told holds, even where it is no cut: the authority said so. */
function cutTerm(event: ProcedureEventOf<'vn.par.procedure.term-cut.v1'>, { terms, cuts }: Changes, findings: ProcedureFinding[]): void {
  const before = terms.at(-1)?.term;
  const { term } = event.data;
  if (before && workingHoursOf(term) >= workingHoursOf(before)) findings.push(found('procedure.term-not-shorter', event));
  else cuts.push({ at: event.time, ...(before && { from: before }), to: term });
  setAt(terms, { from: event.time, term });
}

/** Whether a change counts: the procedure is in force at its instant and nobody told that change for the instant before. */
function isHeard(
  event: Standing,
  told: Map<string, Standing>,
  twice: ProcedureFindingCode,
  spans: readonly ProcedureSpan[],
  findings: ProcedureFinding[],
): boolean {
  if (!spans.some((span) => covers(span, event.time))) {
    const isBefore = !spans.some(({ from }) => from <= event.time);
    findings.push(found(isBefore ? 'procedure.changed-before-published' : 'procedure.changed-after-abolished', event));
    return false;
  }
  const other = told.get(event.time);
  if (other && !sameContent(other, event)) findings.push(found(twice, event));
  told.set(event.time, other ?? event);
  return !other;
}

/** A process may be issued for a procedure before it is published, so these spans stand on their own. Issued again, it goes on. */
function isoOf(told: readonly Standing[], findings: ProcedureFinding[]): Procedure['iso'] {
  const spans: Procedure['iso'] = [];
  for (const event of told) {
    const last = spans.at(-1);
    const open = last && last.to === undefined ? last : undefined;
    if (event.type === 'vn.par.procedure.iso-issued.v1' && !open) spans.push({ from: event.time });
    if (event.type !== 'vn.par.procedure.iso-withdrawn.v1') continue;
    if (open) open.to = event.time;
    // Told twice for the same end it is no contradiction.
    else if (last?.to !== event.time) findings.push(found('procedure.iso-withdrawn-without-issue', event));
  }
  return spans.filter(({ from, to }) => from !== to);
}

/** Writes what holds from an instant on; a later telling for the same instant replaces the earlier. */
function setAt<T extends { from: string }>(list: T[], entry: T): void {
  if (list.at(-1)?.from === entry.from) list.pop();
  list.push(entry);
}

function found(code: ProcedureFindingCode, { source, id }: EventIdentity): ProcedureFinding {
  return { code, event: { source, id } };
}

function byCodeThenIdentity(a: ProcedureFinding, b: ProcedureFinding): number {
  const text = ({ code, event }: ProcedureFinding) => `${code}\0${event?.source ?? ''}\0${event?.id ?? ''}`;
  return text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;
}

/** Whether two events say the same: by the fields that their types have, in whatever order they were written. */
function sameContent(a: Standing, b: Standing): boolean {
  const text = ({ unit, data }: Standing) => {
    const { level, term, fee } = data as { level?: OnlineLevel; term?: Term; fee?: boolean };
    return JSON.stringify([unit, level?.scheme, level?.level, term?.amount, term?.unit, fee]);
  };
  return text(a) === text(b);
}

/** Whether an instant lies in a span. */
export function covers({ from, to }: { from: string; to?: string }, at: string): boolean {
  return from <= at && (to === undefined || at < to);
}

/** Length of a term for comparing: a working day is eight working hours. */
export function workingHoursOf({ amount, unit }: Term): number {
  return unit === 'working-day' ? amount * 8 : amount;
}
