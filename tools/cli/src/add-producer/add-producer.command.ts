import type { Door } from '@par/contracts';
import { addProducerKey, type NewProducerKey } from '@par/ingress';
import pg from 'pg';
import { Mistake } from '../mistake.ts';
import { RunningCity } from '../running-city.ts';
import { reasonOf } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';

export interface AddProducerOptions {
  name: string;
  source: string[];
  unit: string[];
  /** Whether the key may send what an authorised person declares. */
  declares?: boolean;
  databaseIntake?: string;
  databaseWorkflow?: string;
  json?: boolean;
}

/** `par producer add`: one key for both front doors, printed once; the doors keep only its hash. */
export async function addProducer(options: AddProducerOptions, terminal: Terminal): Promise<number> {
  check(options);
  const city = new RunningCity();
  const doors: [Door, string][] = [
    ['dossier-intake', city.database('dossier-intake', options.databaseIntake)],
    ['edocument-workflow', city.database('edocument-workflow', options.databaseWorkflow)],
  ];
  let producer: NewProducerKey = {
    name: options.name,
    sources: options.source,
    units: options.unit,
    declares: options.declares ?? false,
  };
  for (const [door, url] of doors) {
    const key = await withClient(door, url, (client) => addProducerKey(client, producer));
    // The second door lets the same key in.
    producer = { ...producer, key };
  }
  const { name, sources, units, declares, key = '' } = producer;
  if (options.json) {
    terminal.print(JSON.stringify({ name, sources, units, declares, key }, null, 2));
    return 0;
  }
  terminal.note(
    terminal.language === 'vi'
      ? `khóa của ${name} cho ${sources.join(', ')} và ${units.join(', ')}${declares ? ', được khai báo số liệu' : ''}; chỉ hiện một lần này`
      : `key of ${name} for ${sources.join(', ')} and ${units.join(', ')}${declares ? ', may declare' : ''}; shown this once`,
  );
  terminal.print(key);
  return 0;
}

function check({ name, source, unit }: AddProducerOptions): void {
  if (name.trim() === '') throw new Mistake('option.no-name', { en: '--name is empty', vi: '--name để trống' });
  for (const urn of source) {
    if (urn === '*' || /^[a-z][a-z0-9+.-]*:[^\s]{1,190}$/i.test(urn)) continue;
    throw new Mistake('option.bad-source', { en: `"${urn}" is no source; write urn:…`, vi: `"${urn}" không phải nguồn; viết dạng urn:…` });
  }
  for (const id of unit) {
    if (id === '*' || /^[a-z0-9]+(-[a-z0-9]+){0,15}$/.test(id)) continue;
    throw new Mistake('option.bad-unit', { en: `"${id}" is no unit id`, vi: `"${id}" không phải mã đơn vị` });
  }
}

async function withClient<T>(door: Door, url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : reasonOf(error);
    throw new Mistake('database.no-answer', {
      en: `the database of ${door} does not let us in (${reason})`,
      vi: `không kết nối được cơ sở dữ liệu của ${door} (${reason})`,
    });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
