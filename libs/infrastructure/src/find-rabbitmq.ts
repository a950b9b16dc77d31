import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { InfrastructureError, type Progress } from './checkout.ts';
import { chooseFirst, dataAreHere, NotAvailable, type Candidate, type Chosen, type Purpose } from './choice.ts';
import { waitUntil, type CommandResult } from './command.ts';
import { startComposeService } from './compose.ts';
import { cachedRabbitmq, fetchRabbitmq } from './fetch-rabbitmq.ts';
import { startPrivateBroker, SYNC_TABLES, type PrivateBroker } from './private-broker.ts';
import { machineRabbitmq, type RabbitmqFiles } from './rabbitmq-files.ts';
import { startTestContainer } from './test-containers.ts';

export interface RabbitmqServer {
  amqpUrl: string;
  /** Base of the management HTTP API, with user and password; undefined where a broker was given without RABBITMQ_MANAGEMENT_URL. */
  managementUrl?: string;
  /** Makes the declared topology survive a kill -9 (see `syncPrivateBroker`); does nothing for a broker that was given. */
  syncBroker(): Promise<void>;
  /** Stops what was started; does nothing for a broker that was given. */
  stop(): Promise<void>;
  /** Set where the broker is a private instance. */
  privateBroker?: PrivateBroker;
}

const IMAGE = process.env.PAR_RABBITMQ_IMAGE ?? 'rabbitmq:4-management';

/** RabbitMQ for `npm start` or `npm test`: AMQP_URL, Docker, this machine's, or one fetched as Debian packages into the cache. */
export function findRabbitmq(purpose: Purpose, directory: string, cache: string, progress: Progress): Promise<Chosen<RabbitmqServer>> {
  const startPrivate = async (files: RabbitmqFiles): Promise<RabbitmqServer> => {
    const broker = await startPrivateBroker({ directory: join(directory, 'rabbitmq'), files });
    return { ...broker, privateBroker: broker };
  };
  const candidates: Candidate<RabbitmqServer>[] = [
    {
      choice: 'given',
      label: 'the broker given in AMQP_URL',
      start: () => given(process.env.AMQP_URL, process.env.RABBITMQ_MANAGEMENT_URL),
    },
    {
      choice: 'docker',
      label: 'Docker',
      start: () => {
        if (purpose === 'test') return testContainer(progress);
        if (process.env.PAR_RABBITMQ !== 'docker' && existsSync(join(directory, 'rabbitmq/mnesia'))) return Promise.resolve(dataAreHere());
        return composeService(directory, progress);
      },
    },
    {
      choice: 'machine',
      label: "this machine's RabbitMQ as a private instance",
      start: async () => {
        const files = machineRabbitmq();
        return files ? startPrivate(files) : new NotAvailable('none is installed');
      },
    },
    {
      choice: 'fetched',
      label: cachedRabbitmq(cache) ? 'the RabbitMQ fetched earlier into the cache' : 'RabbitMQ fetched as Debian packages into the cache',
      start: async () => startPrivate(await fetchRabbitmq(cache, progress)),
    },
  ];
  return chooseFirst('RabbitMQ', candidates, progress, process.env.PAR_RABBITMQ);
}

/** Files of a RabbitMQ that can be started privately, whatever the finder chose for the run: for failure tests that kill their own broker. */
export async function findRabbitmqFiles(cache: string, progress: Progress): Promise<RabbitmqFiles> {
  return machineRabbitmq() ?? (await fetchRabbitmq(cache, progress));
}

async function given(amqpUrl: string | undefined, managementUrl: string | undefined): Promise<RabbitmqServer | NotAvailable> {
  if (amqpUrl === undefined || amqpUrl === '') return new NotAvailable('not set');
  await waitForAnswer(amqpUrl, 10_000, 'the broker given in AMQP_URL');
  const nothing = () => Promise.resolve();
  return { amqpUrl, ...(managementUrl !== undefined && { managementUrl }), syncBroker: nothing, stop: nothing };
}

async function testContainer(progress: Progress): Promise<RabbitmqServer | NotAvailable> {
  const environment = { RABBITMQ_DEFAULT_USER: 'par', RABBITMQ_DEFAULT_PASS: 'par' };
  const container = await startTestContainer({ image: IMAGE, ports: [5672, 15672], environment }, progress);
  if (container instanceof NotAvailable) return container;
  const amqpUrl = `amqp://par:par@${container.host}:${container.port(5672)}`;
  await waitForAnswer(amqpUrl, 90_000, IMAGE).catch((error: unknown) => container.stop().then(() => Promise.reject(error as Error)));
  return {
    amqpUrl,
    managementUrl: `http://par:par@${container.host}:${container.port(15672)}`,
    syncBroker: async () => mustSucceed(await container.exec(['rabbitmqctl', 'eval', SYNC_TABLES])),
    stop: () => container.stop(),
  };
}

async function composeService(directory: string, progress: Progress): Promise<RabbitmqServer | NotAvailable> {
  const service = await startComposeService('rabbitmq', directory, progress);
  if (service instanceof NotAvailable) return service;
  try {
    const { RABBITMQ_DEFAULT_USER: user = 'guest', RABBITMQ_DEFAULT_PASS: password = 'guest' } = service.environment;
    const who = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
    const amqpUrl = `amqp://${who}@${service.host}:${await service.port(5672)}`;
    await waitForAnswer(amqpUrl, 90_000, 'the rabbitmq service of docker-compose.yml');
    return {
      amqpUrl,
      syncBroker: async () => mustSucceed(await service.exec(['rabbitmqctl', 'eval', SYNC_TABLES])),
      stop: () => service.stop(),
    };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

function mustSucceed(result: CommandResult): void {
  if (result.code !== 0) throw new InfrastructureError(`rabbitmqctl eval: ${result.output}`);
}

async function waitForAnswer(amqpUrl: string, timeoutMs: number, what: string): Promise<void> {
  let last = '';
  const up = await waitUntil(
    async () => {
      try {
        const connection = await connect(amqpUrl, { timeout: 5_000 });
        await connection.close();
        return true;
      } catch (error) {
        last = (error as Error).message;
        return false;
      }
    },
    timeoutMs,
    250,
  );
  if (!up) throw new InfrastructureError(`${what} does not answer: ${last}`);
}
