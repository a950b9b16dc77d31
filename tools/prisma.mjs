// Runs the Prisma CLI; where its native schema engine cannot be had (no way to its CDN), with the WebAssembly one.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
const require = createRequire(import.meta.url);
const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./prisma-schema-engine.mjs', import.meta.url));
const r = spawnSync(process.execPath, [require.resolve('prisma/build/index.js'), ...process.argv.slice(2)], { stdio: 'inherit', env });
process.exit(r.status ?? 1);
