import { type Organisation, type Unit } from '@par/administration';
import { type EdxmlDocument, type EdxmlMessage, type EdxmlStatus, parseOrganCode } from '@par/edxml';
import { type Bilingual } from '@par/service-kit';

/** A unit of ours on whose behalf a message came in, and what it is to the document that the message is about. */
export interface Party {
  unit: Unit;
  /** The agency identifier by which the message names it. */
  organ: string;
  role: 'issuer' | 'recipient';
}

/** Why a message as a whole gives no events. */
export interface PartyFault {
  /** Stable code. */
  code: string;
  /** Path in the message, or `unit` for what was asked for beside it. */
  field: string;
  text: Bilingual;
}

export type Parties = { ok: true; parties: Party[] } | { ok: false; fault: PartyFault };

/**
 * Whose message it is: the unit that was asked for, else the units whose identifiers it names and for which the caller may speak. Of a document the issuer is who sent it;
 * of a status, who issued the document that it is about. Pure.
 * @param asked id, official code or agency identifier of a unit
 */
export function partiesOf(
  message: EdxmlMessage,
  organisation: Organisation,
  { asked, mayWrite }: { asked?: string | undefined; mayWrite: (unit: string) => boolean },
): Parties {
  const on = dayOf(message);
  if (on === undefined) return no('edxml.missing-field', 'MessageHeader/Timestamp', NO_DAY);
  return asked === undefined ? named(message, organisation, on, mayWrite) : askedFor(message, organisation, on, asked);
}

/**
 * The local day by which a message is placed: the document's own, or, of a status, the day that it tells where that is not before the document. Only what the message says,
 * since a message that comes again has to give the same events.
 */
export function dayOf(message: EdxmlMessage): string | undefined {
  return message.kind === 'document' ? message.promulgatedOn : toldBy(message)?.slice(0, 10);
}

/** When a status was told, `YYYY-MM-DD` or `YYYY-MM-DDTHH:mm:ss`. In real messages that may lie before the document itself; then the document's day holds. */
export function toldBy({ statedAt, of }: EdxmlStatus): string | undefined {
  const issued = of.promulgatedOn ?? dayInside(of.documentId);
  if (statedAt === undefined || (issued !== undefined && statedAt.slice(0, 10) < issued)) return issued;
  return statedAt;
}

/** The date in an identity of organisation, date and code; the reader has looked whether there is such a day. */
function dayInside(documentId: string): string | undefined {
  const [, year, month, day] = /^[^,]*,\s*(\d{4})\/(\d{1,2})\/(\d{1,2})\s*(?:,|$)/.exec(documentId) ?? [];
  return year === undefined ? undefined : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
}

/** Canonical identifiers of the organisations on both sides of a document. */
export function sidesOf(message: EdxmlMessage): { issuer: string; recipients: string[] } {
  if (message.kind === 'status') return { issuer: message.of.organ.canonical, recipients: [message.from.canonical] };
  return { issuer: message.from.canonical, recipients: recipientsNamed(message) };
}

function recipientsNamed({ to, business }: EdxmlDocument): string[] {
  return [...new Set([...to, ...business.receivers.map(({ organ }) => organ)].map(({ canonical }) => canonical))];
}

function askedFor(message: EdxmlMessage, organisation: Organisation, on: string, asked: string): Parties {
  const unit = unitOf(asked, organisation, on);
  if (typeof unit === 'string') return no(`unit.${unit}`, 'unit', unit === 'unknown' ? UNKNOWN : NOT_IN_FORCE);
  const { organ } = unit;
  if (organ === undefined) return no('edxml.unit-without-organ', 'unit', WITHOUT_ORGAN);
  const { issuer, recipients } = sidesOf(message);
  if (organ === issuer) return { ok: true, parties: [{ unit, organ, role: 'issuer' }] };
  if (recipients.includes(organ)) return { ok: true, parties: [{ unit, organ, role: 'recipient' }] };
  return no('edxml.not-a-party', 'unit', NOT_A_PARTY);
}

function unitOf(asked: string, organisation: Organisation, on: string): Unit | 'unknown' | 'not-in-force' {
  const unit = organisation.unit(asked);
  if (unit) return unit;
  const organ = parseOrganCode(asked);
  if (organ) return organisation.unitByOrgan(organ.canonical, on);
  return organisation.resolve(asked, new Date(`${on}T12:00:00.000Z`));
}

function named(message: EdxmlMessage, organisation: Organisation, on: string, mayWrite: (unit: string) => boolean): Parties {
  const { issuer, recipients } = sidesOf(message);
  const held = (organs: readonly string[], role: Party['role']): Party[] =>
    organs.flatMap((organ) => {
      const unit = organisation.unitByOrgan(organ, on);
      return typeof unit === 'string' ? [] : [{ unit, organ, role }];
    });
  const ours = [...held([issuer], 'issuer'), ...held(recipients, 'recipient')];
  const writable = ours.filter(({ unit }) => mayWrite(unit.id));
  const [first] = writable;
  if (!first) {
    return ours.length > 0
      ? no('producer.not-for-unit', 'unit', NOT_FOR_UNIT)
      : no('edxml.no-unit-of-ours', message.kind === 'status' ? 'MessageHeader/ResponseFor/OrganId' : 'MessageHeader/To', NONE_OF_OURS);
  }
  if (first.role === 'recipient') return { ok: true, parties: writable };
  // A status goes to who issued the document. A document between two units of ours may have been sent by the one or have come to the other.
  if (writable.length === 1 || message.kind === 'status') return { ok: true, parties: [first] };
  return no('edxml.unit-unclear', 'unit', UNCLEAR);
}

function no(code: string, field: string, text: Bilingual): Parties {
  return { ok: false, fault: { code, field, text } };
}

const NO_DAY: Bilingual = {
  en: 'Neither the status nor the document that it is about tells a day.',
  vi: 'Cả trạng thái lẫn văn bản được nhắc tới đều không có ngày.',
};
const UNKNOWN: Bilingual = { en: 'This unit is not known.', vi: 'Không có đơn vị này.' };
const NOT_IN_FORCE: Bilingual = {
  en: 'This unit was not in force on the day of the message.',
  vi: 'Đơn vị này không còn hoặc chưa có hiệu lực vào ngày của gói tin.',
};
const WITHOUT_ORGAN: Bilingual = {
  en: 'This unit has no agency identifier, so no message can be its own. It is given when the unit is opened (organ).',
  vi: 'Đơn vị này chưa có mã định danh nên không thể gửi, nhận gói tin. Mã được khai khi lập đơn vị (organ).',
};
const NOT_A_PARTY: Bilingual = {
  en: 'The message is neither from this unit nor to it.',
  vi: 'Gói tin không do đơn vị này gửi và cũng không gửi tới đơn vị này.',
};
const NOT_FOR_UNIT: Bilingual = { en: 'This key may not speak for this unit.', vi: 'Khóa này không được gửi thay đơn vị này.' };
const NONE_OF_OURS: Bilingual = {
  en: 'No organisation that the message names is a unit of ours.',
  vi: 'Không cơ quan nào trong gói tin là đơn vị của hệ thống này.',
};
const UNCLEAR: Bilingual = {
  en: 'Both the sender and a receiver are units of this key: say on whose behalf it comes, with ?unit=.',
  vi: 'Cả bên gửi và bên nhận đều thuộc khóa này: cần nêu gói tin đến thay mặt đơn vị nào bằng ?unit=.',
};
