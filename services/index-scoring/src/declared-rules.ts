import { startOfPeriod } from '@par/administration';
import { type DeclaredFact } from './declared-fact.ts';
import { surveyAnswers, type SurveyRule } from './declared-records.ts';
import { type Verdict, verdict } from './verdict.ts';

/** Work dossiers declared as done on paper: in the denominator of goals 6a and 6b, in the month that they are declared for. */
export function paperWork({ paperWork: declared }: DeclaredFact): Verdict[] {
  if (!declared) return [];
  return [...declared.byMonth]
    .filter(([, count]) => count > 0)
    .map(([month, denominator]) => ({
      moment: { at: startOfPeriod(month, declared.timeZone)!.toISOString(), event: declared.toldBy.get(month)!.event },
      unit: declared.unit,
      numerator: 0,
      denominator,
      reasons: ['declared-paper'],
    }));
}

/** Reviews of functions and tasks done ÷ planned, in the month and unit of the plan (goal 5). */
export function plannedReviews({ review }: DeclaredFact): Verdict[] {
  if (!review?.planned) return [];
  return [verdict(review.planned.unit, review.planned, review.completed ? [] : ['review-not-done'])];
}

export const surveyUpperTwo = (fact: DeclaredFact): Verdict[] => surveyed(fact, 'upper-two-grades');
export const surveySatisfactionScale = (fact: DeclaredFact): Verdict[] => surveyed(fact, 'satisfaction-scale-only');
export const surveyBestOnly = (fact: DeclaredFact): Verdict[] => surveyed(fact, 'best-only');

function surveyed({ survey }: DeclaredFact, rule: SurveyRule): Verdict[] {
  if (!survey) return [];
  const { numerator, denominator } = surveyAnswers(survey, rule);
  if (denominator === 0) return [];
  const reasons = numerator === denominator ? [] : ['answers-not-satisfied'];
  return [{ moment: { at: survey.at, event: survey.event }, unit: survey.unit, numerator, denominator, reasons }];
}
