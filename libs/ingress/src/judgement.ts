import { isTimeZone, type Organisation, type Unit } from '@par/administration';
import {
  type CloudEvent,
  DECLARED_TYPES,
  type Door,
  type DossierCorrectedV1,
  type EventType,
  isLocalDate,
  type Network,
  type UnitOpenedV1,
  validateData,
} from '@par/contracts';
import { contentHash } from './content-hash.ts';
import { dataFault } from './data-checks.ts';
import { type Envelope, isIdentifier, readEnvelope } from './envelope.ts';
import { type Producer, speaksForSource, speaksForUnit } from './producer.ts';
import { type Refusal } from './refusal.ts';
import { subjectFault } from './subject-checks.ts';

/** All that a judgement rests on beside the event itself. */
export interface Circumstances {
  door: Door;
  producer: Producer;
  organisation: Organisation;
  /** Stamped as `received`. */
  now: Date;
  network: Network;
  /** Carried on by events that bring none of their own; undefined without traces. */
  traceparent?: string | undefined;
  /** Units opened by earlier events of the same call. */
  opened: Map<string, UnitOpenedV1>;
}

export interface Taken {
  kind: 'taken';
  /** Stamped: times in UTC, unit as internal id, `received` and `network` set. */
  event: CloudEvent;
  /** The stamped event as JSON: what is stored and published. */
  body: string;
  contentHash: Buffer;
}

export interface Refused {
  kind: 'refused';
  refusal: Refusal;
  /** Shown to the sender; absent where unreadable or, for a secret, on purpose. */
  source?: string;
  id?: string;
  /** Line of the tally; '' where the key may not speak for it, it is not known, or it must not be told. */
  tallySource: string;
  tallyUnit: string;
  /**
   * Set where only the state of the organisation speaks against the event. An event that was accepted before must stay a duplicate when
   * the organisation has changed since, so its identity is looked up before it is refused.
   */
  contentHash?: Buffer;
}

export type Judgement = Taken | Refused;

/** A message with a secrecy mark: nothing of it is told but that it came. */
export function refuseSecret(): Refused {
  return { kind: 'refused', refusal: { code: 'secrecy.marked' }, tallySource: '', tallyUnit: '' };
}

/** Judges one event that carries no secrecy mark. Pure but for `opened`, to which an opened unit is added. */
export function judge(raw: unknown, circumstances: Circumstances): Judgement {
  const read = readEnvelope(raw, circumstances.door, circumstances.now);
  if (!read.ok) return refused(raw, circumstances, read.refusal);
  const { envelope } = read;
  const [fault] = validateData(envelope.type, envelope.data);
  if (fault)
    return refused(raw, circumstances, {
      code: fault.code,
      field: fault.field === '' ? 'data' : `data.${fault.field}`,
      text: fault.detail,
    });
  if (!speaksForSource(circumstances.producer, envelope.source))
    return refused(raw, circumstances, { code: 'producer.not-for-source', field: 'source' });
  if (DECLARED_TYPES.has(envelope.type) && !circumstances.producer.declares)
    return refused(raw, circumstances, { code: 'producer.may-not-declare', field: 'type' });
  // Nobody takes back what another source said.
  const corrected = envelope.type.endsWith('.corrected.v1') ? (envelope.data as DossierCorrectedV1).source : undefined;
  if (corrected !== undefined && !speaksForSource(circumstances.producer, corrected))
    return refused(raw, circumstances, { code: 'producer.not-for-source', field: 'data.source' });

  const hash = contentHash(envelope);
  const placed = isUnitType(envelope.type) ? placeUnitEvent(envelope, circumstances) : placeAtUnit(envelope, circumstances);
  if (!placed.ok) {
    const refusal = refused(raw, circumstances, placed.refusal);
    return placed.refusal.code.startsWith('unit.') ? { ...refusal, contentHash: hash } : refusal;
  }
  if (envelope.type === 'vn.par.unit.opened.v1') circumstances.opened.set(envelope.subject, envelope.data as UnitOpenedV1);
  const event = stamped(envelope, placed.unit, circumstances);
  return { kind: 'taken', event, body: JSON.stringify(event), contentHash: hash };
}

type Placed = { ok: true; unit: string } | { ok: false; refusal: Refusal };

function isUnitType(type: EventType): boolean {
  return type.startsWith('vn.par.unit.');
}

