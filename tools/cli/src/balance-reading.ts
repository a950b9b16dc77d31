import type { Door, DoorTally, ServiceBalance, ServiceName } from '@par/contracts';
import { getJson } from './service-client.ts';
import { balanceSheet, inFlight, type BalanceSheet, type InFlight } from './balance-sheet.ts';

export type ServiceUrls = Partial<Record<ServiceName, string>>;

export interface Reading {
  balances: ServiceBalance[];
  sheet: BalanceSheet;
  inFlight: InFlight;
}

/** Asks the given services for their sheets, the doors among them for their tallies too, and compares. */
export async function readBalances(urls: ServiceUrls, withDoors: boolean): Promise<Reading> {
  const services = Object.entries(urls) as [ServiceName, string][];
  const balances = await Promise.all(services.map(([service, url]) => getJson<ServiceBalance>(service, url, '/v1/balance')));
  const tallies: Partial<Record<Door, DoorTally>> = {};
  if (withDoors) {
    for (const door of ['dossier-intake', 'edocument-workflow'] as const) {
      const url = urls[door];
      if (url !== undefined) tallies[door] = await getJson<DoorTally>(door, url, '/v1/ingress/tally');
    }
  }
  const sheet = balanceSheet(balances, tallies);
  return { balances, sheet, inFlight: inFlight(balances, sheet) };
}
