import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@par/contracts';
import { dossierYear } from '../events/dossier-year.ts';
import type { Pace } from '../load/load-order.ts';
import type { BenchContext, Row, RowResult, WayResult } from '../row.ts';
import { OurWay } from '../ways/our-way.ts';
import { Journey, type PathRun } from '../ways/path-run.ts';
import { startWay } from '../ways/start-way.ts';
import type { WayName } from '../ways/way.ts';

const SINGLE = 'full-path-single';
const BATCH = 'full-path-batch';
const CONNECTIONS = 64;
const BATCH_SIZE = 100;
/** A batch of a hundred needs fewer connections to keep everything busy. */
const BATCH_CONNECTIONS = 8;
const MB = 1e6;

interface Runs {
  single?: PathRun;
  batch?: PathRun;
}

/**
 * Throughput of the whole path, one event per request and a hundred, ours beside the bare path and the stock way; and the memory of our
 * services before and during it.
 */
export const fullPath: Row = {
  name: 'full-path',
  title: 'HTTP → outbox → broker → workflow → scoring → figure: events a second, and memory',
  gives: ['memory-rest', SINGLE, BATCH, 'memory-load'],
  run: async (ctx) => {
    const year = dossierYear(ctx);
    ctx.say(`${year.events} events of dossiers are ready`);
    const runs = new Map<WayName, Runs>();
    const results: RowResult[] = [];
    const names: WayName[] =
      ctx.wants(SINGLE) || ctx.wants(BATCH) ? ['bare', ...(ctx.quick ? [] : (['bare-packed'] as const)), 'stock', 'ours'] : ['ours'];
    for (const name of names) {
      const way = await startWay(name, ctx);
      try {
        await way.prepare(year.before);
        if (way instanceof OurWay && ctx.wants('memory-rest')) results.push(await memoryAtRest(ctx, way));
        const journey = new Journey(ctx, way, year.file);
        const done: Runs = {};
        runs.set(name, done);
        if (ctx.wants(SINGLE)) done.single = await journey.run(paceOf(ctx, 'single'));
        if (ctx.wants(BATCH) || ctx.wants('memory-load')) done.batch = await journey.run(paceOf(ctx, 'batch'));
      } finally {
        await way.stop();
      }
    }
    if (ctx.wants(SINGLE)) results.push(resultOf(SINGLE, 'single', runs));
    if (ctx.wants(BATCH)) results.push(resultOf(BATCH, 'batch', runs));
    if (ctx.wants('memory-load')) results.push(memoryAtLoad(runs.get('ours')!));
    return results;
  },
};

function paceOf({ quick }: BenchContext, kind: 'single' | 'batch'): Pace {
  const seconds = quick ? 3 : 15;
  return kind === 'single'
    ? { kind: 'closed', connections: CONNECTIONS, batch: 1, seconds }
    : { kind: 'closed', connections: BATCH_CONNECTIONS, batch: BATCH_SIZE, seconds };
}

function resultOf(name: string, kind: keyof Runs, runs: ReadonlyMap<WayName, Runs>): RowResult {
  const ours = runs.get('ours')![kind]!;
  const others = [...runs].flatMap(([way, done]) => (way === 'ours' || !done[kind] ? [] : [[way, wayResult(done[kind])] as const]));
  const ways = Object.fromEntries(others);
  return {
    name,
    ...wayResult(ours),
    ratioToBare: ways.bare ? ours.perSecond / ways.bare.value : null,
    ratioToStock: ways.stock ? ours.perSecond / ways.stock.value : null,
    ways,
  };
}

function wayResult(run: PathRun): WayResult {
  return {
    value: run.perSecond,
    unit: 'events/s',
    exact: run.verdict.exact,
    verdict: run.verdict.note,
    events: run.posted.accepted,
    postedPerSecond: (run.posted.accepted * 1000) / (run.posted.endedAt - run.posted.startedAt),
    httpMs: run.posted.answer,
    putOff: run.posted.putOff,
    figuresHeard: run.heard.figures,
    cpuMsPerEvent: run.cpuMsPerEvent,
    walBytesPerEvent: run.walBytesPerEvent,
    diskBytesPerEvent: run.diskBytesPerEvent,
  };
}

/** Resident memory of each service after it has loaded the city and been left alone. */
async function memoryAtRest(ctx: BenchContext, way: OurWay): Promise<RowResult> {
  await pause(ctx.quick ? 2_000 : 40_000);
  const meter = await ctx.meter(way.parts);
  const { largestMemory } = await meter.stop();
  return memoryResult('memory-rest', largestMemory, 'largest of the services, with the city loaded and nothing to do');
}

function memoryAtLoad({ single, batch }: Runs): RowResult {
  const largest: Record<string, number> = {};
  for (const run of [single, batch])
    for (const [part, bytes] of Object.entries(run?.largestMemory ?? {})) largest[part] = Math.max(largest[part] ?? 0, bytes);
  return memoryResult('memory-load', largest, 'largest of the services, at any moment of the runs of the full path');
}

const SERVICE_PARTS: Record<string, ServiceName> = {
  intake: 'dossier-intake',
  workflow: 'edocument-workflow',
  scoring: 'index-scoring',
  reporting: 'reporting',
};

function memoryResult(name: string, bytes: Readonly<Record<string, number>>, note: string): RowResult {
  const each = Object.fromEntries(Object.entries(SERVICE_PARTS).map(([part, service]) => [service, (bytes[part] ?? 0) / MB]));
  return { name, value: Math.max(...Object.values(each)), unit: 'MB', ratioToBare: null, ratioToStock: null, exact: null, each, note };
}
