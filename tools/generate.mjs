// Generates the Prisma client of every package that has a schema, when the schema changed since (or with --force).
// Runs after `npm ci` and again, at no cost, before start and test, so that `npm ci --ignore-scripts` works too.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const version = createRequire(import.meta.url)('prisma/package.json').version;

const packages = ['libs', 'services']
  .filter((group) => existsSync(join(root, group)))
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
  .concat(join(root, 'tools/bench/stock'))
  .filter(
    (dir) =>
      existsSync(join(dir, 'prisma/schema.prisma')) && readFileSync(join(dir, 'prisma/schema.prisma'), 'utf8').includes('generator client'),
  );

export async function generate({ force = false } = {}) {
  for (const dir of packages) {
    const schema = readFileSync(join(dir, 'prisma/schema.prisma'));
    const wanted = createHash('sha256').update(schema).update(version).digest('hex');
    const stamp = join(dir, 'generated/.schema-hash');
    if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    await run(dir);
    mkdirSync(join(dir, 'generated'), { recursive: true });
    writeFileSync(stamp, wanted);
  }
}

function run(cwd) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'tools/prisma.mjs'), 'generate'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`prisma generate failed in ${cwd}:\n${said}`))));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate({ force: process.argv.includes('--force') });
