#!/usr/bin/env node
// `par`: runs from any directory of the workspace or outside it. TypeScript is compiled by the workspace's own hook, and a
// command loads only what it needs, so that it answers at once.
import { register } from 'node:module';

register('../swc-hooks.mjs', import.meta.url);
const { run } = await import('./src/main.ts');
process.exitCode = await run(process.argv);
