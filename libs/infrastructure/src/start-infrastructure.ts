import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, InfrastructureError, type Progress } from './checkout.ts';
import type { Choice, Chosen, Purpose } from './choice.ts';
import { removeComposeVolumes, stopComposeServices } from './compose.ts';
import { findPostgres, type PostgresServer } from './find-postgres.ts';
import { findRabbitmq, type RabbitmqServer } from './find-rabbitmq.ts';
import { stopPrivateBroker } from './private-broker.ts';
import { stopPrivatePostgres } from './private-postgres.ts';
import { makeStateDirectory, removePlace } from './server-user.ts';

export interface InfrastructureOptions {
  purpose: Purpose;
  /** Where this run keeps its state; `.par/<purpose>` of the checkout unless told otherwise. The caller holds its lock (`takeOwnerLock`). */
  directory?: string;
  /** Where downloads are kept; `.par/cache` of the checkout unless told otherwise. */
  cache?: string;
  progress?: Progress;
  /** Work that needs PostgreSQL only (migrations): done while RabbitMQ is still starting. */
  onPostgres?: (postgresUrl: string) => Promise<void>;
}

export interface Infrastructure {
  postgres: PostgresServer & { chosen: Choice; why: string };
  rabbitmq: RabbitmqServer & { chosen: Choice; why: string };
  /** Stops both, each where it was started by us. Can be called more than once. */
  stop(): Promise<void>;
}

export const DEFAULT_CACHE = join(CHECKOUT, '.par/cache');

/**
 * Finds or starts PostgreSQL and RabbitMQ, each on its own and both at the same time: given URL → Docker → this machine's binaries →
 * fetched ones. Private instances go on when this process is killed; the next call with the same directory cleans up after it.
 * @throws InfrastructureError that names the choices where one of the two cannot be had; what was started by then is stopped.
 */
export async function startInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { purpose, directory = join(CHECKOUT, '.par', purpose), cache = DEFAULT_CACHE, progress = () => undefined, onPostgres } = options;
  makeStateDirectory(directory);
  await stopLeftovers(directory);
  const postgresWithTables = async (): Promise<Chosen<PostgresServer>> => {
    const chosen = await findPostgres(purpose, directory, cache, progress);
    try {
      await onPostgres?.(chosen.server.url);
    } catch (error) {
      await chosen.server.stop();
      throw error;
    }
    return chosen;
  };
  const [postgres, rabbitmq] = await Promise.allSettled([postgresWithTables(), findRabbitmq(purpose, directory, cache, progress)]);
  if (postgres.status === 'rejected' || rabbitmq.status === 'rejected') {
    if (postgres.status === 'fulfilled') await postgres.value.server.stop();
    if (rabbitmq.status === 'fulfilled') await rabbitmq.value.server.stop();
    const reasons = [postgres, rabbitmq].flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    throw reasons.length === 1 ? reasons[0]! : new InfrastructureError(reasons.map(({ message }) => message).join('\n'));
  }
  return {
    postgres: { ...postgres.value.server, chosen: postgres.value.choice, why: postgres.value.why },
    rabbitmq: { ...rabbitmq.value.server, chosen: rabbitmq.value.choice, why: rabbitmq.value.why },
    stop: async () => {
      await Promise.all([postgres.value.server.stop(), rabbitmq.value.server.stop()]);
    },
  };
}

/** Stops the private instances and containers of a directory, whoever started them; does nothing where none run. */
export async function stopLeftovers(directory: string): Promise<void> {
  await stopComposeServices(directory);
  if (existsSync(join(directory, 'rabbitmq'))) await stopPrivateBroker(join(directory, 'rabbitmq'));
  if (existsSync(join(directory, 'postgres')) || existsSync(join(directory, 'postgres.place')))
    await stopPrivatePostgres(join(directory, 'postgres'));
}

/** Stops the private instances of a directory and removes their data, wherever they lie; the cache stays. */
export async function removeInstances(directory: string): Promise<void> {
  await stopLeftovers(directory);
  await removeComposeVolumes(directory);
  for (const name of ['postgres', 'rabbitmq']) removePlace(join(directory, name));
}
