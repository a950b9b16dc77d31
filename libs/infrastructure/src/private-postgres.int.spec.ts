import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isPortFree } from './free-ports.ts';
import { embeddedBinaries, machineBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { startPrivatePostgres, stopPrivatePostgres } from './private-postgres.ts';
import { birthOf, endProcesses, isAlive } from './running-processes.ts';
import { makeStateDirectory, postgresUser, removePlace } from './server-user.ts';
import { DEFAULT_CACHE } from './start-infrastructure.ts';

const state = process.env.PAR_TEST_STATE;
if (state === undefined) throw new Error('run this spec with "npm test -- libs/infrastructure"');
makeStateDirectory(state);
const embedded = embeddedBinaries(DEFAULT_CACHE, postgresUser());
const kinds: [string, PostgresBinaries | undefined][] = [
  ["this machine's", machineBinaries()[0]],
  ['the embedded', embedded],
];

describe.each(kinds.filter((kind): kind is [string, PostgresBinaries] => kind[1] !== undefined))(
  'a private instance of %s PostgreSQL',
  (_, binaries) => {
    let directory: string;
    beforeAll(() => {
      directory = join(mkdtempSync(join(state, 'private-postgres-')), 'postgres');
      makeStateDirectory(join(directory, '..'));
    });
    afterAll(async () => {
      await stopPrivatePostgres(directory);
      removePlace(directory);
      rmSync(join(directory, '..'), { recursive: true });
    });

    const ask = async <T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client.query<T>(sql).then(
        async ({ rows }) => {
          await client.end();
          return rows;
        },
        async (error: unknown) => {
          await client.end();
          throw error as Error;
        },
      );
    };

    it('keeps its data and its port through the kill of its launcher and through a stale pid file, and is gone after stop', async () => {
      const first = await startPrivatePostgres({ directory, binaries });
      await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
      const pidFile = join(first.data, 'postmaster.pid');
      const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);

      // A next launcher that knows nothing but the directory takes over from the server that is still running.
      const second = await startPrivatePostgres({ directory, binaries });
      expect(isAlive(pid)).toBe(false);
      expect(second.url).toBe(first.url);

      // A power cut: the server dies at once and leaves its pid file, whose pid is another program's by now (ours).
      const killed = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
      const rest = readFileSync(pidFile, 'utf8').split('\n').slice(1);
      expect(birthOf(killed)).toBeDefined();
      await endProcesses([killed], 'SIGKILL', 5_000);
      writeFileSync(pidFile, [String(process.pid), ...rest].join('\n'));
      const third = await startPrivatePostgres({ directory, binaries });
      expect(await ask(third.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);

      await third.stop();
      await third.stop();
      expect(existsSync(pidFile)).toBe(false);
      expect(await isPortFree(Number(new URL(third.url).port))).toBe(true);
    });

    it('takes another port when its own is in use', async () => {
      const first = await startPrivatePostgres({ directory, binaries });
      const port = Number(new URL(first.url).port);
      await first.stop();
      const { createServer } = await import('node:net');
      const other = createServer();
      await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
      const second = await startPrivatePostgres({ directory, binaries });
      expect(Number(new URL(second.url).port)).not.toBe(port);
      await second.stop();
      await new Promise((done) => other.close(done));
    });

    it('lets in only who knows its password', async () => {
      const server = await startPrivatePostgres({ directory, binaries });
      const url = new URL(server.url);
      url.password = 'wrong';
      await expect(ask(url.toString(), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
      await server.stop();
    });
  },
);
