import { standingEvents } from '@par/administration';
import { type AnyEvent, type EventIdentity, type InspectionSubject, type RankedPeer, type SurveyQuestion } from '@par/contracts';
import { paperWorkOf, secretCountFindings } from './declared-records-counts.ts';
import { type DeclaredFinding, findingOf } from './declared-records-findings.ts';
import { isType, type Kept, type KeptEvent } from './kept-event.ts';

export { type PaperWork, paperWorkOf, secretCountOf } from './declared-records-counts.ts';
export { DECLARED_FINDING_LABELS, type DeclaredFinding, type DeclaredFindingCode } from './declared-records-findings.ts';

const CORRECTED = 'vn.par.declaration.corrected.v1';

/** When and for which unit something was declared, and the event that says so. */
export interface Told {
  at: string;
  unit: string;
  event: EventIdentity;
}

/** An inspection that was completed at `unit` (goal 7). */
export interface Inspection extends Told {
  subjects: InspectionSubject[];
  findings: DeclaredFinding[];
}

/** A review of functions and tasks (goal 5): counted in the month and unit of its plan. */
export interface Review {
  planned?: Told;
  completed?: Told;
  findings: DeclaredFinding[];
}

/** The counts of a survey (goal 4d). */
export interface Survey extends Told {
  issued: number;
  collected: number;
  questions: SurveyQuestion[];
  findings: DeclaredFinding[];
}

export interface StaffStandard extends Told {
  staff: number;
  meeting: number;
  findings: DeclaredFinding[];
}

/** A PAR index score, in thousandths of points. */
export interface Assessment extends Told {
  year: number;
  framework: string;
  awarded: number;
  applicable: number;
  findings: DeclaredFinding[];
}

/** Score (thousandths of points) and rank of a city among its peers; each absent where nobody knows it. */
export interface Ranking extends Told {
  year: number;
  peers: number;
  score?: number;
  rank?: number;
  findings: DeclaredFinding[];
}

/**
 * The set that a declared event belongs to. What is declared of a unit itself stands in one set of that unit; what is a record of its own has one under the
 * record's id. A correction stands with what it corrects: its subject is that event's subject. `isUnit` says whether a subject is a unit's id.
 */
export function declaredKey({ type, subject }: Pick<AnyEvent, 'type' | 'subject'>, isUnit: (id: string) => boolean): string {
  switch (type) {
    case 'vn.par.paper-work.declared.v1':
    case 'vn.par.secret-count.declared.v1':
    case 'vn.par.staff-standard.declared.v1':
    case 'vn.par.assessment.published.v1':
    case 'vn.par.ranking.published.v1':
      return `declared:unit/${subject}`;
    case 'vn.par.inspection.completed.v1':
    case 'vn.par.function-review.planned.v1':
    case 'vn.par.function-review.completed.v1':
    case 'vn.par.survey.declared.v1':
      return `declared:record/${subject}`;
    case 'vn.par.declaration.corrected.v1':
      return isUnit(subject) ? `declared:unit/${subject}` : `declared:record/${subject}`;
    default:
      throw new Error(`${type} is not declared`);
  }
}

/** What is wrong in one set of declared events, of whatever kind it is: sorted by code and event. `ranking.city-not-listed` needs a city: see `rankingOf`. */
export function declaredFindings(events: readonly KeptEvent[]): DeclaredFinding[] {
  const years = new Set(ofType(events, 'vn.par.assessment.published.v1').map(({ data }) => data.year));
  return [
    ...paperWorkOf(events).findings,
    ...secretCountFindings(events),
    ...(inspectionOf(events)?.findings ?? []),
    ...(reviewOf(events)?.findings ?? []),
    ...(surveyOf(events)?.findings ?? []),
    ...ofType(events, 'vn.par.staff-standard.declared.v1').flatMap(staffFault),
    ...[...years].flatMap((year) => assessmentOf(events, year)?.findings ?? []),
    ...ofType(events, 'vn.par.ranking.published.v1').flatMap((event) => peersOf(event).findings),
    ...standingEvents(events, CORRECTED).withoutTarget.map((event) => findingOf('declaration.correction-without-target', event)),
  ].sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
}

function textOf({ code, event, raw }: DeclaredFinding): string {
  return [code, event.source, event.id, raw ?? ''].join('\0');
}

function staffFault(event: Kept<'vn.par.staff-standard.declared.v1'>): DeclaredFinding[] {
  return event.data.meeting > event.data.staff ? [findingOf('staff-standard.more-than-staff', event)] : [];
}

/** The earliest standing completion of one inspection; undefined where none stands. */
export function inspectionOf(events: readonly KeptEvent[]): Inspection | undefined {
  const [first, ...others] = ofType(events, 'vn.par.inspection.completed.v1');
  if (!first) return undefined;
  const text = ({ unit, data }: typeof first) => JSON.stringify([unit, [...new Set(data.subjects)].sort()]);
  const differing = others.filter((other) => text(other) !== text(first));
  return {
    ...toldBy(first),
    subjects: [...new Set(first.data.subjects)].sort(),
    findings: differing.map((event) => findingOf('inspection.told-differently', event)),
  };
}

/** One review: its earliest standing plan and its earliest standing completion; undefined where neither stands. */
export function reviewOf(events: readonly KeptEvent[]): Review | undefined {
  const [planned] = ofType(events, 'vn.par.function-review.planned.v1');
  const [completed] = ofType(events, 'vn.par.function-review.completed.v1');
  if (!planned && !completed) return undefined;
  const findings: DeclaredFinding[] = [];
  if (completed && !planned) findings.push(findingOf('function-review.completed-without-plan', completed));
  if (completed && planned && completed.unit !== planned.unit) findings.push(findingOf('function-review.other-unit', completed));
  return { ...(planned && { planned: toldBy(planned) }), ...(completed && { completed: toldBy(completed) }), findings };
}

