// node tools/run.mjs services/index-scoring/src/print-figures-doc.ts [--check]
// Prints every plan of rules/ into docs/figures.md, or with --check says whether it has drifted.
import { readFileSync, writeFileSync } from 'node:fs';
import { loadPlans } from './plan.ts';
import { withPlansPrinted } from './plan-figures-doc.ts';
import { planNames } from './plan-file.ts';
import { isDescribedRule } from './rule-catalogue.ts';

const file = new URL('../../../docs/figures.md', import.meta.url);
const present = readFileSync(file, 'utf8');
const printed = withPlansPrinted(
  present,
  planNames().map((name) => loadPlans([name], isDescribedRule)),
);

if (process.argv.includes('--check')) {
  if (printed !== present) {
    console.error('drifted: docs/figures.md. Run: npm run figures-doc');
    process.exitCode = 1;
  } else console.log('docs/figures.md is up to date');
} else if (printed !== present) {
  writeFileSync(file, printed);
  console.log('written: docs/figures.md');
}
