// ESM hooks for Node 20.19+: .ts -> ESM through @swc/core, cached on disk by content; workspace packages resolve to
// their sources through the '@par/source' condition. Relative imports carry their .ts extension.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/swc-hooks');
mkdirSync(cache, { recursive: true });

export const swcOptions = {
  swcrc: false,
  configFile: false,
  sourceMaps: 'inline',
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
};
const salt = JSON.stringify(swcOptions) + require('@swc/core/package.json').version;
let swc;

export async function resolve(specifier, context, next) {
  return next(specifier, { ...context, conditions: ['@par/source', ...context.conditions] });
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.split('?')[0].endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const text = readFileSync(filename, 'utf8');
  const out = join(cache, createHash('sha1').update(salt).update(filename).update(text).digest('hex') + '.js');
  let source;
  try {
    source = readFileSync(out, 'utf8');
  } catch {
    swc ??= require('@swc/core');
    source = swc.transformSync(text, { ...swcOptions, filename }).code;
    const scratch = `${out}.${process.pid}`;
    writeFileSync(scratch, source);
    renameSync(scratch, out);
  }
  return { format: 'module', shortCircuit: true, source };
}
