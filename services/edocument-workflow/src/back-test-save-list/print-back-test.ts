// node tools/run.mjs services/edocument-workflow/src/back-test-save-list/print-back-test.ts LOG [--check]
// Runs the back-test of the save-list on the public log (receipt.csv) and prints it into docs/save-list.md, or with --check says whether that has drifted.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { withBackTestPrinted } from './back-test-text.ts';
import { backTest, FEATURES } from './back-test.ts';
import { permitCalendar, readPermitLog } from './permit-log.ts';

const log = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (log === undefined) {
  console.error('usage: npm run save-list-doc -- receipt.csv [--check]');
  process.exit(2);
}
const file = new URL('../../../../docs/save-list.md', import.meta.url);
const present = readFileSync(file, 'utf8');
let month = '';
const onDay = (day: string): void => {
  if (day.startsWith(month) && month !== '') return;
  month = day.slice(0, 7);
  console.error(`hỏi từng ngày làm việc · asking day by day: ${month}`);
};
const printed = withBackTestPrinted(present, backTest(readPermitLog(log), permitCalendar(), { onDay }), FEATURES);

if (process.argv.includes('--check')) {
  console.log(printed === present ? 'docs/save-list.md is up to date' : 'drifted: docs/save-list.md. Run: npm run save-list-doc');
  if (printed !== present) process.exitCode = 1;
} else {
  writeFileSync(file, printed);
  console.log(printed.slice(printed.indexOf('<!-- begin')));
}
