import { type EventType } from '@par/contracts';
import { monthOf } from './independent-calendar.ts';
import { type IndependentProcedure } from './independent-catalogue.ts';
import { isPaperAllowed } from './independent-conformance.ts';
import { type IndependentDossier, levelOf, resultOf, unitOf } from './independent-dossier.ts';
import { bySubject, ofType, standing, type Told } from './independent-events.ts';
import { type Share } from './independent-on-time.ts';

/** G4-ONLINE by its four rules. */
export function onlineShares(dossier: IndependentDossier, procedureOf: (code: string) => IndependentProcedure | undefined): Share[] {
  const shares: Share[] = [];
  const result = resultOf(dossier);
  const level = levelOf(dossier, procedureOf);
  const receivedOnline = dossier.receipt?.channel === 'online';
  const bothWays = receivedOnline && dossier.returned?.channel === 'online' && (level === undefined || level >= 3);
  const add = (rule: string, deciding: { at: number; unit: string }, counts: boolean): void => {
    shares.push({
      indicator: 'G4-ONLINE',
      rule,
      unit: unitOf(dossier, deciding),
      month: monthOf(deciding.at),
      numerator: counts ? 1 : 0,
      denominator: 1,
    });
  };
  if (result) {
    add('of-finished', result, bothWays);
    if (level !== undefined && level >= 3) add('of-online-procedures', result, bothWays);
  }
  if (dossier.receipt) {
    add('received-online', dossier.receipt, receivedOnline);
    add('of-received', dossier.receipt, result !== undefined && bothWays);
  }
  return shares;
}

/** G6-NET-DOSSIER: a result whose every message, steps of the work dossier and taken-back messages included, came over the dedicated network. */
export function networkShares(dossier: IndependentDossier, messages: readonly Told[], isOnTslcd: (event: Told) => boolean): Share[] {
  const result = resultOf(dossier);
  if (!result) return [];
  return [
    {
      indicator: 'G6-NET-DOSSIER',
      rule: '*',
      unit: unitOf(dossier, result),
      month: monthOf(result.at),
      numerator: messages.length > 0 && messages.every(isOnTslcd) ? 1 : 0,
      denominator: 1,
    },
  ];
}

/** G4-SAT of one dossier: its latest rating in each question set. */
export function ratingShares(dossier: IndependentDossier): Share[] {
  const latest = new Map(dossier.ratings.map((rating) => [rating.data.questionSet, rating]));
  return [...latest.values()].flatMap((rating) => {
    const { answers } = rating.data;
    const best = answers.filter(({ grade }) => grade === 'very-satisfied').length;
    const middle = answers.filter(({ grade }) => grade === 'satisfied').length;
    const at = { unit: unitOf(dossier, rating), month: monthOf(rating.at), denominator: answers.length };
    return [
      { indicator: 'G4-SAT', rule: 'upper-two-grades', ...at, numerator: best + middle },
      { indicator: 'G4-SAT', rule: 'satisfaction-scale-only', ...at, numerator: best + middle },
      { indicator: 'G4-SAT', rule: 'best-only', ...at, numerator: best },
    ];
  });
}

/** G4-SAT of the surveys: counts per question. */
export function surveyShares(declared: readonly Told[]): Share[] {
  return earliestPerSubject(declared, 'vn.par.survey.declared.v1').flatMap(({ unit, at, data }) => {
    const sum = (questions: typeof data.questions, rule: string, isBestOnly = false): Share => ({
      indicator: 'G4-SAT',
      rule,
      unit,
      month: monthOf(at),
      numerator: questions.reduce((so, { best, middle }) => so + best + (isBestOnly ? 0 : middle), 0),
      denominator: questions.reduce((so, { best, middle, worst }) => so + best + middle + worst, 0),
    });
    const onScale = data.questions.filter(({ scale }) => scale === 'satisfaction');
    return [sum(data.questions, 'upper-two-grades'), sum(onScale, 'satisfaction-scale-only'), sum(data.questions, 'best-only', true)];
  });
}

