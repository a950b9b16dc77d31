import { DOOR_OF, EVENT_TYPES, SERVICES, type EventType, type ServiceName } from './event-types.ts';
import { ingressQueueOf, matchesPattern, typesInto, type QueueDefinition } from './topology.ts';

/** The services that put a type on the broker: the door that takes it in, or the service that makes it. */
export function publishersOf(type: EventType): readonly ServiceName[] {
  const door = DOOR_OF[type];
  if (door) return [door];
  switch (type) {
    case 'vn.par.work-dossier.signature-verified.v1':
    case 'vn.par.work-dossier.closed.v1':
    case 'vn.par.step.due.v1':
    case 'vn.par.deadline.reminded.v1':
    case 'vn.par.deadline.escalated.v1':
      return ['edocument-workflow'];
    case 'vn.par.figure.changed.v1':
      return ['index-scoring'];
    case 'vn.par.checkpoint.advanced.v1':
      // Reporting is an outside reader: it shows its own sheet and publishes nothing.
      return SERVICES.filter((service) => service !== 'reporting');
    case 'vn.par.reconciliation.asked.v1':
      // Every service that reads what another one sent.
      return SERVICES.filter((service) => service !== 'dossier-intake');
    case 'vn.par.reconciliation.answered.v1':
      return SERVICES.filter((service) => service !== 'reporting');
    default:
      throw new Error(`${type} has no publisher: add it to publishersOf`);
  }
}

/** The types that a service puts on the broker. */
export function typesFrom(service: ServiceName): EventType[] {
  return EVENT_TYPES.filter((type) => publishersOf(type).includes(service));
}

/** The types that a queue is there for: what its exchanges carry, or, for the queue of a front door, what producers post. */
export function typesTakenBy(queue: QueueDefinition): EventType[] {
  const isIngress = Object.values(DOOR_OF).some((door) => ingressQueueOf(door) === queue.name);
  if (!isIngress) return typesInto(queue, EVENT_TYPES);
  return EVENT_TYPES.filter(
    (type) => DOOR_OF[type] === queue.service && queue.bindings.some((b) => matchesPattern(b.pattern, `${type.slice('vn.par.'.length)}.u`)),
  );
}
