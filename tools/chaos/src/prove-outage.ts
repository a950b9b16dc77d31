import { setTimeout as pause } from 'node:timers/promises';
import { type Scene } from './cause-fault.ts';
import { DOORS } from './city.ts';
import { readBalance } from './watch.ts';

/** Longest that a door may take to hear from its own pool that the database is gone. */
const NOTICED_AFTER_MS = 1_000;

/** Stops the broker under load: the doors must go on accepting all the while. */
export async function proveBrokerOutage(ms: number, { city, servers, say, find }: Scene): Promise<void> {
  const before = await readBalance(city);
  await servers.killBroker();
  await pause(ms);
  const after = await readBalance(city);
  say(
    `the doors accepted ${after.accepted - before.accepted} events in ${ms / 1_000} s without a broker; ${after.unsent} wait in the outboxes`,
  );
  if (after.accepted <= before.accepted) find(`the doors accepted nothing while the broker was down for ${ms / 1_000} s`);
  await servers.startBroker();
}

/** Stops the database under load: whoever posts must be told 503 and when to come back. That nothing is half-done, the comparison at the end shows. */
export async function proveDatabaseOutage(ms: number, { city, servers, say, find }: Scene): Promise<void> {
  await servers.killPostgres();
  await pause(NOTICED_AFTER_MS);
  const answers: string[] = [];
  for (const door of DOORS) {
    for (const { url, name } of city.of(door)) {
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${city.key}` },
        body: '{}',
        signal: AbortSignal.timeout(20_000),
      });
      const retryAfter = answer.headers.get('retry-after');
      await answer.arrayBuffer();
      answers.push(`${name} ${answer.status} retry-after ${retryAfter ?? 'none'}`);
      if (answer.status !== 503 || retryAfter === null)
        find(`${name} answered ${answer.status}, retry-after ${retryAfter ?? 'none'}, without a database`);
    }
  }
  say(`without a database: ${answers.join(', ')}`);
  await pause(Math.max(0, ms - NOTICED_AFTER_MS));
  await servers.startPostgres();
}
