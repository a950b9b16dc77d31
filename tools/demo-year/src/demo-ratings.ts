import { type Grade, type RatedAnswer } from '@par/contracts';
import { type DossierStory } from './dossier-story.ts';
import { DAY } from './office-time.ts';

const QUESTIONS = ['q1', 'q2', 'q3', 'q4', 'q5'];
const SET = 'hue-2021';

/** What the applicant thinks of it: mostly well, less so where things are slow. A few change their mind. */
export function ratingOf(story: DossierStory, at: number): void {
  const { chance, office } = story.arrival;
  const bad = office.late > 0.15 ? 0.16 : 0.05;
  const grade = (): Grade => {
    const turn = chance.next();
    if (turn < bad) return 'not-satisfied';
    return turn < 0.55 ? 'satisfied' : 'very-satisfied';
  };
  const answers = (): RatedAnswer[] =>
    QUESTIONS.filter((_, n) => n === 0 || !chance.happens(0.03)).map((question) => ({ question, grade: grade() }));
  story.tell('portal', 'vn.par.dossier.rated.v1', at, { questionSet: SET, answers: answers() });
  if (chance.happens(0.04))
    story.tell('portal', 'vn.par.dossier.rated.v1', at + DAY, { questionSet: SET, answers: answers() }, 'rated-again');
}
