import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InfrastructureError } from './checkout.ts';
import { choosePortBlock } from './free-ports.ts';
import {
  BROKER_MARK,
  runRabbitmqctl,
  startPortMapper,
  startPrivateBroker,
  stopPrivateBroker,
  type PrivateBroker,
} from './private-broker.ts';
import { type RabbitmqFiles } from './rabbitmq-files.ts';
import { endProcesses, processesWithEnvironment } from './running-processes.ts';
import { makePrivateDirectory } from './server-user.ts';

const NODES = ['n1', 'n2', 'n3'] as const;

/** A RabbitMQ of three nodes on the loopback interface: a quorum queue has a copy on each and outlives the loss of any one. */
export interface PrivateCluster {
  /** In the order of their names; each can be killed and started again on its own. */
  nodes: readonly PrivateBroker[];
  /** Which node leads a quorum queue. @throws InfrastructureError where there is no such queue, or it has no leader now */
  leaderOf(queue: string): Promise<number>;
  /** See `syncPrivateBroker`, for every node. */
  syncBroker(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts three nodes that find each other, in `directory/n1` … `n3`, with one port mapper (epmd) between them. Partitions pause the minority.
 * @throws InfrastructureError with the end of a node's log where it does not come up; what was started by then is stopped
 */
export async function startPrivateCluster({ directory, files }: { directory: string; files: RabbitmqFiles }): Promise<PrivateCluster> {
  makePrivateDirectory(directory);
  await stopPrivateCluster(directory);
  shareSecrets(directory);
  const mapperPort = await choosePortBlock(directory, 1);
  const env = {
    PATH: [files.erlang, process.env.PATH].filter((each) => each !== undefined).join(delimiter),
    ...(files.libraries !== undefined && { LD_LIBRARY_PATH: files.libraries }),
    [BROKER_MARK]: directory,
  };
  await startPortMapper(files, mapperPort, env);
  const started = await Promise.allSettled(
    NODES.map((name) => startPrivateBroker({ directory: join(directory, name), files, member: { name, all: NODES, mapperPort } })),
  );
  const failed = started.find((each) => each.status === 'rejected');
  if (failed) {
    await stopPrivateCluster(directory);
    throw failed.reason;
  }
  const nodes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return {
    nodes,
    leaderOf: (queue) => leaderOf(directory, queue),
    syncBroker: async () => {
      for (const node of nodes) await node.syncBroker();
    },
    stop: () => stopPrivateCluster(directory),
  };
}

/** Stops the nodes and the port mapper of a cluster's directory, whoever started them; does nothing where none run. */
export async function stopPrivateCluster(directory: string): Promise<void> {
  await Promise.all(NODES.map((name) => stopPrivateBroker(join(directory, name))));
  await endProcesses(processesWithEnvironment(BROKER_MARK, directory), 'SIGTERM', 3_000);
}

/** Nodes talk to each other by one cookie, and whoever is let in at one has to be let in at all. */
function shareSecrets(directory: string): void {
  const cookie = randomBytes(24).toString('hex');
  const password = randomBytes(18).toString('hex');
  for (const name of NODES) {
    const home = join(directory, name, 'home');
    makePrivateDirectory(home);
    if (!existsSync(join(home, '.erlang.cookie')))
      writeFileSync(join(home, '.erlang.cookie'), cookieOf(directory) ?? cookie, { mode: 0o400 });
    const file = join(directory, name, 'password');
    if (!existsSync(file)) writeFileSync(file, passwordOf(directory) ?? password, { mode: 0o600 });
  }
}

function cookieOf(directory: string): string | undefined {
  return readIfThere(join(directory, NODES[0], 'home/.erlang.cookie'));
}

function passwordOf(directory: string): string | undefined {
  return readIfThere(join(directory, NODES[0], 'password'));
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function leaderOf(directory: string, queue: string): Promise<number> {
  let said = '';
  for (const name of NODES) {
    const { code, output } = await runRabbitmqctl(join(directory, name), ['-q', 'list_queues', 'name', 'leader']);
    said = output;
    // A node that is down cannot be asked; the next one can.
    if (code !== 0) continue;
    const line = output.split('\n').find((each) => each.split(/\s+/)[0] === queue);
    const leader = NODES.findIndex((each) => line?.split(/\s+/)[1] === `${each}@localhost`);
    if (leader >= 0) return leader;
  }
  throw new InfrastructureError(`queue ${queue} has no leader:\n${said}`);
}
