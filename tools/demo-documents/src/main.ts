// npm run demo:documents, beside a running npm start: one document goes out of one unit and into another as edXML, and its statuses come back. Exits with 1 where a state is
// not reached, with 2 where nothing runs.
import { Mistake } from '@par/cli';
import { DemoCity, OFFICE, type ShownDocument, WARD } from './demo-city.ts';
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

try {
  const city = new DemoCity();
  await city.openUnits();
  tell(`Hai đơn vị trình diễn: ${OFFICE.name} và ${WARD.name}`, `Two units of the demonstration: ${OFFICE.name} and ${WARD.name}`);
  const walk = new DocumentWalk(city, tell);
  show(walk.id, await walk.walk());
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  process.stderr.write(`demo:documents: ${error.code}\n${error.text.vi}\n${error.text.en}\n`);
  process.exitCode = error.exitCode;
}
