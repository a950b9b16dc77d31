import { type JsonSchema } from './data-schema.ts';
import { envelopeSchemaOf, postedSchemaOf } from './envelope-schema.ts';
import { DOOR_OF, EVENT_TYPES, SERVICES, type EventType, type ServiceName } from './event-types.ts';
import { publishersOf, typesFrom, typesTakenBy } from './publishers.ts';
import { exchangeOf, EXCHANGES, QUEUES, queueArguments, type Exchange, type QueueDefinition } from './topology.ts';

/** Adds prose to the schema of an event's data; the printer takes it from the docstrings of the event classes. */
export type Describe = (type: EventType, data: JsonSchema) => JsonSchema;

const CONTENT_TYPE = 'application/cloudevents+json';
const EXCHANGE_TITLES: Record<Exclude<Exchange, 'par.dead'>, string> = {
  'par.ingress': 'Where producers publish; each message is checked at the front door of the service that owns its type.',
  'par.events': 'Every accepted event and every judgement made of them.',
  'par.metrics': 'Every change of a figure, and the balance sheets.',
  'par.control': 'What services ask each other where their balance sheets differ. Of no use to outside readers.',
  'par.tasks':
    'What department workflow systems are to do next: steps due, deadlines near or past. A queue of a department is bound to its unit.',
};

/**
 * The AsyncAPI 3.0 document of the house, drawn from the typed map of events and the topology: a channel per exchange and queue,
 * a message per type (`<type>` as it travels, `<type>.posted` as a producer posts it), an operation per publishing service and queue.
 */
export function asyncapiDocument(samples: Record<EventType, object>, describe: Describe) {
  const queues: readonly QueueDefinition[] = QUEUES;
  const posted = EVENT_TYPES.filter((type) => DOOR_OF[type]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'PAR Ledger events',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in structured JSON mode over AMQP 0-9-1. Routing key: <noun>.<past-tense>.v<n>.<unit>. ' +
        'Identity of an event is (source, id) for ever. Delivery is at least once, in any order; readers fold. ' +
        'Printed from libs/contracts: do not edit.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: CONTENT_TYPE,
    servers: {
      rabbitmq: {
        host: '{host}',
        protocol: 'amqp',
        protocolVersion: '0-9-1',
        description: 'RabbitMQ 3.10 or later.',
        variables: { host: { default: 'localhost:5672', description: 'Host and port of the broker.' } },
      },
    },
    channels: {
      ...Object.fromEntries(EXCHANGES.flatMap((exchange) => (exchange === 'par.dead' ? [] : [[exchange, exchangeChannel(exchange)]]))),
      ...Object.fromEntries(queues.map((queue) => [queue.name, queueChannel(queue)])),
    },
    operations: {
      ...Object.fromEntries(SERVICES.flatMap((service) => sendOperations(service))),
      ...Object.fromEntries(queues.map((queue) => [queue.name, receiveOperation(queue)])),
    },
    components: {
      messages: {
        ...Object.fromEntries(EVENT_TYPES.map((type) => [type, message(type, type, samples[type])])),
        ...Object.fromEntries(posted.map((type) => [`${type}.posted`, message(type, `${type}.posted`, asPosted(samples[type]))])),
      },
      schemas: {
        ...Object.fromEntries(EVENT_TYPES.map((type) => [type, withProse(envelopeSchemaOf(type), type, describe)])),
        ...Object.fromEntries(posted.map((type) => [`${type}.posted`, withProse(postedSchemaOf(type), type, describe)])),
      },
    },
  };
}

/** An event schema whose `data` carries its prose. */
export function withProse(schema: JsonSchema, type: EventType, describe: Describe): JsonSchema {
  const data = schema.properties?.data;
  if (!data) throw new Error(`the schema of ${type} has no data`);
  return { ...schema, properties: { ...schema.properties, data: describe(type, data) } };
}

function message(type: EventType, schema: string, payload: object) {
  return {
    name: type,
    title: type.slice('vn.par.'.length),
    contentType: CONTENT_TYPE,
    payload: { $ref: `#/components/schemas/${schema}` },
    bindings: { amqp: { messageType: type, bindingVersion: '0.3.0' } },
    examples: [{ payload }],
  };
}

/** What the producer of a stamped event had posted. */
function asPosted(sample: object): object {
  return Object.fromEntries(Object.entries(sample).filter(([name]) => name !== 'received' && name !== 'network'));
}

function messageNames(queue: QueueDefinition): string[] {
  const isIngress = queue.bindings.some((b) => b.exchange === 'par.ingress');
  return typesTakenBy(queue).map((type) => (isIngress ? `${type}.posted` : type));
}

function messagesOf(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

const PACKS =
  'A message is one event, or, where its content type is `application/cloudevents-batch+json`, a JSON array of events that were committed together: it comes once to every queue that is bound to one of them, and may hold others too.';

function exchangeChannel(exchange: Exclude<Exchange, 'par.dead'>) {
  const names =
    exchange === 'par.ingress'
      ? EVENT_TYPES.filter((type) => DOOR_OF[type]).map((type) => `${type}.posted`)
      : EVENT_TYPES.filter((type) => exchangeOf(type) === exchange);
  return {
    address: '{noun}.{happened}.{version}.{unit}',
    title: exchange,
    description: exchange === 'par.ingress' ? EXCHANGE_TITLES[exchange] : `${EXCHANGE_TITLES[exchange]} ${PACKS}`,
    parameters: {
      noun: { description: 'What the event is about, such as `dossier`.' },
      happened: { description: 'What happened to it, past tense, such as `received`.' },
      version: { description: 'Version of the event, such as `v1`.' },
      unit: { description: 'Internal id of the unit.' },
    },
    messages: messagesOf(names),
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: exchange, type: 'topic', durable: true, autoDelete: false, vhost: '/' },
        bindingVersion: '0.3.0',
      },
    },
  };
}

function queueChannel(queue: QueueDefinition) {
  return {
    address: queue.name,
    title: queue.name,
    description: `Bound to ${queue.bindings.map((b) => `${b.exchange} by ${b.pattern}`).join(', ')}.`,
    messages: messagesOf(messageNames(queue)),
    bindings: {
      amqp: {
        is: 'queue',
        queue: { name: queue.name, durable: true, exclusive: false, autoDelete: false, vhost: '/' },
        bindingVersion: '0.3.0',
        'x-arguments': queueArguments(queue.name),
      },
    },
  };
}

function sendOperations(service: ServiceName): [string, object][] {
  const exchanges = [...new Set(typesFrom(service).map((type) => exchangeOf(type)))];
  return exchanges.map((exchange) => [
    `${service}.publish-${exchange.slice('par.'.length)}`,
    {
      action: 'send',
      channel: { $ref: `#/channels/${exchange}` },
      summary: `What ${service} publishes on ${exchange}.`,
      tags: [{ name: service }],
      messages: EVENT_TYPES.filter((type) => exchangeOf(type) === exchange && publishersOf(type).includes(service)).map((type) => ({
        $ref: `#/channels/${exchange}/messages/${type}`,
      })),
      bindings: { amqp: { deliveryMode: 2, mandatory: true, bindingVersion: '0.3.0' } },
    },
  ]);
}

function receiveOperation(queue: QueueDefinition) {
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${queue.name}` },
    summary: `What ${queue.service} takes from ${queue.name}.`,
    tags: [{ name: queue.service }],
    messages: messageNames(queue).map((name) => ({ $ref: `#/channels/${queue.name}/messages/${name}` })),
    bindings: { amqp: { ack: true, bindingVersion: '0.3.0' } },
  };
}
