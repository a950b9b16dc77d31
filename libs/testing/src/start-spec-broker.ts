import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_CACHE, findRabbitmqFiles, startPrivateBroker as start, type PrivateBroker } from '@par/infrastructure';
import { testEnvironment } from './environment.ts';

/**
 * A RabbitMQ for one spec that kills it: `kill9()`, `restart()` (same ports and data), `syncBroker()`, `stop()`. What a spec forgets to
 * stop, or cannot because it was killed itself, `npm test` stops at its end.
 */
export async function startPrivateBroker(
  directory = join(testEnvironment().brokers, randomBytes(6).toString('hex')),
): Promise<PrivateBroker> {
  const files = await findRabbitmqFiles(DEFAULT_CACHE, () => undefined);
  return start({ directory, files });
}
