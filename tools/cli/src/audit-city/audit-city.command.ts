import type { EventIdentity, ServiceName } from '@par/contracts';
import { Progress } from '../progress.ts';
import { RunningCity } from '../running-city.ts';
import { getJson } from '../service-client.ts';
import { auditText, type FigureAudit, type NamedDifference } from './audit-text.ts';
import type { FlowLine } from '../balance-sheet.ts';
import type { ServiceUrls } from '../balance-reading.ts';
import { waitUntilSettled } from '../settling.ts';
import type { Terminal } from '../terminal.ts';

export interface AuditOptions {
  wait: number;
  intake?: string;
  workflow?: string;
  scoring?: string;
  reporting?: string;
  all?: boolean;
  json?: boolean;
}

const RECOUNT_PATIENCE_MS = 900_000;
/** Beyond these the same trouble would only be repeated. */
const MOST_NAMED_LINES = 20;

/** `par audit`: exit 0 when all is equal, 1 with the names of what differs, 2 when a service does not answer. */
export async function auditCity(options: AuditOptions, terminal: Terminal): Promise<number> {
  const city = new RunningCity();
  const urls: Required<ServiceUrls> = {
    'dossier-intake': city.url('dossier-intake', options.intake),
    'edocument-workflow': city.url('edocument-workflow', options.workflow),
    'index-scoring': city.url('index-scoring', options.scoring),
    reporting: city.url('reporting', options.reporting),
  };
  const progress = new Progress(terminal, terminal.language === 'vi' ? 'Chờ hệ thống lắng' : 'Waiting for rest', options.wait * 1_000);
  const startedAt = performance.now();
  const reading = await waitUntilSettled(urls, {
    limitMs: options.wait * 1_000,
    withDoors: true,
    onReading: (amount) =>
      progress.at(performance.now() - startedAt, `${amount} ${terminal.language === 'vi' ? 'sự kiện đang xử lý' : 'events on their way'}`),
  }).finally(() => progress.stop());
  const figures = await getJson<FigureAudit>('index-scoring', urls['index-scoring'], '/v1/audit', RECOUNT_PATIENCE_MS);
  const named = await Promise.all(
    reading.sheet.flows
      .filter((line) => !line.equal)
      .slice(0, MOST_NAMED_LINES)
      .map((line) => nameDifference(line, urls)),
  );
  const figuresAgree = figures.ok && figures.differences.length === 0;
  const ok = reading.sheet.balanced && figuresAgree;
  if (options.json) {
    const { sheet, inFlight, balances } = reading;
    const deadLetters = balances.flatMap((balance) => balance.deadLetters);
    const reconciliation = Object.fromEntries(
      balances.flatMap((balance) => (balance.reconciliation ? [[balance.service, balance.reconciliation]] : [])),
    );
    terminal.print(JSON.stringify({ ok, figures, sheet, inFlight, deadLetters, reconciliation, named }, null, 2));
  } else {
    terminal.print(auditText({ ok, figures, reading, named, all: options.all ?? false }, terminal.language));
  }
  return ok ? 0 : 1;
}

/** Asks both sides of a line for its events and tells them apart. */
async function nameDifference(line: FlowLine, urls: Required<ServiceUrls>): Promise<NamedDifference> {
  const ask = async (service: ServiceName, direction: 'out' | 'in'): Promise<Map<string, EventIdentity>> => {
    const { origin, type, unit, day } = line;
    const query = new URLSearchParams({ direction, origin, type, unit, day });
    const found = await getJson<EventIdentity[]>(service, urls[service], `/v1/balance/identities?${query.toString()}`);
    return new Map(found.map((identity) => [`${identity.source}\n${identity.id}`, identity]));
  };
  const [sent, counted] = [
    Object.hasOwn(urls, line.origin) ? await ask(line.origin as ServiceName, 'out') : new Map<string, EventIdentity>(),
    await ask(line.reader, 'in'),
  ];
  return {
    line,
    notCounted: [...sent].flatMap(([key, identity]) => (counted.has(key) ? [] : [identity])),
    neverSent: [...counted].flatMap(([key, identity]) => (sent.has(key) ? [] : [identity])),
  };
}
