import { describe, expect, it } from '@jest/globals';
import { brokerDefinitions } from './broker-definitions.ts';
import { DOOR_OF, EVENT_TYPES, isTask, SERVICES } from './event-types.ts';
import { publishersOf, typesFrom, typesTakenBy } from './publishers.ts';
import { deadQueueOf, EXCHANGES, exchangeOf, hasDeadQueue, ingressQueueOf, matchesPattern, QUEUES, typesInto } from './topology.ts';

describe('topic patterns', () => {
  it.each([
    ['#', 'a.b.c', true],
    ['#', '', true],
    ['dossier.#', 'dossier.received.v1.u', true],
    ['dossier.#', 'work-dossier.closed.v1.u', false],
    ['dossier.*', 'dossier.received', true],
    ['dossier.*', 'dossier.received.v1', false],
    ['*.received.#', 'dossier.received.v1.u', true],
    ['#.u', 'dossier.received.v1.u', true],
    ['#.u', 'dossier.received.v1.w', false],
    ['a.#.c', 'a.c', true],
  ])('%s on %s: %s', (pattern, key, expected) => expect(matchesPattern(pattern, key)).toBe(expected));
});

describe('the topology', () => {
  it('lets every type reach a queue of a service that reads it, but for tasks, which are for queues of others', () => {
    for (const type of EVENT_TYPES.filter((each) => !isTask(each)))
      expect({ type, queues: QUEUES.filter((q) => typesInto(q, [type]).length).length }).not.toEqual({ type, queues: 0 });
  });

  it('lets index-scoring count every type of par.events', () => {
    const count = QUEUES.find((queue) => queue.name === 'index-scoring.count-events')!;
    expect(typesInto(count, EVENT_TYPES)).toEqual(EVENT_TYPES.filter((type) => exchangeOf(type) === 'par.events'));
  });

  it('takes every type with a door through exactly the queue of that door', () => {
    for (const type of EVENT_TYPES) {
      const queues = QUEUES.filter(
        (queue) => queue.bindings.some((b) => b.exchange === 'par.ingress') && typesTakenBy(queue).includes(type),
      );
      const door = DOOR_OF[type];
      expect(queues.map((queue) => queue.name)).toEqual(door ? [ingressQueueOf(door)] : []);
      const bound = QUEUES.filter((queue) =>
        queue.bindings.some((b) => b.exchange === 'par.ingress' && matchesPattern(b.pattern, `${type.slice(7)}.u`)),
      );
      if (door) expect(bound.map((queue) => queue.name)).toEqual([ingressQueueOf(door)]);
    }
  });

  it('knows who publishes each type', () => {
    for (const type of EVENT_TYPES) expect(publishersOf(type).length).toBeGreaterThan(0);
    // Reporting is an outside reader: all it ever sends is a question about what it lacks.
    expect(typesFrom('reporting')).toEqual(['vn.par.reconciliation.asked.v1']);
    expect(new Set(SERVICES.flatMap(typesFrom))).toEqual(new Set(EVENT_TYPES));
  });
});

describe('deploy/rabbitmq/definitions.json', () => {
  const definitions = brokerDefinitions();

  it('keeps nothing of a front door in a dead-letter queue: it may bear a secrecy mark', () => {
    const doors = definitions.queues.filter(({ name }) => name.includes('.ingress'));
    expect(doors.map(({ name }) => name).sort()).toEqual(['dossier-intake.ingress', 'edocument-workflow.ingress']);
    for (const door of doors) expect(door.arguments).toEqual({ 'x-queue-type': 'quorum', 'x-delivery-limit': 100 });
  });

  it('declares every exchange, and every queue with its dead-letter queue bound', () => {
    expect(definitions.exchanges.map((exchange) => exchange.name)).toEqual([...EXCHANGES]);
    for (const { name } of QUEUES.filter((each) => hasDeadQueue(each.name))) {
      const queue = definitions.queues.find((q) => q.name === name)!;
      const dead = definitions.queues.find((q) => q.name === deadQueueOf(name))!;
      expect(queue.arguments).toMatchObject({
        'x-queue-type': 'quorum',
        'x-overflow': 'reject-publish',
        'x-dead-letter-strategy': 'at-least-once',
        'x-dead-letter-exchange': 'par.dead',
      });
      expect(queue.arguments['x-delivery-limit']).toBeGreaterThan(0);
      expect(dead.arguments['x-queue-type']).toBe('quorum');
      expect(definitions.bindings).toContainEqual(
        expect.objectContaining({
          source: queue.arguments['x-dead-letter-exchange'],
          routing_key: queue.arguments['x-dead-letter-routing-key'],
          destination: dead.name,
        }),
      );
    }
  });

  it('binds only what it declares, and each queue as the topology says', () => {
    const queues = new Set(definitions.queues.map((queue) => queue.name));
    for (const binding of definitions.bindings) {
      expect(EXCHANGES).toContain(binding.source);
      expect(queues).toContain(binding.destination);
    }
    for (const queue of QUEUES) {
      expect(
        definitions.bindings.filter((b) => b.destination === queue.name).map((b) => ({ exchange: b.source, pattern: b.routing_key })),
      ).toEqual([...queue.bindings]);
    }
  });

  it('holds for any vhost', () => {
    const other = brokerDefinitions('spec-1');
    expect(other.vhosts).toEqual([{ name: 'spec-1' }]);
    expect([...other.exchanges, ...other.queues, ...other.bindings].every((entry) => entry.vhost === 'spec-1')).toBe(true);
  });
});
