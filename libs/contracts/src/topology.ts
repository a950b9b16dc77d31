import { isTask, isUncounted, nounOf, type Door, type EventType, type ServiceName } from './event-types.ts';

/**
 * Topic exchanges, durable. `par.control` carries what services ask each other about their balance sheets, `par.tasks` what department
 * systems are to do next; `par.dead` is the broker's net below our own dead-letter tables.
 */
export const EXCHANGES = ['par.ingress', 'par.events', 'par.metrics', 'par.control', 'par.tasks', 'par.dead'] as const;
export type Exchange = (typeof EXCHANGES)[number];

export interface Binding {
  exchange: Exchange;
  /** Topic pattern over `<noun>.<past-tense>.v1.<unit>`. */
  pattern: string;
}

export interface QueueDefinition {
  /** `<service>.<use-case>`. */
  name: string;
  service: ServiceName;
  bindings: readonly Binding[];
}

/** Queue of the AMQP front door of a service. */
export function ingressQueueOf(door: Door): string {
  return `${door}.ingress`;
}

/** Queue on which a service hears of the balance sheets of those it reads, and is asked about its own. */
export function reconcileQueueOf<S extends ServiceName>(service: S): `${S}.reconcile` {
  return `${service}.reconcile`;
}

/** Every queue of the house: quorum queues with an explicit delivery limit; see `queueArguments` for what becomes of what exceeds it. */
export const QUEUES = [
  {
    name: 'dossier-intake.ingress',
    service: 'dossier-intake',
    bindings: [
      { exchange: 'par.ingress', pattern: 'dossier.#' },
      { exchange: 'par.ingress', pattern: 'unit.#' },
      { exchange: 'par.ingress', pattern: 'network.#' },
      { exchange: 'par.ingress', pattern: 'procedure.#' },
      { exchange: 'par.ingress', pattern: 'paper-work.#' },
      { exchange: 'par.ingress', pattern: 'secret-count.#' },
      { exchange: 'par.ingress', pattern: 'inspection.#' },
      { exchange: 'par.ingress', pattern: 'function-review.#' },
      { exchange: 'par.ingress', pattern: 'staff-standard.#' },
      { exchange: 'par.ingress', pattern: 'survey.#' },
      { exchange: 'par.ingress', pattern: 'assessment.#' },
      { exchange: 'par.ingress', pattern: 'ranking.#' },
      { exchange: 'par.ingress', pattern: 'declaration.#' },
    ],
  },
  {
    name: 'edocument-workflow.ingress',
    service: 'edocument-workflow',
    bindings: [
      { exchange: 'par.ingress', pattern: 'work-dossier.#' },
      { exchange: 'par.ingress', pattern: 'document.#' },
    ],
  },
  {
    name: 'edocument-workflow.judge-work-dossiers',
    service: 'edocument-workflow',
    bindings: [
      { exchange: 'par.events', pattern: 'unit.#' },
      { exchange: 'par.events', pattern: 'dossier.received.#' },
      // What sets, moves or ends the time that a dossier has.
      { exchange: 'par.events', pattern: 'dossier.supplement-requested.#' },
      { exchange: 'par.events', pattern: 'dossier.supplemented.#' },
      { exchange: 'par.events', pattern: 'dossier.paused.#' },
      { exchange: 'par.events', pattern: 'dossier.resumed.#' },
      { exchange: 'par.events', pattern: 'dossier.extended.#' },
      { exchange: 'par.events', pattern: 'dossier.result-ready.#' },
      { exchange: 'par.events', pattern: 'dossier.returned.#' },
      { exchange: 'par.events', pattern: 'dossier.refused.#' },
      { exchange: 'par.events', pattern: 'dossier.withdrawn.#' },
      { exchange: 'par.events', pattern: 'dossier.corrected.#' },
      { exchange: 'par.events', pattern: 'work-dossier.opened.#' },
      { exchange: 'par.events', pattern: 'work-dossier.step-taken.#' },
      { exchange: 'par.events', pattern: 'work-dossier.paper-declared.#' },
      { exchange: 'par.events', pattern: 'work-dossier.signature-verified.#' },
      { exchange: 'par.events', pattern: 'work-dossier.completed.#' },
      { exchange: 'par.events', pattern: 'work-dossier.corrected.#' },
    ],
  },
  {
    name: 'edocument-workflow.follow-documents',
    service: 'edocument-workflow',
    bindings: [{ exchange: 'par.events', pattern: 'document.#' }],
  },
  { name: 'index-scoring.count-events', service: 'index-scoring', bindings: [{ exchange: 'par.events', pattern: '#' }] },
  {
    name: 'reporting.record-metrics',
    service: 'reporting',
    bindings: [
      { exchange: 'par.metrics', pattern: '#' },
      { exchange: 'par.events', pattern: 'unit.#' },
    ],
  },
  {
    name: 'dossier-intake.reconcile',
    service: 'dossier-intake',
    bindings: [{ exchange: 'par.control', pattern: 'reconciliation.asked.#' }],
  },
  {
    name: 'edocument-workflow.reconcile',
    service: 'edocument-workflow',
    bindings: [
      { exchange: 'par.metrics', pattern: 'checkpoint.#' },
      { exchange: 'par.control', pattern: 'reconciliation.#' },
    ],
  },
  {
    name: 'index-scoring.reconcile',
    service: 'index-scoring',
    bindings: [
      { exchange: 'par.metrics', pattern: 'checkpoint.#' },
      { exchange: 'par.control', pattern: 'reconciliation.#' },
    ],
  },
  {
    name: 'reporting.reconcile',
    service: 'reporting',
    bindings: [
      { exchange: 'par.metrics', pattern: 'checkpoint.#' },
      { exchange: 'par.control', pattern: 'reconciliation.answered.#' },
    ],
  },
] as const satisfies readonly QueueDefinition[];

