import { join } from 'node:path';
import { addProducerKey } from '@par/ingress';
import { type Answers, askFor, type AskedQuery } from '../million/dashboard-load.ts';
import { withClient } from '../million/city.ts';
import type { BenchContext, Row, RowResult } from '../row.ts';
import { buildServices } from '../ways/built-services.ts';
import { WayProcess } from '../ways/way-process.ts';
import { fillWorkDossiers, tellUnits } from './filled-work-dossiers.ts';

const SIZES = { full: { rows: 1_000_000, seconds: 40 }, quick: { rows: 50_000, seconds: 4 } };
const CONNECTIONS = 16;
/** Of each connection: together 80 questions a second. */
const ASK_EVERY_MS = 200;
const GOAL_MS = 50;
const PAGES_DEEP = 20;

/** Who asks, by what the key speaks for. None is an administrator. */
const READERS = { ward: 'hue-19801-an-cuu', department: 'hue-phong-tu-phap', city: 'hue' } as const;
type ReaderName = keyof typeof READERS;

/** How fast a page of work dossiers is answered, with a million of them, to those who see a part. */
export const workDossiers: Row = {
  name: 'work-dossiers-1m',
  title: 'pages of a list of a million work dossiers, for keys of a ward, a department and a city',
  run: async (ctx) => {
    const { rows, seconds } = ctx.quick ? SIZES.quick : SIZES.full;
    const database = await ctx.createServiceDatabase('edocument-workflow');
    const vhost = await ctx.createVhost('work-dossiers');
    try {
      ctx.say(`filling ${rows} work dossiers`);
      const keys = await withClient(database, async (client) => {
        await fillWorkDossiers(client, await tellUnits(client), rows);
        const made: Partial<Record<ReaderName, string>> = {};
        for (const [name, unit] of Object.entries(READERS) as [ReaderName, string][])
          made[name] = await addProducerKey(client, { name, sources: ['*'], units: [unit] });
        return made as Record<ReaderName, string>;
      });
      const service = await startWorkflow(ctx, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
      try {
        const wanted = await withClient(database, async (client) => {
          const { rows: counted } = await client.query<{ open: number }>(
            `SELECT count(*)::int AS open FROM work_dossier WHERE unit = $1 AND state = 'open'`,
            [READERS.ward],
          );
          return counted[0]!.open;
        });
        const listed = await walk(`${service.url}/v1/work-dossiers?state=open&limit=200`, headersOf(keys.ward));
        const queries = await questions(service.url, keys);
        // What is measured is the second time: prepared statements, a warm cache, compiled code.
        await askFor(queries, seconds / 4, 0, CONNECTIONS);
        return [resultOf(await askFor(queries, seconds, ASK_EVERY_MS, CONNECTIONS), rows, listed === wanted)];
      } finally {
        await service.stop();
      }
    } finally {
      await vhost.drop();
      await database.drop();
    }
  },
};

async function startWorkflow(ctx: BenchContext, env: Record<string, string>): Promise<WayProcess> {
  const folder = join(await buildServices(ctx), 'edocument-workflow');
  return WayProcess.start('edocument-workflow', [join(folder, 'main.js')], {
    cwd: folder,
    mark: ctx.processMark,
    readyPath: '/health/ready',
    env,
  });
}

const headersOf = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** First pages, pages deep inside, one kind and what falls due soon. */
async function questions(base: string, keys: Readonly<Record<ReaderName, string>>): Promise<AskedQuery[]> {
  const asked: AskedQuery[] = [];
  const add = async (reader: ReaderName, name: string, parameters: string, isDeep = false): Promise<void> => {
    const headers = headersOf(keys[reader]);
    const first = `${base}/v1/work-dossiers?${parameters}`;
    asked.push({ name: `${reader}: ${name}`, url: isDeep ? await deepInside(first, headers) : first, headers });
  };
  for (const reader of ['ward', 'department', 'city'] as const) {
    await add(reader, 'first page', '');
    await add(reader, 'open', 'state=open');
    await add(reader, 'open, deep inside', 'state=open', true);
    await add(reader, 'deep inside', 'limit=100', true);
    await add(reader, 'due before, open', 'state=open&due-before=2021-03-01T00:00:00Z');
    await add(reader, 'matters', 'kind=matter');
  }
  return asked;
}

async function deepInside(url: string, headers: Record<string, string>): Promise<string> {
  let at = url;
  for (let page = 0; page < PAGES_DEEP; page += 1) {
    const { next } = await pageOf(at, headers);
    if (next === null) break;
    at = new URL(next, url).href;
  }
  return at;
}

/** How many distinct rows all pages have together. */
async function walk(url: string, headers: Record<string, string>): Promise<number> {
  const ids = new Set<string>();
  for (let at: string | undefined = url; at !== undefined;) {
    const { items, next } = await pageOf(at, headers);
    for (const { id } of items) ids.add(id);
    at = next === null ? undefined : new URL(next, url).href;
  }
  return ids.size;
}

async function pageOf(url: string, headers: Record<string, string>): Promise<{ items: { id: string }[]; next: string | null }> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { items: { id: string }[]; next: string | null };
}

function resultOf({ all, byQuery, perSecond }: Answers, rows: number, exact: boolean): RowResult {
  const worst = Object.entries(byQuery).reduce((most, each) => (each[1].p99 > most[1].p99 ? each : most));
  return {
    name: 'work-dossiers-1m',
    value: all.p99,
    unit: 'ms',
    ratioToBare: null,
    ratioToStock: null,
    exact,
    p50: all.p50,
    answersPerSecond: perSecond,
    byQuery,
    note: `p99 of ${all.count} pages, ${rows} work dossiers, no administrator; ${CONNECTIONS} connections ask ${1000 / ASK_EVERY_MS} times a second each. Goal ${GOAL_MS} ms: ${all.p99 <= GOAL_MS ? 'reached' : 'not reached'}. Slowest question: ${worst[0]}, p99 ${worst[1].p99.toFixed(0)} ms`,
  };
}
