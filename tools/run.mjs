// node tools/run.mjs FILE.ts [args]: runs a TypeScript entry point of this workspace in this process. The register hook
// compiles with SWC (decorator metadata kept) and resolves @par/* to sources, so nothing has to be built first.
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

register('./swc-hooks.mjs', import.meta.url);
const [entry, ...args] = process.argv.slice(2);
if (!entry) throw new Error('usage: node tools/run.mjs FILE.ts [args]');
const file = resolve(entry);
process.argv = [process.argv[0], file, ...args];
await import(pathToFileURL(file).href);