export type QueueName = (typeof QUEUES)[number]['name'];

/**
 * Whether messages that exceed the delivery limit are kept in a dead-letter queue. Not those of a front door: a message from outside may bear
 * a secrecy mark, and a dead-letter queue is storage too (promise 7). Its sender was never told that it was accepted.
 */
export function hasDeadQueue(name: string): boolean {
  return !name.endsWith('.ingress');
}

/** Arguments of a work queue, set in full so that the same topology holds on RabbitMQ 3.10 and 4.x (their defaults differ). */
export function queueArguments(name: string): Record<string, string | number> {
  const limits = { 'x-queue-type': 'quorum', 'x-delivery-limit': 100 };
  if (!hasDeadQueue(name)) return limits;
  return {
    ...limits,
    'x-dead-letter-exchange': 'par.dead',
    'x-dead-letter-routing-key': deadQueueOf(name),
    'x-dead-letter-strategy': 'at-least-once',
    // Without this RabbitMQ falls back to at-most-once dead-lettering in silence.
    'x-overflow': 'reject-publish',
  };
}

/** Name of the broker's dead-letter queue of a queue. */
export function deadQueueOf(queue: string): string {
  return `${queue}.dead`;
}

/** Arguments of a dead-letter queue: no limit and no way out, so that nothing in the net below our own tables is ever dropped. */
export function deadQueueArguments(): Record<string, string | number> {
  return { 'x-queue-type': 'quorum' };
}

/** The exchange on which a service publishes a type. */
export function exchangeOf(type: EventType): Exchange {
  const noun = nounOf(type);
  if (noun === 'reconciliation') return 'par.control';
  if (isTask(type)) return 'par.tasks';
  return noun === 'figure' || noun === 'checkpoint' ? 'par.metrics' : 'par.events';
}

/**
 * Whether a message that no queue is bound for goes back to who published it. Not a task: it is for the queues of department systems, of which there may be none, and
 * whoever has none asks over HTTP.
 */
export function isMandatory(exchange: string): boolean {
  return exchange !== 'par.tasks';
}

/** Whether a topic pattern matches a routing key (`*` one word, `#` any number of words). */
export function matchesPattern(pattern: string, routingKey: string): boolean {
  const walk = (p: string[], k: string[]): boolean => {
    const [head, ...rest] = p;
    if (head === undefined) return k.length === 0;
    if (head === '#') return walk(rest, k) || (k.length > 0 && walk(p, k.slice(1)));
    return k.length > 0 && (head === '*' || head === k[0]) && walk(rest, k.slice(1));
  };
  return walk(pattern.split('.'), routingKey.split('.'));
}

/** The queue at which a service takes in a type that another one, or itself, publishes; what stands on no balance sheet is not taken in. */
export function readingQueueOf(service: ServiceName, type: EventType): QueueName | undefined {
  if (isUncounted(type)) return undefined;
  return QUEUES.find((queue) => queue.service === service && typesInto(queue, [type]).length > 0)?.name;
}

/** The event types that reach a queue: what the balance sheet compares between the sender and this consumer. */
export function typesInto(queue: QueueDefinition, types: readonly EventType[]): EventType[] {
  return types.filter((type) =>
    queue.bindings.some((b) => b.exchange === exchangeOf(type) && matchesPattern(b.pattern, `${type.slice('vn.par.'.length)}.u`)),
  );
}
