import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type FigureRow } from '@par/contracts';
import { spreadOf, type Spread } from '../measure/percentile.ts';

/** Readers of the dashboard at once, each with a connection of its own. */
const CONNECTIONS = 8;

export interface AskedQuery {
  name: string;
  url: string;
  headers?: Readonly<Record<string, string>>;
}

export interface Answers {
  all: Spread;
  byQuery: Record<string, Spread>;
  perSecond: number;
}

/**
 * The questions of the dashboard: the page's own (catalogue, figures of a year, of a month and of a quarter, one unit, the balance sheet), "why" through reporting, and the
 * same of index-scoring with the form II.06a. A page of dossiers is asked for at its beginning and deep inside, of the figure with most dossiers.
 */
export async function dashboardQueries(reporting: string, scoring: string): Promise<AskedQuery[]> {
  const rows = (await (await fetch(`${scoring}/v1/figures?period=2021`)).json()) as FigureRow[];
  const countable = rows.filter(({ period, denominator }) => period === '2021' && denominator > 0);
  const largest = countable.reduce((most, row) => (row.denominator > most.denominator ? row : most));
  const ofUnit = countable.filter(({ total }) => !total).reduce((most, row) => (row.denominator > most.denominator ? row : most));
  const why = (base: string, id: string, query = ''): string => `${base}/v1/figures/${encodeURIComponent(id)}/why?limit=100${query}`;
  const deep = await deepInside(why(scoring, largest.id));
  return [
    { name: 'page: catalogue', url: `${reporting}/v1/catalogue` },
    { name: 'page: figures of a year', url: `${reporting}/v1/figures?period=2021` },
    { name: 'page: figures of a quarter', url: `${reporting}/v1/figures?period=2021-Q3` },
    { name: 'page: figures of a month', url: `${reporting}/v1/figures?period=2021-09` },
    { name: 'page: one unit', url: `${reporting}/v1/figures?period=2021&unit=${ofUnit.unit}` },
    { name: 'page: balance sheet', url: `${reporting}/v1/balance-sheet` },
    { name: 'page: why', url: why(reporting, ofUnit.id) },
    { name: 'scoring: figures of a year', url: `${scoring}/v1/figures?period=2021` },
    { name: 'scoring: one indicator', url: `${scoring}/v1/figures?period=2021&indicator=${largest.indicator}` },
    { name: 'scoring: why, city', url: why(scoring, largest.id) },
    { name: 'scoring: why, city, deep inside', url: why(scoring, largest.id, `&after=${encodeURIComponent(deep)}`) },
    { name: 'scoring: why not, unit', url: why(scoring, ofUnit.id, '&part=rest') },
    { name: 'scoring: form II.06a of a quarter', url: `${scoring}/v1/forms/ii-06a?period=2021-Q3` },
  ];
}

const PAGES_DEEP = 20;

/** The key at which a page deep inside a list begins. */
async function deepInside(url: string): Promise<string> {
  let after = '';
  for (let page = 0; page < PAGES_DEEP; page += 1) {
    const { next } = (await (await fetch(`${url}&after=${encodeURIComponent(after)}`)).json()) as { next: string | null };
    if (next === null) break;
    after = next;
  }
  return after;
}

/**
 * Asks for some seconds, all queries in turn. Each connection asks every `everyMs`, and an answer that is late makes the next question late, not fewer: times count
 * from when it should have been asked. With 0 each asks again as soon as it has its answer.
 * @throws where one is not answered with 200
 */
export async function askFor(
  queries: readonly AskedQuery[],
  seconds: number,
  everyMs: number,
  connections = CONNECTIONS,
): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times = new Map(queries.map(({ name }) => [name, [] as number[]]));
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const ask = async (connection: number): Promise<void> => {
    let due = startedAt + (connection * everyMs) / connections;
    // Each connection begins at another question, or all would ask the same at once.
    for (let turn = Math.floor((connection * queries.length) / connections); due < endsAt; turn += 1) {
      const wait = due - performance.now();
      if (wait > 0) await pause(wait);
      const asked = queries[turn % queries.length]!;
      await answerOf(asked, agent);
      const answeredAt = performance.now();
      times.get(asked.name)!.push(answeredAt - due);
      due = everyMs > 0 ? due + everyMs : answeredAt;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => ask(connection)));
  agent.destroy();
  const all = [...times.values()].flat();
  const byQuery = Object.fromEntries([...times].flatMap(([name, list]) => (list.length > 0 ? [[name, spreadOf(list)!] as const] : [])));
  return { all: spreadOf(all)!, byQuery, perSecond: (all.length / (performance.now() - startedAt)) * 1000 };
}

function answerOf({ url, headers = {} }: AskedQuery, agent: Agent): Promise<void> {
  return new Promise((done, fail) => {
    const request = get(url, { agent, headers }, (answer) => {
      answer.on('error', fail);
      answer.on('end', () => (answer.statusCode === 200 ? done() : fail(new Error(`${url} answered ${answer.statusCode}`))));
      answer.resume();
    });
    request.on('error', fail);
  });
}
