// node tools/run.mjs libs/contracts/src/print-contracts.ts [--check]
// Writes the JSON Schemas, the AsyncAPI document and the broker definitions, or with --check says which of them have drifted.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { printedContracts } from './printed-contracts.ts';

const root = new URL('../../../', import.meta.url);
const printed = printedContracts();
const present = (folder: string) =>
  existsSync(new URL(folder, root))
    ? readdirSync(new URL(folder, root))
        .filter((name) => name.endsWith('.json'))
        .map((name) => folder + name)
    : [];
const left = [...present('libs/contracts/schemas/'), ...present('libs/contracts/schemas/posted/')].filter((path) => !printed.has(path));
const stale = [...printed].filter(([path, text]) => !existsSync(new URL(path, root)) || readFileSync(new URL(path, root), 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`drifted: ${path}`);
  for (const path of left) console.error(`no longer printed: ${path}`);
  if (stale.length + left.length > 0) {
    console.error('Run: node tools/run.mjs libs/contracts/src/print-contracts.ts');
    process.exitCode = 1;
  } else console.log(`${printed.size} printed files are up to date`);
} else {
  for (const [path, text] of stale) {
    mkdirSync(new URL('./', new URL(path, root)), { recursive: true });
    writeFileSync(new URL(path, root), text);
    console.log(`written: ${path}`);
  }
  for (const path of left) {
    rmSync(new URL(path, root));
    console.log(`removed: ${path}`);
  }
}
