// Rules of the house that no linter knows: what folders may be called, which slices may see each other, what may not be left behind.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const code = files.filter((file) => /\.(ts|mjs|svelte)$/.test(file) && !file.startsWith('tools/tidy/'));
const wrong = [];

for (const file of files) {
  const folder = /(^|\/)(utils?|common|shared|core|helpers?|base|manager|misc|interfaces|enums|types|domain|application)\//.exec(file);
  if (folder) wrong.push(`${file}: the folder name "${folder[2]}" says nothing`);
  if (/-v\d+\//.test(file)) wrong.push(`${file}: no folder twins by version`);
}

const ROLES = new Set([
  'controller',
  'consumer',
  'handler',
  'dto',
  'query',
  'timer',
  'module',
  'service',
  'filter',
  'v1',
  'config',
  'command',
  'unit',
  'int',
  'e2e',
  'spec',
  // Types of a package that ships none.
  'd',
]);
for (const file of code) {
  const text = readFileSync(join(root, file), 'utf8');
  const isSpec = /\.spec\.ts$/.test(file);
  for (const role of file.split('/').at(-1).split('.').slice(1, -1))
    if (!ROLES.has(role) && file.endsWith('.ts')) wrong.push(`${file}: "${role}" is not one of the file roles`);
  if (/\b(it|test|describe)\.(skip|todo|only)\b|\bx(it|describe)\(/.test(text)) wrong.push(`${file}: a test is switched off`);
  if (/\b(TODO|FIXME|XXX|HACK)\b/.test(text)) wrong.push(`${file}: unfinished`);
  if (/eslint-disable|@ts-ignore|@ts-nocheck/.test(text)) wrong.push(`${file}: a check is switched off`);
  if (!isSpec) crossSliceImports(file, text);
}

/** services/S/src/<slice>/… may import its own folder, the files beside the slices, and libraries; never another slice. */
function crossSliceImports(file, text) {
  const slice = /^(services\/[^/]+\/src)\/([^/]+)\//.exec(file);
  if (!slice) return;
  for (const [, specifier] of text.matchAll(/from '(\.[^']+)'/g)) {
    const target = relative(slice[1], join(dirname(file), specifier)).split('/');
    if (target.length > 1 && target[0] !== '..' && target[0] !== slice[2]) wrong.push(`${file}: reaches into another slice (${specifier})`);
  }
}

if (wrong.length > 0) {
  console.error(`tidy: ${wrong.length} findings\n  ${wrong.join('\n  ')}`);
  process.exit(1);
}
console.log(`tidy: ${files.length} files in order`);
