import { setTimeout as pause } from 'node:timers/promises';
import { type Door, isInstant, isLocalDate, type Manifest, type ManifestAnswer } from '@par/contracts';
import type { ManifestItem } from '@par/ingress/manifest';
import { openLog } from '../import-log/import-log.command.ts';
import { LogReading } from '../import-log/read-log.ts';
import { Mistake } from '../mistake.ts';
import { RunningCity } from '../running-city.ts';
import { noAnswer, told } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';
import { askForReceipt } from './dialogue.ts';
import { ManifestLines } from './manifest-lines.ts';
import type { ManifestOptions } from './manifest-options.ts';
import { OwnThings } from './own-things.ts';
import { receiptText } from './receipt-text.ts';

/** Reading all that a source with very many dossiers sent takes the door some seconds. */
const PATIENCE_MS = 120_000;
const MOST_TRIES = 30;

/** `par manifest`: without `--post` prints the manifest; with it exit 0 where both sides are equal, 1 with the names of what differs. */
export async function makeManifest(options: ManifestOptions, terminal: Terminal): Promise<number> {
  const asOf = options.asOf ?? new Date().toISOString();
  if (!isInstant(asOf)) throw badOption('--as-of', '2021-07-05T23:59:59+07:00');
  if (options.day !== undefined && !isLocalDate(options.day)) throw badOption('--day', '2021-07-05');
  const { source, items } = await readOwn(options, asOf, terminal);
  const head: Omit<Manifest, 'lines'> = {
    source,
    asOf,
    ...(options.day === undefined ? {} : { day: options.day }),
    ...(options.unit ? { units: options.unit } : {}),
  };
  if (options.post === undefined) {
    terminal.print(JSON.stringify({ ...head, lines: new ManifestLines(items).lines() }, null, 2));
    return 0;
  }
  const city = new RunningCity();
  const url = city.url(options.door, options.post === true ? undefined : options.post);
  const key = city.producerKey(options.key);
  const receipt = await askForReceipt(head, items, (manifest) => postManifest(options.door, url, key, manifest));
  terminal.print(options.json ? JSON.stringify(receipt, null, 2) : receiptText(receipt, terminal.language));
  return receipt.equal ? 0 : 1;
}

async function readOwn(options: ManifestOptions, asOf: string, terminal: Terminal): Promise<{ source: string; items: ManifestItem[] }> {
  const log = await openLog(options);
  const own = new OwnThings(log.mapping, { door: options.door, asOf: new Date(asOf).toISOString(), day: options.day });
  let faults = 0;
  for await (const item of new LogReading(log, terminal).items(terminal.language === 'vi' ? 'Lập bản kê' : 'Making the manifest')) {
    for (const event of item.events) own.add(event);
    faults += item.faults.length;
  }
  if (faults > 0)
    terminal.note(
      terminal.language === 'vi'
        ? `${faults} lỗi trong tệp: phần đó không có trong bản kê (xem par import --dry-run)`
        : `${faults} faults in the file: that part is not in the manifest (see par import --dry-run)`,
    );
  const items = own.items();
  if (items.length === 0) {
    throw new Mistake('manifest.nothing', {
      en: `nothing in ${options.file} is for ${options.door} until ${asOf}`,
      vi: `tệp ${options.file} không có gì dành cho ${options.door} tính đến ${asOf}`,
    });
  }
  return { source: log.mapping.source, items };
}

/** One manifest, posted again while the door is busy or away for a moment, which is always safe. */
async function postManifest(door: Door, url: string, key: string, manifest: Manifest): Promise<ManifestAnswer> {
  for (let tries = 1; ; tries += 1) {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}/v1/manifests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(manifest),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      text = await response.text();
    } catch (error) {
      throw noAnswer(door, url, error);
    }
    if (response.ok) return JSON.parse(text) as ManifestAnswer;
    if (response.status !== 503 || tries === MOST_TRIES) throw new Mistake('manifest.refused', told(door, response.status, text));
    await pause(Math.max(1, Number(response.headers.get('retry-after')) || 0) * 1_000);
  }
}

function badOption(option: string, example: string): Mistake {
  return new Mistake('option.bad-time', { en: `${option} is written like ${example}`, vi: `${option} viết theo dạng ${example}` });
}