/** G5-REVIEW: planned reviews, and those of them that were completed. */
export function reviewShares(declared: readonly Told[]): Share[] {
  const completed = new Set(ofType(declared, 'vn.par.function-review.completed.v1').map(({ subject }) => subject));
  return earliestPerSubject(declared, 'vn.par.function-review.planned.v1').map(({ subject, unit, at }) => ({
    indicator: 'G5-REVIEW',
    rule: '*',
    unit,
    month: monthOf(at),
    numerator: completed.has(subject) ? 1 : 0,
    denominator: 1,
  }));
}

function earliestPerSubject<T extends EventType>(declared: readonly Told[], type: T): Told<T>[] {
  const found = new Map<string, Told<T>>();
  for (const event of ofType(declared, type)) if (!found.has(event.subject)) found.set(event.subject, event);
  return [...found.values()];
}

/** What is declared and was not taken back, in order. */
export function standingDeclarations(events: readonly Told[], isDeclared: (type: EventType) => boolean): Told[] {
  const declared = events.filter(({ type }) => isDeclared(type));
  return [...bySubject(declared).values()].flatMap((ofSubject) => standing(ofSubject, 'vn.par.declaration.corrected.v1'));
}

/**
 * G6-WORK of one work dossier: closed, every step of it on the network or where its process allows paper, and nobody declares that it was on paper. The
 * indicator depends on the kind of the unit that closed it. The year tells no signatures of steps.
 */
export function workShare(events: readonly Told[]): Omit<Share, 'indicator'> | undefined {
  const told = standing(events, 'vn.par.work-dossier.corrected.v1');
  const completed = ofType(told, 'vn.par.work-dossier.completed.v1')[0];
  if (!completed) return undefined;
  const steps = ofType(told, 'vn.par.work-dossier.step-taken.v1');
  const isDeclaredPaper = ofType(told, 'vn.par.work-dossier.paper-declared.v1').length > 0;
  const isOnNetwork = steps.every(({ data }) => data.medium === 'network' || isPaperAllowed(told, data.step));
  const isOnline = steps.length > 0 && isOnNetwork && !isDeclaredPaper;
  return { rule: '*', unit: completed.unit, month: monthOf(completed.at), numerator: isOnline ? 1 : 0, denominator: 1 };
}

/** When a work dossier was completed, or undefined while it is open. */
export function completedAt(events: readonly Told[]): number | undefined {
  return ofType(standing(events, 'vn.par.work-dossier.corrected.v1'), 'vn.par.work-dossier.completed.v1')[0]?.at;
}

/**
 * Counts declared per unit and period, as so many per month: a month gives its own; a quarter gives its last month what its months leave of it; a year
 * gives December what is left of it. Nothing is ever less than 0.
 */
export function declaredPerMonth(
  declared: readonly Told[],
  type: 'vn.par.paper-work.declared.v1' | 'vn.par.secret-count.declared.v1',
): { unit: string; month: string; count: number }[] {
  const latest = new Map<string, { unit: string; period: string; count: number }>();
  // In the order of time, so that the latest declaration of a period is the one that is kept.
  for (const { unit, data } of ofType(declared, type)) latest.set(`${unit} ${data.period}`, { unit, ...data });
  const countOf = (unit: string, period: string): number | undefined => latest.get(`${unit} ${period}`)?.count;
  const found: { unit: string; month: string; count: number }[] = [];
  const units = new Set([...latest.values()].map(({ unit }) => unit));
  const years = new Set([...latest.values()].map(({ period }) => period.slice(0, 4)));
  for (const unit of units) {
    for (const year of years) {
      let ofYear = 0;
      const add = (month: number, count: number): void => {
        ofYear += count;
        found.push({ unit, month: `${year}-${String(month).padStart(2, '0')}`, count });
      };
      for (const quarter of [1, 2, 3, 4]) {
        let ofQuarter = 0;
        for (const month of [quarter * 3 - 2, quarter * 3 - 1, quarter * 3]) {
          const count = countOf(unit, `${year}-${String(month).padStart(2, '0')}`) ?? 0;
          ofQuarter += count;
          add(month, count);
        }
        add(quarter * 3, Math.max(0, (countOf(unit, `${year}-Q${quarter}`) ?? 0) - ofQuarter));
      }
      add(12, Math.max(0, (countOf(unit, year) ?? 0) - ofYear));
    }
  }
  return found.filter(({ count }) => count > 0);
}
