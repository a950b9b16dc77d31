import { setTimeout as pause } from 'node:timers/promises';
import { type City } from './city.ts';
import { type Fault, type ReplicaName } from './fault.ts';
import { killRelay } from './kill-relay.ts';
import { proveDatabaseOutage, proveBrokerOutage } from './prove-outage.ts';
import { type Replica } from './replica.ts';
import { type Servers } from './servers.ts';

/** What a fault happens to, and where it tells what it saw. */
export interface Scene {
  city: City;
  servers: Servers;
  /** A line for the log of the run. */
  say: (line: string) => void;
  /** Something that must not have happened. */
  find: (wrong: string) => void;
}

/** Slow as a bad line to a far ward is slow. */
const SLOWNESS = { latencyMs: 40, bytesPerSecond: 100_000 };

/** Causes a fault and waits until what it broke is whole again; what it stopped is started. */
export async function causeFault(fault: Fault, scene: Scene): Promise<void> {
  const { city, servers } = scene;
  switch (fault.kind) {
    case 'process-killed':
      return restart(replicaOf(fault, city), (replica) => replica.kill());
    case 'process-stopped':
      return restart(replicaOf(fault, city), (replica) => stopGently(replica, scene));
    case 'relay-killed-before-publish':
    case 'relay-killed-before-confirm':
    case 'relay-killed-before-mark':
      return killRelay(fault.kind, replicaOf(fault, city), scene);
    case 'link-cut':
      return forAWhile(replicaOf(fault, city).links[fault.end], fault.lastsMs, (link) => link.cut());
    case 'link-slow':
      return forAWhile(replicaOf(fault, city).links[fault.end], fault.lastsMs, (link) => link.slow(SLOWNESS));
    case 'link-silent':
      return forAWhile(replicaOf(fault, city).links[fault.end], fault.lastsMs, (link) => link.silence('both'));
    case 'clock-stepped':
      replicaOf(fault, city).stepClock(fault.byMs);
      await pause(fault.lastsMs);
      return replicaOf(fault, city).stepClock(0);
    case 'broker-killed':
    case 'broker-restarted':
      await (fault.kind === 'broker-killed' ? servers.killBroker() : servers.stopBroker());
      await pause(fault.lastsMs);
      return servers.startBroker();
    case 'broker-outage':
      return proveBrokerOutage(fault.lastsMs, scene);
    case 'connections-closed':
      await servers.control('close_all_connections', 'chaos');
      return;
    case 'disk-alarm':
    case 'memory-alarm':
      return raiseAlarm(fault.kind, fault.lastsMs, servers);
    case 'database-killed':
    case 'database-restarted':
      await (fault.kind === 'database-killed' ? servers.killPostgres() : servers.stopPostgresImmediately());
      await pause(fault.lastsMs);
      return servers.startPostgres();
    case 'database-outage':
      return proveDatabaseOutage(fault.lastsMs, scene);
    case 'leader-killed': {
      const node = await servers.killLeaderOf(fault.queue);
      scene.say(`node ${node + 1} led ${fault.queue}`);
      await pause(fault.lastsMs);
      return servers.startNode(node);
    }
    case 'messages-lost':
      scene.say((await servers.control('purge_queue', fault.queue)).trim());
      return;
    case 'several-at-once':
      await Promise.all(fault.faults.map((each) => causeFault(each, scene)));
  }
}

function replicaOf({ service, replica }: ReplicaName, city: City): Replica {
  return city.replica(service, replica);
}

async function restart(replica: Replica, end: (replica: Replica) => Promise<void>): Promise<void> {
  await end(replica);
  await replica.start();
}

async function stopGently(replica: Replica, { find }: Scene): Promise<void> {
  const code = await replica.stop();
  if (code !== 0) find(`${replica.name} ended with ${code ?? 'a signal'} when it was asked to stop, not with 0`);
}

async function forAWhile(link: Replica['links']['door'], ms: number, harm: (link: Replica['links']['door']) => void): Promise<void> {
  harm(link);
  await pause(ms);
  link.heal();
}

/** The broker compares with what is free: a watermark out of reach is a full disk or memory. */
async function raiseAlarm(kind: 'disk-alarm' | 'memory-alarm', ms: number, servers: Servers): Promise<void> {
  const [command, full, usual] =
    kind === 'disk-alarm'
      ? (['set_disk_free_limit', ['1000000000000000'], ['50000000']] as const)
      : (['set_vm_memory_high_watermark', ['absolute', '1'], ['0.4']] as const);
  await servers.control(command, ...full);
  await pause(ms);
  await servers.control(command, ...usual);
}
