import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { waitUntilSettled } from '@par/cli';
import { SERVICES, type ServiceName } from '@par/contracts';
import { CHECKOUT } from '@par/infrastructure';
import { DOORS, type City } from './city.ts';
import { type Load } from './load.ts';
import { type Poison } from './poison.ts';

const DRAIN_MS = 300_000;
/** Above this a process did not keep its memory bounded. */
export const MOST_MEGABYTES = 512;

/** Waits until nothing moves any more; answers what is wrong: it does not come to rest. */
export async function drain(city: City, limitMs = DRAIN_MS): Promise<string[]> {
  await city.becomeReady();
  const { settled, inFlight } = await waitUntilSettled(city.urls, { limitMs, withDoors: true });
  return settled ? [] : [`not at rest after ${limitMs / 1_000} s: ${JSON.stringify(inFlight)}`];
}

/** `par audit` over the city, as anyone would run it. */
export async function audit(city: City): Promise<string[]> {
  const option: Record<ServiceName, string> = {
    'dossier-intake': '--intake',
    'edocument-workflow': '--workflow',
    'index-scoring': '--scoring',
    reporting: '--reporting',
  };
  const addresses = SERVICES.flatMap((service) => [option[service], city.urls[service]]);
  const child = spawn(process.execPath, [join(CHECKOUT, 'tools/cli/par.mjs'), '--lang', 'en', 'audit', '--wait', '30', ...addresses], {
    cwd: CHECKOUT,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return code === 0 ? [] : [`par audit ended with ${code ?? 'a signal'}:\n${said.trim()}`];
}

/** What the doors took against what they were posted, and what was given up against what was poison. */
export async function judgeIntake(city: City, load: Load, poison: Poison, units: number): Promise<string[]> {
  const wrong = [...summarised(load.wrong), ...summarised(poison.wrong)];
  let stored = 0;
  for (const door of DOORS) {
    const [row] = await city.sql<{ n: number }>(door, 'SELECT count(*)::int AS n FROM ingress.accepted_event');
    stored += row!.n;
  }
  if (stored !== load.distinct + units) wrong.push(`${load.distinct + units} distinct events were posted, ${stored} are stored`);
  const { poison: posted, poisonRefused } = load.counts;
  if (posted !== poisonRefused) wrong.push(`${posted} poison events were answered, ${poisonRefused} of them refused`);
  for (const service of SERVICES) {
    const expected = poison.messages.get(service) ?? 0;
    const rows = await city.sql<{ cause_code: string; n: number }>(
      service,
      'SELECT cause_code, count(*)::int AS n FROM messaging.dead_letter GROUP BY 1 ORDER BY 1',
    );
    const dead = rows.reduce((total, { n }) => total + n, 0);
    const ofPoison = rows.filter(({ cause_code }) => cause_code === 'message.unreadable' || cause_code === 'event.unknown-type');
    if (dead !== expected || ofPoison.length !== rows.length)
      wrong.push(`${service} has ${dead} dead letters, the poison was ${expected}: ${JSON.stringify(rows)}`);
  }
  return wrong;
}

/**
 * The registers of incoming and outgoing documents (số đến, số đi): each from 1 to its last number without a gap, none given twice, and one for each document that asked.
 * @param asked numbers that were asked for, each for another document, unit or direction
 */
export async function judgeRegisters(city: Pick<City, 'sql'>, asked: number): Promise<string[]> {
  const broken = await city.sql<{ register: string; last: number; entries: number; numbers: number; least: number; most: number }>(
    'edocument-workflow',
    `SELECT concat_ws(' ', unit, direction, kind, year) AS register, coalesce(r.last_number, 0) AS last, count(e.number)::int AS entries,
            count(DISTINCT e.number)::int AS numbers, coalesce(min(e.number), 1) AS least, coalesce(max(e.number), 0) AS most
       FROM register AS r FULL JOIN register_entry AS e USING (unit, direction, kind, year)
      GROUP BY unit, direction, kind, year, r.last_number
     HAVING count(e.number) <> coalesce(r.last_number, 0) OR count(DISTINCT e.number) <> count(e.number)
         OR coalesce(min(e.number), 1) <> 1 OR coalesce(max(e.number), 0) <> count(e.number)
      ORDER BY 1`,
  );
  const wrong = broken.map((found) => `a register has a gap or a double: ${JSON.stringify(found)}`);
  const [row] = await city.sql<{ entries: number; documents: number }>(
    'edocument-workflow',
    `SELECT count(*)::int AS entries, count(DISTINCT (document, unit, direction))::int AS documents FROM register_entry`,
  );
  const { entries, documents } = row!;
  if (asked === 0 || entries !== asked || documents !== asked)
    wrong.push(`${asked} numbers were asked for, registers have ${entries} of ${documents} documents`);
  return summarised(wrong);
}

/** What the run saw of the processes themselves. */
export function judgeProcesses(city: City, most: ReadonlyMap<string, number>): string[] {
  const tooLarge = [...most].filter(([, megabytes]) => megabytes > MOST_MEGABYTES);
  const surprising = city.replicas.filter(({ surprises }) => surprises.length > 0);
  return [
    ...tooLarge.map(([name, megabytes]) => `${name} took ${Math.round(megabytes)} MB, more than ${MOST_MEGABYTES}`),
    ...surprising.map(
      ({ name, surprises }) => `${name} ended ${surprises.length} times without having been asked to: ${surprises.join('\n')}`,
    ),
  ];
}

function summarised(lines: readonly string[]): string[] {
  return lines.length <= 10 ? [...lines] : [...lines.slice(0, 10), `… and ${lines.length - 10} more like these`];
}
