import { type Grade } from '@par/contracts';
import { type CaseView } from './case-view.ts';
import { type Verdict } from './verdict.ts';

/** Which answers of a dossier's applicant count as satisfied; goal 4d does not say, and the answer decides the figure (domain 13.2). */
const UPPER_TWO: readonly Grade[] = ['very-satisfied', 'satisfied'];
const BEST: readonly Grade[] = ['very-satisfied'];

export const upperTwoGrades = (view: CaseView): Verdict[] => ratings(view, UPPER_TWO);
export const bestGradeOnly = (view: CaseView): Verdict[] => ratings(view, BEST);

/** The latest standing rating of each question set, every answer one vote, in the month of the rating. */
function ratings(view: CaseView, satisfied: readonly Grade[]): Verdict[] {
  const latest = new Map(view.fact.life.ratings.map((rating) => [rating.questionSet, rating]));
  return [...latest.values()].map((rating) => {
    const numerator = rating.answers.filter(({ grade }) => satisfied.includes(grade)).length;
    const denominator = rating.answers.length;
    return {
      moment: { at: rating.at, event: rating.event },
      unit: view.unitOf(rating),
      numerator,
      denominator,
      reasons: numerator === denominator ? [] : ['answers-not-satisfied'],
    };
  });
}
