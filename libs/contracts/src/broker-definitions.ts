import { deadQueueArguments, deadQueueOf, EXCHANGES, hasDeadQueue, QUEUES, queueArguments, type QueueDefinition } from './topology.ts';

/** What RabbitMQ imports (`rabbitmqctl import_definitions`, `load_definitions`), without users: those belong to the place where it runs. */
export interface BrokerDefinitions {
  vhosts: { name: string }[];
  exchanges: { name: string; vhost: string; type: 'topic'; durable: true; auto_delete: false; internal: false; arguments: object }[];
  queues: { name: string; vhost: string; durable: true; auto_delete: false; arguments: Record<string, string | number> }[];
  bindings: { source: string; vhost: string; destination: string; destination_type: 'queue'; routing_key: string; arguments: object }[];
}

/** The whole topology as RabbitMQ definitions: every exchange, queue and binding of `topology.ts` and nothing else. */
export function brokerDefinitions(vhost = '/'): BrokerDefinitions {
  const queues: readonly QueueDefinition[] = QUEUES;
  const queue = (name: string, args: Record<string, string | number>) =>
    ({ name, vhost, durable: true, auto_delete: false, arguments: args }) as const;
  const binding = (source: string, destination: string, routing_key: string) =>
    ({ source, vhost, destination, destination_type: 'queue', routing_key, arguments: {} }) as const;
  return {
    vhosts: [{ name: vhost }],
    exchanges: EXCHANGES.map((name) => ({ name, vhost, type: 'topic', durable: true, auto_delete: false, internal: false, arguments: {} })),
    queues: queues.flatMap(({ name }) => [
      queue(name, queueArguments(name)),
      ...(hasDeadQueue(name) ? [queue(deadQueueOf(name), deadQueueArguments())] : []),
    ]),
    bindings: queues.flatMap(({ name, bindings }) => [
      ...bindings.map((b) => binding(b.exchange, name, b.pattern)),
      ...(hasDeadQueue(name) ? [binding('par.dead', deadQueueOf(name), deadQueueOf(name))] : []),
    ]),
  };
}
