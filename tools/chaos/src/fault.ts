import { type QueueName, type ServiceName } from '@par/contracts';

/** Replicas of each service: two, so that there are always two relays and two consumers that must share. */
export const REPLICAS = 2;

/** One process of a service, by its number from 0. */
export interface ReplicaName {
  service: ServiceName;
  replica: number;
}

/** The three connections of a replica that go through a proxy of ours: its callers', its own to RabbitMQ, its own to PostgreSQL. */
export const ENDS = ['door', 'broker', 'database'] as const;
export type End = (typeof ENDS)[number];

/** What is done to the city; all times in milliseconds. */
export type Fault =
  /** kill -9, and started again. */
  | ({ kind: 'process-killed' } & ReplicaName)
  /** SIGTERM: has to finish what is in hand and end with 0; started again. */
  | ({ kind: 'process-stopped' } & ReplicaName)
  /** kill -9 of a relay: after its commit and before it published; after it published and before the broker confirmed; after that and before it marked. */
  | ({ kind: 'relay-killed-before-publish' | 'relay-killed-before-confirm' | 'relay-killed-before-mark' } & ReplicaName)
  /** Connections reset and refused; late and thin; open, and nothing goes through. */
  | ({ kind: 'link-cut' | 'link-slow' | 'link-silent'; end: End; lastsMs: number } & ReplicaName)
  /** The clock of one process steps, and steps back at the end. */
  | ({ kind: 'clock-stepped'; byMs: number; lastsMs: number } & ReplicaName)
  /** kill -9 of RabbitMQ, or a clean stop; down for a while, then started again over its data. */
  | { kind: 'broker-killed' | 'broker-restarted'; lastsMs: number }
  /** RabbitMQ down under load: the doors have to go on accepting, and all has to drain afterwards. */
  | { kind: 'broker-outage'; lastsMs: number }
  | { kind: 'connections-closed' }
  /** The broker says that its disk or its memory is full: it takes no more messages until it is over. */
  | { kind: 'disk-alarm' | 'memory-alarm'; lastsMs: number }
  /** All of PostgreSQL's processes are killed -9, or it is stopped in `immediate` mode; then started again. */
  | { kind: 'database-killed' | 'database-restarted'; lastsMs: number }
  /** PostgreSQL down under load: the doors have to answer 503 with Retry-After and store nothing by halves. */
  | { kind: 'database-outage'; lastsMs: number }
  /** In a cluster: kill -9 of the node that leads a queue; it joins again. */
  | { kind: 'leader-killed'; queue: QueueName; lastsMs: number }
  /** The broker loses what waits in a queue; reconciliation has to find it and send it again. */
  | { kind: 'messages-lost'; queue: QueueName }
  /** Several at once. */
  | { kind: 'several-at-once'; faults: readonly Fault[] };

export type FaultKind = Fault['kind'];

/** A fault as a line for people. */
export function describeFault(fault: Fault): string {
  const seconds = 'lastsMs' in fault ? ` for ${fault.lastsMs / 1_000} s` : '';
  switch (fault.kind) {
    case 'several-at-once':
      return `several at once: ${fault.faults.map(describeFault).join(' + ')}`;
    case 'link-cut':
    case 'link-slow':
    case 'link-silent':
      return `${fault.kind} ${fault.service}#${fault.replica} ${fault.end}${seconds}`;
    case 'clock-stepped':
      return `${fault.kind} ${fault.service}#${fault.replica} by ${fault.byMs / 60_000} min${seconds}`;
    case 'process-killed':
    case 'process-stopped':
    case 'relay-killed-before-publish':
    case 'relay-killed-before-confirm':
    case 'relay-killed-before-mark':
      return `${fault.kind} ${fault.service}#${fault.replica}`;
    case 'leader-killed':
    case 'messages-lost':
      return `${fault.kind} ${fault.queue}${seconds}`;
    case 'broker-killed':
    case 'broker-restarted':
    case 'broker-outage':
    case 'connections-closed':
    case 'disk-alarm':
    case 'memory-alarm':
    case 'database-killed':
    case 'database-restarted':
    case 'database-outage':
      return `${fault.kind}${seconds}`;
  }
}