/** Unit events speak of their subject, which a `unit.opened` brings into being. */
function placeUnitEvent(envelope: Envelope, circumstances: Circumstances): Placed {
  const { type, subject } = envelope;
  const { organisation, opened, producer } = circumstances;
  if (envelope.unit !== subject) return no('unit.not-its-subject', 'unit');
  const impossible = impossibleDate(envelope.data as Record<string, unknown>);
  if (impossible) return no('time.impossible', `data.${impossible}`);
  if (type === 'vn.par.unit.opened.v1') {
    const data = envelope.data as UnitOpenedV1;
    if (data.parent === undefined) {
      if (data.kind !== 'city') return no('unit.root-is-no-city', 'data.kind');
      if (data.timeZone === undefined || !isTimeZone(data.timeZone)) return no('unit.time-zone-unknown', 'data.timeZone');
    } else if (!organisation.unit(data.parent) && !opened.has(data.parent)) return no('unit.unknown', 'data.parent');
    if (isOpenOtherwise(subject, data, circumstances)) return no('unit.already-open', 'subject');
    const parentOf = (unit: string): string | undefined => (unit === subject ? data.parent : opened.get(unit)?.parent);
    return speaksForUnit(producer, subject, organisation, parentOf) ? { ok: true, unit: subject } : no('producer.not-for-unit', 'unit');
  }
  if (!organisation.unit(subject) && !opened.has(subject)) return no('unit.unknown', 'subject');
  if (!speaksForUnit(producer, subject, organisation, (unit) => opened.get(unit)?.parent)) return no('producer.not-for-unit', 'unit');
  return { ok: true, unit: subject };
}

function placeAtUnit(envelope: Envelope, { organisation, producer, now }: Circumstances): Placed {
  const unit = organisation.resolve(envelope.unit, new Date(envelope.happened));
  if (unit === 'unknown') return no('unit.unknown', 'unit');
  if (unit === 'not-in-force') return no('unit.not-in-force', 'unit');
  if (!speaksForUnit(producer, unit.id, organisation)) return no('producer.not-for-unit', 'unit');
  const refusal = subjectFault(envelope, unit) ?? dataFault(envelope, { unit, organisation, now });
  return refusal ? { ok: false, refusal } : { ok: true, unit: unit.id };
}

/** The first date of effect that is on no calendar; the schema looks at its form only. */
function impossibleDate(data: Record<string, unknown>): string | undefined {
  return ['validFrom', 'from'].find((name) => typeof data[name] === 'string' && !isLocalDate(data[name]));
}

function isOpenOtherwise(id: string, data: UnitOpenedV1, { organisation, opened }: Circumstances): boolean {
  const earlier = opened.get(id) ?? openingOf(organisation.unit(id));
  return earlier !== undefined && JSON.stringify(comparable(earlier)) !== JSON.stringify(comparable(data));
}

function openingOf(unit: Unit | undefined): UnitOpenedV1 | undefined {
  const first = unit?.names[0];
  if (!unit || !first) return undefined;
  const { kind, agency, validFrom, code, organ, parent, timeZone, dossierCodes } = unit;
  return { kind, agency, validFrom, code, organ, parent, timeZone, dossierCodes, name: first.name, nameEn: first.nameEn };
}

/** What two openings of one unit must agree in. Below a city, zone and form of codes are the city's, whatever the event says. */
function comparable({ kind, agency, validFrom, code, organ, parent, timeZone, dossierCodes, name, nameEn }: UnitOpenedV1): unknown[] {
  const ofCity = parent === undefined ? [timeZone, dossierCodes ?? 'national'] : [];
  return [kind, agency, validFrom, code ?? null, organ ?? null, parent ?? null, name, nameEn ?? null, ...ofCity];
}

function stamped(envelope: Envelope, unit: string, { now, network, traceparent: here }: Circumstances): CloudEvent {
  const { source, id, type, subject, happened, sent, traceparent = here, data } = envelope;
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time: happened,
    datacontenttype: 'application/json',
    unit,
    ...(sent === undefined ? {} : { sent }),
    received: now.toISOString(),
    network,
    ...(traceparent === undefined ? {} : { traceparent }),
    data: data as CloudEvent['data'],
  };
}

function refused(raw: unknown, { producer, organisation, now }: Circumstances, refusal: Refusal): Refused {
  const { source, id, unit, time } = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
  const mayNameSource = isIdentifier(source) && speaksForSource(producer, source);
  const at = typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? new Date(time) : now;
  const known = isIdentifier(unit) ? organisation.resolve(unit, at) : 'unknown';
  const tallyUnit = typeof known === 'object' && speaksForUnit(producer, known.id, organisation) ? known.id : '';
  return {
    kind: 'refused',
    refusal,
    ...(isIdentifier(source) ? { source } : {}),
    ...(isIdentifier(id) ? { id } : {}),
    tallySource: mayNameSource ? source : '',
    tallyUnit,
  };
}

function no(code: Refusal['code'], field: string): Placed {
  return { ok: false, refusal: { code, field } };
}