/** The earliest standing declaration of one survey; undefined where none stands. */
export function surveyOf(events: readonly KeptEvent[]): Survey | undefined {
  const [first, ...others] = ofType(events, 'vn.par.survey.declared.v1');
  if (!first) return undefined;
  const { issued, collected, questions } = first.data;
  const findings: DeclaredFinding[] = questions
    .filter(({ best, middle, worst }) => best + middle + worst > collected)
    .map(({ question }) => findingOf('survey.more-answers-than-forms', first, question));
  if (collected > issued) findings.push(findingOf('survey.more-forms-than-issued', first));
  const names = questions.map(({ question }) => question);
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i)))
    findings.push(findingOf('survey.question-twice', first, name));
  const text = ({ unit, time, data }: typeof first) =>
    JSON.stringify([unit, time, data.issued, data.collected, data.questions.map(countsOf)]);
  for (const other of others) if (text(other) !== text(first)) findings.push(findingOf('survey.told-differently', other));
  return { ...toldBy(first), issued, collected, questions, findings };
}

function countsOf({ question, scale, best, middle, worst }: SurveyQuestion): unknown[] {
  return [question, scale, best, middle, worst];
}

/**
 * How the answers of a survey are counted. `upper-two-of-forms` is how Huế's own report for the first quarter of 2019 was made: satisfied answers ÷ forms
 * that came back, over every question; answers that were not given count as not satisfied.
 */
export type SurveyRule = 'upper-two-grades' | 'satisfaction-scale-only' | 'best-only' | 'upper-two-of-forms';

/** Σ over the questions of a survey by a rule. */
export function surveyAnswers({ questions, collected }: Survey, rule: SurveyRule): { numerator: number; denominator: number } {
  const counted = rule === 'satisfaction-scale-only' ? questions.filter(({ scale }) => scale === 'satisfaction') : questions;
  let [numerator, denominator] = [0, 0];
  for (const { best, middle, worst } of counted) {
    numerator += rule === 'best-only' ? best : best + middle;
    denominator += rule === 'upper-two-of-forms' ? collected : best + middle + worst;
  }
  return { numerator, denominator };
}

/** The latest standing declaration of a unit's staff up to an instant. */
export function staffStandardAt(events: readonly KeptEvent[], at: string): StaffStandard | undefined {
  const last = ofType(events, 'vn.par.staff-standard.declared.v1').findLast(({ time }) => time <= at);
  if (!last) return undefined;
  const { staff, meeting } = last.data;
  return { ...toldBy(last), staff, meeting, findings: staffFault(last) };
}

/** The latest standing publication of a unit's score for a year, whenever it was published. */
export function assessmentOf(events: readonly KeptEvent[], year: number): Assessment | undefined {
  const last = ofType(events, 'vn.par.assessment.published.v1').findLast(({ data }) => data.year === year);
  if (!last) return undefined;
  const { framework, awarded, applicable } = last.data;
  const findings = awarded > applicable ? [findingOf('assessment.more-than-applicable', last)] : [];
  return { ...toldBy(last), year, framework, awarded, applicable, findings };
}

/**
 * Score and rank of the peer with an official code, by the latest standing publication for a year: the competition rank (1, 2, 2, 4) on unrounded scores
 * where the scores of all peers are known, else the rank as published.
 */
export function rankingOf(events: readonly KeptEvent[], year: number, code: string): Ranking | undefined {
  const last = ofType(events, 'vn.par.ranking.published.v1').findLast(({ data }) => data.year === year);
  if (!last) return undefined;
  const { peers } = last.data;
  const { scores, findings } = peersOf(last);
  const told = { ...toldBy(last), year, peers, findings };
  const own = scores.find((peer) => peer.code === code);
  if (!own) return { ...told, findings: [...findings, findingOf('ranking.city-not-listed', last, code)] };
  const rank = scores.length >= peers ? rankOf(own, scores) : own.rank;
  return { ...told, score: own.score, ...(rank !== undefined && { rank }) };
}

/** The peers, each once, and what is wrong with how they are ranked. */
function peersOf(event: Kept<'vn.par.ranking.published.v1'>): { scores: RankedPeer[]; findings: DeclaredFinding[] } {
  const scores = new Map<string, RankedPeer>();
  const findings: DeclaredFinding[] = [];
  for (const peer of event.data.scores) {
    if (scores.has(peer.code)) findings.push(findingOf('ranking.peer-twice', event, peer.code));
    else scores.set(peer.code, peer);
  }
  const known = [...scores.values()];
  const unknown = event.data.peers - known.length;
  if (unknown < 0) findings.push(findingOf('ranking.more-peers-than-told', event));
  for (const peer of known) {
    if (peer.rank === undefined) continue;
    // Each peer whose score is not known may stand before this one, or not.
    const best = rankOf(peer, known);
    if (peer.rank < best || peer.rank > best + Math.max(0, unknown)) findings.push(findingOf('ranking.rank-differs', event, peer.code));
  }
  return { scores: known, findings };
}

/** 1 + how many have more. */
function rankOf({ score }: RankedPeer, among: readonly RankedPeer[]): number {
  return 1 + among.filter((other) => other.score > score).length;
}

function toldBy({ time, unit, source, id }: KeptEvent): Told {
  return { at: time, unit, event: { source, id } };
}

/** The standing events of a type, in the order of the fold. */
function ofType<T extends AnyEvent['type']>(events: readonly KeptEvent[], type: T): Kept<T>[] {
  return standingEvents(events, CORRECTED).standing.filter((event) => isType(event, type));
}
