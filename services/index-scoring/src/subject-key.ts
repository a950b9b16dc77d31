import { type Organisation } from '@par/administration';
import { type KeptEvent } from './kept-event.ts';
import { declaredKey } from './declared-records.ts';

/**
 * The subject whose set an event belongs to: a dossier together with its work dossier, a procedure of a city, a unit's connection, a unit's day of
 * heartbeats, a document, a declared record. Subjects are chosen so that a set stays small. Precondition: the event's unit is known to the organisation.
 */
export function subjectKey(event: KeptEvent & { subject: string }, organisation: Organisation): string {
  const noun = event.type.split('.')[2]!;
  switch (noun) {
    case 'dossier':
    case 'work-dossier':
      return `case:${event.subject}`;
    case 'document':
      // No figure is made of a document; its set is the memory that counts each of its events once.
      return `document:${event.subject}`;
    case 'procedure':
      return `procedure:${organisation.unit(event.unit)!.city}/${event.subject}`;
    case 'network':
      return event.type === 'vn.par.network.heartbeat-sent.v1'
        ? `heartbeat:${event.unit}/${event.time.slice(0, 10)}`
        : `link:${event.subject}`;
    default:
      return declaredKey(event, (id) => organisation.unit(id) !== undefined);
  }
}

/** City and code of a procedure, from the key of its set. */
export function procedureIdentity(key: string): { city: string; code: string } {
  const [city = '', ...code] = key.slice('procedure:'.length).split('/');
  return { city, code: code.join('/') };
}
