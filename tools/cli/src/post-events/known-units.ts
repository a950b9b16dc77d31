import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@par/contracts';
import { Mistake } from '../mistake.ts';
import { getJson } from '../service-client.ts';

export interface KnownUnit {
  id: string;
  validTo: string | null;
}

/** What has to be known of units before events that need it are posted. */
export interface UnitNews {
  opened: Set<string>;
  /** Merged, split or closed. */
  ended: Set<string>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 200;

/**
 * Waits until every service has heard the news: an event of a unit that its door does not know yet would be refused, and one of a unit that has ended
 * would be judged by what the door happens to know. @throws Mistake where a service has not heard after a minute
 */
export async function waitUntilUnitsKnown(
  services: Readonly<Partial<Record<ServiceName, string>>>,
  { opened, ended }: UnitNews,
): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (const [service, url] of Object.entries(services) as [ServiceName, string][]) {
    for (;;) {
      const { units } = await getJson<{ units: KnownUnit[] }>(service, url, '/v1/units');
      const known = new Set(units.map((unit) => unit.id));
      const over = new Set(units.filter((unit) => unit.validTo !== null).map((unit) => unit.id));
      const missing = [...[...opened].filter((id) => !known.has(id)), ...[...ended].filter((id) => !over.has(id))];
      if (missing.length === 0) break;
      if (Date.now() >= giveUpAt) throw notHeard(service, missing);
      await pause(POLL_MS);
    }
  }
}

function notHeard(service: ServiceName, missing: readonly string[]): Mistake {
  const names = missing.slice(0, 10).join(', ') + (missing.length > 10 ? ', …' : '');
  return new Mistake('import.units-not-known', {
    en: `${service} has not heard of ${names} after ${PATIENCE_MS / 1000} s; par audit says where the events are`,
    vi: `sau ${PATIENCE_MS / 1000} giây ${service} vẫn chưa biết ${names}; chạy par audit để xem sự kiện đang ở đâu`,
  });
}
