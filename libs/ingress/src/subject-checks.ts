import { parseDossierCode, type Unit } from '@par/administration';
import { DOCUMENT_ID, EVENT_TYPES, type EventType, nounOf, PROCEDURE_CODE } from '@par/contracts';
import { type Envelope } from './envelope.ts';
import { type Refusal } from './refusal.ts';

/** Id of a declared record: an inspection, a function review, a survey. Narrow, so that no name of a person can stand in it. */
const RECORD_ID = /^[a-z0-9./-]{1,80}$/;

type SubjectCheck = (envelope: Envelope, unit: Unit) => Refusal | undefined;

/**
 * What the subject of an event at a unit must be, by the noun of its type: the unit itself, a code of a dossier (Circular 01/2018 art. 19) or of a
 * procedure, the identity of a document, or the id of a declared record. A noun that is not here is about a matter of its own.
 */
const SUBJECT_OF: Record<string, SubjectCheck> = {
  dossier: ({ subject }, unit) => dossierCodeFault(subject, 'subject', unit),
  procedure: ({ subject }) => (PROCEDURE_CODE.test(subject) ? undefined : { code: 'procedure.bad-code', field: 'subject' }),
  document: ({ subject }) => (DOCUMENT_ID.test(subject) ? undefined : { code: 'document.bad-id', field: 'subject' }),
  network: itsUnit,
  'paper-work': itsUnit,
  'secret-count': itsUnit,
  'staff-standard': itsUnit,
  assessment: itsUnit,
  ranking: itsUnit,
  inspection: record,
  'function-review': record,
  survey: record,
  // A correction has the subject of what it corrects: a record or, for a count or a score, the unit.
  declaration: (envelope, unit) => (itsUnit(envelope, unit) ? record(envelope) : undefined),
};

/** The same by type, so that no type is taken apart for every event. */
const CHECK_OF: ReadonlyMap<EventType, SubjectCheck | undefined> = new Map(EVENT_TYPES.map((type) => [type, SUBJECT_OF[nounOf(type)]]));

/** What is wrong with the subject of an event at a unit; undefined where nothing is. Pure. */
export function subjectFault(envelope: Envelope, unit: Unit): Refusal | undefined {
  return CHECK_OF.get(envelope.type)?.(envelope, unit);
}

/** What is wrong with a dossier code that stands in `field`, by the form of codes of the unit's city. */
export function dossierCodeFault(text: string, field: string, unit: Unit): Refusal | undefined {
  const code = parseDossierCode(text, unit.dossierCodes);
  return code.ok ? undefined : { code: code.code, field, text: code.message };
}

function itsUnit({ subject }: Envelope, unit: Unit): Refusal | undefined {
  return subject === unit.id ? undefined : { code: 'unit.not-its-subject', field: 'subject' };
}

function record({ subject }: Envelope): Refusal | undefined {
  return RECORD_ID.test(subject) ? undefined : { code: 'declaration.bad-subject', field: 'subject' };
}
