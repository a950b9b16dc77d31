import { type Consume, settingsFrom } from './peer-settings.ts';

/** Consumers by name, each loaded only in the process that runs it. */
const CONSUMERS: Readonly<Record<string, () => Promise<Consume>>> = {
  bare: async () => (await import('./consumers/bare.ts')).consumeBare,
  nest: async () => (await import('./consumers/nest.ts')).consumeWithNest,
  'pg-boss': async () => (await import('./consumers/pg-boss.ts')).consumeWithPgBoss,
  bullmq: async () => (await import('./consumers/bullmq.ts')).consumeWithBullmq,
  'graphile-worker': async () => (await import('./consumers/graphile-worker.ts')).consumeWithGraphileWorker,
};

// node tools/run.mjs tools/bench/src/drain/peer-process.ts CONSUMER: a consumer that ours is compared with, alone in its process, until it is ended.
const load = CONSUMERS[process.argv[2] ?? ''];
if (!load) throw new Error(`no consumer "${process.argv[2] ?? ''}"; there are ${Object.keys(CONSUMERS).join(', ')}`);
await (
  await load()
)(settingsFrom(process.env));
