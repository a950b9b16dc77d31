import { QUEUES, SERVICES, type QueueName, type ServiceName } from '@par/contracts';
import { Dice } from './dice.ts';
import { ENDS, REPLICAS, type Fault, type FaultKind, type ReplicaName } from './fault.ts';

export interface PlanOptions {
  seed: number;
  /** How long the load goes on; all faults lie within. At least 2 for a plan that has every kind. */
  minutes: number;
  /** The services talk to a RabbitMQ of three nodes. */
  cluster?: boolean;
  /** Messages are taken out of queues behind the services' backs: only where reconciliation sends them again. */
  lostMessages?: boolean;
}

export interface PlannedFault {
  /** Since the load began. */
  atMs: number;
  fault: Fault;
}

/** Before the first fault and after the last one, so that there is load around each. */
const MARGIN_MS = 3_000;

/** What a kind takes in all, the recovery of what was killed with it: the distance to the next fault. */
const TAKES_MS: Record<FaultKind, number> = {
  'process-killed': 4_000,
  'process-stopped': 4_000,
  'relay-killed-before-publish': 4_500,
  'relay-killed-before-confirm': 4_500,
  'relay-killed-before-mark': 5_000,
  'link-cut': 3_000,
  'link-slow': 5_000,
  'link-silent': 5_000,
  'clock-stepped': 4_000,
  'broker-killed': 9_000,
  'broker-restarted': 10_000,
  'broker-outage': 21_000,
  'connections-closed': 3_000,
  'disk-alarm': 5_000,
  'memory-alarm': 5_000,
  'database-killed': 3_500,
  'database-restarted': 3_000,
  'database-outage': 5_000,
  'leader-killed': 14_000,
  'messages-lost': 2_000,
  'several-at-once': 8_000,
};

const ALWAYS: readonly FaultKind[] = [
  'process-killed',
  'process-stopped',
  'relay-killed-before-publish',
  'relay-killed-before-confirm',
  'relay-killed-before-mark',
  'link-cut',
  'link-slow',
  'link-silent',
  'clock-stepped',
  'connections-closed',
  'disk-alarm',
  'database-killed',
  'database-restarted',
  'several-at-once',
];
/** Of a broker of one node; in a cluster the leader is killed instead, and the others go on. */
const SINGLE: readonly FaultKind[] = ['broker-killed', 'broker-restarted', 'broker-outage', 'memory-alarm', 'database-outage'];
const CLUSTER: readonly FaultKind[] = ['leader-killed'];

/** Queues of our own events: a front door's queue holds what nobody was told is accepted, so there is nothing to heal. */
const EVENT_QUEUES: readonly QueueName[] = QUEUES.map(({ name }) => name).filter((name) => !name.endsWith('.ingress'));
/** Those with an outbox. */
const RELAYS: readonly ServiceName[] = ['dossier-intake', 'edocument-workflow', 'index-scoring'];

/** Every kind that a plan of these options deals. */
export function kindsOf({ cluster = false, lostMessages = false }: Pick<PlanOptions, 'cluster' | 'lostMessages'>): FaultKind[] {
  return [...ALWAYS, ...(cluster ? CLUSTER : SINGLE), ...(lostMessages ? (['messages-lost'] as const) : [])];
}

/**
 * The faults of a run, in order: every kind once in shuffled order, then every kind again, as long as time is left. Pure: the same options give
 * the same plan.
 */
export function makePlan(options: PlanOptions): PlannedFault[] {
  const dice = new Dice(options.seed);
  const end = options.minutes * 60_000 - MARGIN_MS;
  const plan: PlannedFault[] = [];
  let atMs = MARGIN_MS;
  for (;;) {
    let dealt = false;
    for (const kind of dice.shuffled(kindsOf(options))) {
      const fault = faultOf(kind, dice);
      // One that no longer fits is left out; a shorter one may still fit.
      if (atMs + TAKES_MS[kind] > end) continue;
      plan.push({ atMs, fault });
      atMs += TAKES_MS[kind];
      dealt = true;
    }
    if (!dealt) return plan;
  }
}

/** One long outage of the broker at full load, then one of the database: `--scenario backlog`. */
export function backlogPlan(minutes: number): PlannedFault[] {
  const lastsMs = minutes * 60_000;
  return [
    { atMs: MARGIN_MS, fault: { kind: 'broker-outage', lastsMs } },
    { atMs: 2 * MARGIN_MS + lastsMs, fault: { kind: 'database-outage', lastsMs: Math.min(20_000, lastsMs) } },
  ];
}

/** How long a plan takes in all. */
export function planLength(plan: readonly PlannedFault[]): number {
  const last = plan.at(-1);
  if (!last) return 0;
  const lasts = 'lastsMs' in last.fault ? last.fault.lastsMs : 0;
  return last.atMs + Math.max(TAKES_MS[last.fault.kind], lasts) + MARGIN_MS;
}

function faultOf(kind: FaultKind, dice: Dice): Fault {
  switch (kind) {
    case 'process-killed':
    case 'process-stopped':
      return { kind, ...anyReplica(dice) };
    case 'relay-killed-before-publish':
    case 'relay-killed-before-confirm':
    case 'relay-killed-before-mark':
      return { kind, ...anyReplica(dice, RELAYS) };
    case 'link-cut':
      return { kind, ...anyReplica(dice), end: dice.pick(ENDS), lastsMs: dice.whole(5, 20) * 100 };
    case 'link-slow':
    case 'link-silent':
      return { kind, ...anyReplica(dice), end: dice.pick(ENDS), lastsMs: dice.whole(20, 40) * 100 };
    case 'clock-stepped':
      return { kind, ...anyReplica(dice), byMs: dice.pick([-3_600_000, 3_600_000]), lastsMs: 3_000 };
    case 'broker-killed':
    case 'broker-restarted':
      return { kind, lastsMs: dice.whole(5, 20) * 100 };
    case 'broker-outage':
      return { kind, lastsMs: 15_000 };
    case 'connections-closed':
      return { kind };
    case 'disk-alarm':
    case 'memory-alarm':
      return { kind, lastsMs: 2_500 };
    case 'database-killed':
    case 'database-restarted':
      return { kind, lastsMs: dice.whole(0, 10) * 100 };
    case 'database-outage':
      return { kind, lastsMs: 3_500 };
    case 'leader-killed':
      return { kind, queue: dice.pick(EVENT_QUEUES), lastsMs: 4_000 };
    case 'messages-lost':
      return { kind, queue: dice.pick(EVENT_QUEUES) };
    case 'several-at-once':
      return { kind, faults: together(dice) };
  }
}

/** Faults that may happen in one moment: of different processes, since one process cannot be killed twice at once. */
function together(dice: Dice): Fault[] {
  const [first, second] = dice.shuffled(SERVICES);
  const killed = (service: ServiceName): Fault => ({ kind: 'process-killed', service, replica: dice.whole(0, REPLICAS - 1) });
  const server = dice.pick(['connections-closed', 'database-killed'] as const);
  return [killed(first!), killed(second!), faultOf(server, dice)];
}

function anyReplica(dice: Dice, services: readonly ServiceName[] = SERVICES): ReplicaName {
  return { service: dice.pick(services), replica: dice.whole(0, REPLICAS - 1) };
}
