import { setTimeout as pause } from 'node:timers/promises';
import { type Scene } from './cause-fault.ts';
import { type Replica } from './replica.ts';

export type RelayStep = 'relay-killed-before-publish' | 'relay-killed-before-confirm' | 'relay-killed-before-mark';

/** A row that is older than this stands still: a link is held. */
const STUCK_AFTER_MS = 300;
const STUCK_WITHIN_MS = 4_000;
const CONFIRMS_ARRIVE_MS = 300;

/**
 * Kills a relay in one of its steps (commit, publish, confirm, mark). The links say where it stands: what the broker is not told was not published, what
 * the broker says and is not heard was not confirmed, and what the database is not told was not marked. What was on its way is lost with the process.
 */
export async function killRelay(step: RelayStep, replica: Replica, scene: Scene): Promise<void> {
  const { broker, database } = replica.links;
  broker.silence(step === 'relay-killed-before-publish' ? 'to-server' : 'to-client');
  const rows = await stuckRows(replica, scene);
  if (step === 'relay-killed-before-mark') {
    database.silence('to-server');
    broker.heal('to-client');
    await pause(CONFIRMS_ARRIVE_MS);
  }
  scene.say(`${replica.name} dies with ${rows} rows in its outbox`);
  await replica.kill();
  for (const link of [broker, database]) {
    link.reset();
    link.heal();
  }
  await replica.start();
}

/** Waits until rows stand still in the outbox; 0 where this replica was given nothing to publish in time. */
async function stuckRows({ service }: Replica, { city }: Scene): Promise<number> {
  const giveUpAt = performance.now() + STUCK_WITHIN_MS;
  while (performance.now() < giveUpAt) {
    await pause(100);
    const [row] = await city.sql<{ n: number }>(
      service,
      'SELECT count(*)::int AS n FROM messaging.outbox WHERE created_at < now() - make_interval(secs => $1)',
      [STUCK_AFTER_MS / 1_000],
    );
    if (row!.n > 0) return row!.n;
  }
  return 0;
}
