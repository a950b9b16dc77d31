// npm run demo:documents, beside a running npm start: a document goes out of one unit and into another as edXML, is settled there by a process, and is answered by a document
// that goes the other way; statuses come back, and the figures move. Exits with 1 where a state is not reached, with 2 where nothing runs.
import { type FigureRow } from '@par/contracts';
import { Mistake } from '@par/cli';
import { DemoCity, OFFICE, type ShownDocument, type ShownMatter, WARD } from './demo-city.ts';
import { SettledMatter } from './settle-matter.ts';
import { DocumentWalk } from './walk-document.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
let step = 0;
const tell = (vi: string, en: string): void => {
  const number = vi.startsWith(' ') ? '   ' : `${String((step += 1)).padStart(2)}.`;
  print(`${number} ${vi}\n    ${en}`);
};

function show(id: string, { state, life, delivery, registers, findings }: ShownDocument): void {
  print(`\n${id}: ${state.label.vi} / ${state.label.en}`);
  for (const { at, unit, label } of life) print(`  ${at}  ${label.vi} / ${label.en} (${unit})`);
  for (const { recipient, state: reached } of delivery) print(`  ${recipient}: ${reached.label.vi} / ${reached.label.en}`);
  for (const { unit, direction, register, year, number } of registers)
    print(`  ${unit}: ${direction} ${register} ${year}, số / number ${number}`);
  for (const { code, label } of findings) print(`  ! ${code}: ${label.vi} / ${label.en}`);
}

function tellJudgement({ judgement, deviations }: ShownMatter): void {
  if (judgement?.processedOnline) tell('Xử lý trên môi trường mạng: đạt', 'Processed online: yes');
  else tell('Xử lý trên môi trường mạng: không', 'Processed online: no');
  for (const { vi, en } of [...(judgement?.reasons ?? []), ...deviations]) tell(`  ${vi}`, `  ${en}`);
}

const counted = ({ numerator, denominator }: FigureRow): string => `${numerator}/${denominator}`;

/** Waits until the closed matter is in the figures, and tells them before and after. */
async function tellFigures(city: DemoCity, before: readonly FigureRow[], year: number): Promise<void> {
  let after: FigureRow[] = [];
  await city.until('figures with the closed work dossier', async () => {
    after = await city.figures(WARD, year);
    return after.length > 0 && after.every(({ denominator }, n) => denominator > (before[n]?.denominator ?? 0));
  });
  for (const [n, figure] of after.entries()) {
    const moved = `${before[n] ? counted(before[n]) : '–'} → ${counted(figure)}`;
    tell(`  ${figure.id}: ${moved}`, `  npx par why ${figure.id}`);
  }
}

try {
  const city = new DemoCity();
  const year = DemoCity.year();
  await city.openUnits();
  tell(`Hai đơn vị trình diễn: ${OFFICE.name} và ${WARD.name}`, `Two units of the demonstration: ${OFFICE.name} and ${WARD.name}`);
  const before = await city.figures(WARD, year);

  const letter = new DocumentWalk(city, { from: OFFICE, to: WARD, notation: 'TD-VB', subject: 'V/v trình diễn liên thông văn bản' }, tell);
  await letter.prepare();
  await letter.issue();
  await letter.register();
  await letter.assign();
  const matter = await new SettledMatter(city, WARD, letter.id, tell).settle();
  tellJudgement(matter);
  await letter.complete();
  tell('Các chỉ tiêu chuyển động', 'The figures move');
  await tellFigures(city, before, year);

  const about = { from: WARD, to: OFFICE, notation: 'TL-VB', subject: 'V/v trả lời văn bản trình diễn', answers: letter };
  const answer = new DocumentWalk(city, about, tell);
  await answer.prepare();
  await answer.issue();
  await answer.register();
  await answer.recall();

  show(letter.id, await letter.shown());
  show(answer.id, await answer.shown());
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  process.stderr.write(`demo:documents: ${error.code}\n${error.text.vi}\n${error.text.en}\n`);
  process.exitCode = error.exitCode;
}
