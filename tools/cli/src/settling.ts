import { setTimeout as pause } from 'node:timers/promises';
import { isSettled, type InFlight } from './balance-sheet.ts';
import { readBalances, type Reading, type ServiceUrls } from './balance-reading.ts';

const POLL_MS = 400;

/** How much is on its way: what a progress line shows. */
export function amountOf({ unsent, queued, retrying, missing }: InFlight): number {
  // What waits in an outbox or a queue is also missing at its reader; the larger view is the honest one.
  return Math.max(missing + retrying, unsent, queued);
}

/** Reads the sheets again and again until nothing is in flight and all is equal, or the time is over; answers the last reading. */
export async function waitUntilSettled(
  urls: ServiceUrls,
  options: { limitMs: number; withDoors: boolean; onReading?: (amount: number) => void },
): Promise<Reading & { settled: boolean }> {
  const giveUpAt = Date.now() + options.limitMs;
  for (;;) {
    const reading = await readBalances(urls, options.withDoors);
    const settled = isSettled(reading.inFlight) && reading.sheet.balanced;
    if (settled || Date.now() >= giveUpAt) return { ...reading, settled };
    options.onReading?.(amountOf(reading.inFlight));
    await pause(POLL_MS);
  }
}
