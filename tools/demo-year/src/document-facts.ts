import { type EventData, type FileFacts, type Urgency } from '@par/contracts';
import { type Chance } from './chance.ts';
import { dateOf, DAY, HOUR, localText, midnightOf, officeInstant } from './office-time.ts';

export type DocumentFacts = EventData['vn.par.document.issued.v1'];

/** A kind of document: the register that it is entered in, what it is called, and how its notation begins. */
export interface DocumentKind {
  register: string;
  documentType: string;
  notation: string;
}

const KINDS: readonly DocumentKind[] = [
  { register: 'cong-van', documentType: 'Công văn', notation: 'CV' },
  { register: 'bao-cao', documentType: 'Báo cáo', notation: 'BC' },
  { register: 'ke-hoach', documentType: 'Kế hoạch', notation: 'KH' },
  { register: 'quyet-dinh', documentType: 'Quyết định', notation: 'QĐ' },
];
const WEIGHTS: Record<string, number> = { 'cong-van': 6, 'bao-cao': 2, 'ke-hoach': 1, 'quyet-dinh': 1 };
const URGENT: Record<Urgency, number> = { normal: 80, urgent: 15, 'very-urgent': 4, express: 1, 'express-at-hour': 0 };
const RETENTIONS = [5, 10, 20, 70] as const;

export function kindOf(chance: Chance): DocumentKind {
  return chance.weighted(KINDS, ({ register }) => WEIGHTS[register] ?? 1);
}

export function urgencyOf(chance: Chance): Urgency {
  return chance.weighted(Object.keys(URGENT) as Urgency[], (urgency) => URGENT[urgency]);
}

/** The end of an office day some days on: sooner for what is urgent. */
export function dueOf(from: number, urgency: Urgency, chance: Chance): string {
  const days = urgency === 'normal' ? chance.whole(5, 20) : chance.whole(1, 4);
  return localText(midnightOf(officeInstant(from + days * DAY)) + 17 * HOUR);
}

/** Facts as an issuer tells them; `number` is absent where the ledger gives it out. */
export function factsOf(
  kind: DocumentKind,
  told: { issuer: string; number?: number; body: string; recipients: string[]; at: number },
  chance: Chance,
): DocumentFacts {
  const { issuer, number, body, recipients, at } = told;
  const urgency = urgencyOf(chance);
  return {
    issuer,
    ...(number === undefined ? {} : { code: `${number}/${kind.notation}-${body}` }),
    promulgatedOn: dateOf(at),
    documentType: kind.documentType,
    urgency,
    ...(chance.happens(0.6) ? { due: dueOf(at, urgency, chance) } : {}),
    recipients,
    files: Array.from({ length: chance.happens(0.25) ? 2 : 1 }, (_, n) => fileOf(n, chance)),
  };
}

function fileOf(n: number, chance: Chance): FileFacts {
  return {
    name: n === 0 ? 'van-ban.pdf' : `phu-luc-${n}.pdf`,
    mediaType: 'application/pdf',
    bytes: chance.whole(40_000, 2_500_000),
    sha256: hexOf(64, chance),
    confidentiality: chance.happens(0.3) ? 'public' : 'internal',
    retentionYears: chance.pick(RETENTIONS),
  };
}

/** A GUID, as software names a document that has no number yet. */
export function guidOf(chance: Chance): string {
  const hex = hexOf(32, chance);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function hexOf(digits: number, chance: Chance): string {
  let hex = '';
  while (hex.length < digits) hex += chance.whole(0, 0xffff_ffff).toString(16).padStart(8, '0');
  return hex.slice(0, digits);
}
