import {
  type BusinessType,
  BUSINESS_TYPES,
  type DocumentReference,
  type EdxmlDocument,
  type EdxmlMessage,
  type EdxmlMistake,
  type EdxmlReading,
  type EdxmlStatus,
  PRIORITIES,
  STATUS_CODES,
  type StatusCode,
  STEERING_TYPES,
} from './edxml-message.ts';
import { type EdxmlFields, type EdxmlLimits, EdxmlRefused, EdxmlStream, type MarkCheck } from './edxml-stream.ts';
import { type OrganCode, parseOrganCode } from './organ-code.ts';

/** Characters kept of a subject; the rest of the field is for its readers. */
const LONGEST_SUBJECT = 1_000;
const LONGEST_NAME = 255;
const MOST_RECEIVERS = 500;
const MOST_FILES = 50;
/** A GUID, or organisation, date and code joined by commas; what can be the subject of an event. */
const DOCUMENT_ID = /^[\p{L}\p{N}][\p{L}\p{N} .,:;/()_-]{0,119}$/u;
const HEADER = 'MessageHeader';
const TRACE = 'TraceHeaderList';
const BUSINESS = `${TRACE}/Bussiness`;

/**
 * Reads an edXML message (QCVN 102:2016/BTTTT, or the older dialect) from its bytes: a document on its way, or a status of one. Persons, addresses and numbers are not in
 * the result, nor files. Refused with every mistake that can be told at once, each with the field's path and line.
 */
export async function readEdxml(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  isMarked: MarkCheck,
  limits?: EdxmlLimits,
): Promise<EdxmlReading> {
  const stream = new EdxmlStream(isMarked, limits);
  try {
    for await (const piece of pieces) stream.write(piece);
    return interpret(stream.end());
  } catch (error) {
    if (error instanceof EdxmlRefused) return { ok: false, mistakes: [error.mistake] };
    throw error;
  }
}

/** What the fields of a message mean. */
export function interpret(fields: EdxmlFields): EdxmlReading {
  const reader = new FieldReader(fields);
  const message: EdxmlMessage = fields.texts.has(`${HEADER}/StatusCode`) ? statusOf(reader, fields) : documentOf(reader, fields);
  const mistakes = reader.mistakes.sort((a, b) => a.line - b.line || a.column - b.column);
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, message };
}

function statusOf(reader: FieldReader, { dialect }: EdxmlFields): EdxmlStatus {
  const statedAt = reader.optional(`${HEADER}/Timestamp`, localTime, BAD_TIME);
  const [of] = reader.references();
  if (!of) reader.missing(`${HEADER}/ResponseFor`);
  return {
    kind: 'status',
    dialect,
    from: reader.organ(`${HEADER}/From/OrganId`),
    of: of ?? { organ: NO_ORGAN, code: '', documentId: '' },
    status: reader.required(`${HEADER}/StatusCode`, statusCode, BAD_STATUS) ?? '01',
    ...(statedAt === undefined ? {} : { statedAt }),
  };
}

function documentOf(reader: FieldReader, { dialect, signed }: EdxmlFields): EdxmlDocument {
  const dueOn = reader.optional(`${HEADER}/DueDate`, day, IMPOSSIBLE_DATE);
  const steering = reader.optional(`${HEADER}/SteeringType`, oneOf(STEERING_TYPES, 1), BAD_CHOICE);
  const pages = reader.optional(`${HEADER}/OtherInfo/PageAmount`, count, BAD_NUMBER);
  const typeCode = reader.text(`${HEADER}/DocumentType/Type`);
  const from = reader.organ(`${HEADER}/From/OrganId`);
  const sentAt = reader.sentAt(from);
  reader.countOf(`${HEADER}/To`, 1, MOST_RECEIVERS);
  reader.countOf('AttachmentEncoded/Attachment', 0, MOST_FILES);
  return {
    kind: 'document',
    dialect,
    from,
    to: reader.items(`${HEADER}/To`).map((path) => reader.organ(`${path}/OrganId`)),
    documentId: reader.documentId(`${HEADER}/DocumentId`),
    code: {
      number: reader.required(`${HEADER}/Code/CodeNumber`, plain(50), BAD_TEXT) ?? '',
      notation: reader.required(`${HEADER}/Code/CodeNotation`, plain(100), BAD_TEXT) ?? '',
    },
    promulgatedOn: reader.required(`${HEADER}/PromulgationInfo/PromulgationDate`, day, IMPOSSIBLE_DATE) ?? '',
    type: {
      ...(typeCode === '' ? {} : { code: typeCode.slice(0, LONGEST_NAME) }),
      name: reader.text(`${HEADER}/DocumentType/TypeName`).slice(0, LONGEST_NAME),
    },
    subject: (reader.required(`${HEADER}/Subject`, (text) => text, BAD_TEXT) ?? '').slice(0, LONGEST_SUBJECT),
    ...(dueOn === undefined ? {} : { dueOn }),
    priority: reader.optional(`${HEADER}/OtherInfo/Priority`, oneOf(PRIORITIES, 0), BAD_CHOICE) ?? 'normal',
    ...(steering === undefined ? {} : { steering }),
    ...(pages === undefined ? {} : { pages }),
    answers: reader.references(),
    business: businessOf(reader),
    trace: reader.items(`${TRACE}/TraceHeader`).map((path) => reader.organ(`${path}/OrganId`)),
    ...(sentAt === undefined ? {} : { sentAt }),
    attachments: reader.attachments(),
    signed,
  };
}

function businessOf(reader: FieldReader): EdxmlDocument['business'] {
  const type: BusinessType = reader.optional(`${BUSINESS}/BussinessDocType`, oneOf(BUSINESS_TYPES, 0), BAD_CHOICE) ?? 'new';
  const documentId = type === 'new' ? undefined : reader.documentId(`${BUSINESS}/DocumentId`);
  if (type === 'replace') reader.differs(`${BUSINESS}/DocumentId`, `${HEADER}/DocumentId`, REPLACES_ITSELF);
  const reason = reader.text(`${BUSINESS}/BussinessDocReason`).slice(0, LONGEST_SUBJECT);
  const receivers = [`${BUSINESS}/BussinessDocumentInfo/ReceiverList`, `${BUSINESS}/ReceiverList`].flatMap((list) =>
    reader.items(`${list}/Receiver`).map((path) => ({
      organ: reader.organ(`${path}/OrganId`),
      change: reader.required(`${path}/ReceiverType`, oneOf(['removed', 'added'] as const, 0), BAD_CHOICE) ?? 'added',
    })),
  );
  return {
    type,
    ...(documentId === undefined ? {} : { documentId }),
    ...(reason === '' ? {} : { reason }),
    receivers,
  };
}

interface Words {
  code: string;
  vi: string;
  en: string;
}

const NO_ORGAN: OrganCode = { text: '', canonical: '' };
const MISSING: Words = { code: 'edxml.missing-field', vi: 'Thiếu trường này', en: 'This field is missing' };
const BAD_ORGAN: Words = {
  code: 'edxml.bad-organ-code',
  vi: 'Mã định danh không đúng dạng 000.00.00.H57 hoặc H57.00',
  en: 'The identifier has neither the form 000.00.00.H57 nor H57.00',
};
const IMPOSSIBLE_DATE: Words = {
  code: 'edxml.impossible-date',
  vi: 'Ngày không có trong lịch hoặc không viết theo dạng yyyy/MM/dd',
  en: 'The date is in no calendar, or is not written as yyyy/MM/dd',
};
const BAD_TIME: Words = {
  code: 'edxml.impossible-time',
  vi: 'Thời điểm không có thật hoặc không viết theo dạng yyyy/MM/dd HH:mm:ss',
  en: 'There is no such time, or it is not written as yyyy/MM/dd HH:mm:ss',
};
const BAD_STATUS: Words = {
  code: 'edxml.unknown-status',
  vi: `Mã trạng thái phải là một trong ${STATUS_CODES.join(', ')}`,
  en: `The status code is one of ${STATUS_CODES.join(', ')}`,
};
const BAD_CHOICE: Words = { code: 'edxml.unknown-choice', vi: 'Giá trị không có trong danh mục', en: 'The value is in no list' };
const BAD_NUMBER: Words = { code: 'edxml.bad-number', vi: 'Phải là số nguyên không âm', en: 'It has to be a whole number' };
const BAD_DOCUMENT_ID: Words = {
  code: 'edxml.bad-document-id',
  vi: 'Mã định danh văn bản có từ 1 đến 120 chữ, số, khoảng trắng và .,:;/()_-',
  en: 'The identity of a document has 1 to 120 letters, digits, blanks and .,:;/()_-',
};
const REPLACES_ITSELF: Words = {
  code: 'edxml.replaces-itself',
  vi: 'Văn bản không thể thay thế chính nó',
  en: 'A document cannot take the place of itself',
};
const TOO_MANY: Words = {
  code: 'edxml.too-many-elements',
  vi: `Tối đa ${MOST_RECEIVERS} nơi nhận và ${MOST_FILES} tệp đính kèm`,
  en: `At most ${MOST_RECEIVERS} receivers and ${MOST_FILES} files`,
};
const BAD_TEXT: Words = { code: 'edxml.text-too-long', vi: 'Nội dung quá dài', en: 'The text is too long' };

/** Looks fields up and notes what is wrong with them. */
class FieldReader {
  readonly mistakes: EdxmlMistake[] = [];

  constructor(private readonly fields: EdxmlFields) {}

  /** The text of a field; '' where it is not there. */
  text(path: string): string {
    return this.fields.texts.get(path)?.text ?? '';
  }

  required<T>(path: string, parse: (text: string) => T | undefined, wrong: Words): T | undefined {
    if (this.text(path) === '') return this.missing(path);
    return this.optional(path, parse, wrong);
  }

  optional<T>(path: string, parse: (text: string) => T | undefined, wrong: Words): T | undefined {
    const text = this.text(path);
    if (text === '') return undefined;
    const value = parse(text);
    if (value === undefined) this.#note(path, wrong);
    return value;
  }

  missing(path: string): undefined {
    this.#note(path, MISSING);
  }

  organ(path: string): OrganCode {
    return this.required(path, parseOrganCode, BAD_ORGAN) ?? NO_ORGAN;
  }

  /** A GUID, or organisation, date and code joined by commas; a date in it has to be one. */
  documentId(path: string): string {
    const id = this.required(path, documentIdOf, BAD_DOCUMENT_ID) ?? '';
    const [, date] = id.split(',');
    if (date !== undefined && /^\s*\d{4}\/\d{1,2}\/\d{1,2}\s*$/.test(date) && day(date) === undefined) this.#note(path, IMPOSSIBLE_DATE);
    return id;
  }

  /** Paths of all elements of a name in one place. */
  items(path: string): string[] {
    const found: string[] = [];
    for (let next = path; this.fields.begins.has(next); next = `${path}[${found.length}]`) found.push(next);
    return found;
  }

  /** Notes where there are too few or too many elements of a name. */
  countOf(path: string, least: number, most: number): void {
    const { length } = this.items(path);
    if (length < least) this.missing(path);
    if (length > most) this.#note(path, TOO_MANY);
  }

  /** Notes where two fields say the same that may not. */
  differs(path: string, other: string, wrong: Words): void {
    if (this.text(path) !== '' && this.text(path).normalize('NFC') === this.text(other).normalize('NFC')) this.#note(path, wrong);
  }

  /** By the sender's own line of the trace; those of others say when they passed it on. A time that is none is passed over, since nothing rests on it. */
  sentAt(from: OrganCode): string | undefined {
    const own = this.items(`${TRACE}/TraceHeader`).find((path) => {
      const organ = parseOrganCode(this.text(`${path}/OrganId`));
      return organ !== undefined && organ.canonical === from.canonical;
    });
    return own === undefined ? undefined : localTime(this.text(`${own}/Timestamp`));
  }

  /** Documents that this one speaks of; one without anything in it is none. */
  references(): DocumentReference[] {
    return this.items(`${HEADER}/ResponseFor`)
      .filter((path) => ['OrganId', 'Code', 'DocumentId'].some((name) => this.text(`${path}/${name}`) !== ''))
      .map((path) => {
        const promulgatedOn = this.optional(`${path}/PromulgationDate`, day, IMPOSSIBLE_DATE);
        return {
          organ: this.organ(`${path}/OrganId`),
          code: this.required(`${path}/Code`, plain(150), BAD_TEXT) ?? '',
          documentId: this.documentId(`${path}/DocumentId`),
          ...(promulgatedOn === undefined ? {} : { promulgatedOn }),
        };
      });
  }

  attachments(): EdxmlDocument['attachments'] {
    return this.items('AttachmentEncoded/Attachment').map((path) => {
      const contentId = this.text(`${path}/ContentId`).slice(0, LONGEST_NAME);
      const file = this.fields.files.get(path);
      if (!file) this.missing(`${path}/ContentTransferEncoded`);
      return {
        name: (this.required(`${path}/AttachmentName`, (text) => text, BAD_TEXT) ?? '').slice(0, LONGEST_NAME),
        mediaType: this.text(`${path}/ContentType`).slice(0, LONGEST_NAME),
        bytes: file?.bytes ?? 0,
        sha256: file?.sha256 ?? '',
        ...(contentId === '' ? {} : { contentId }),
      };
    });
  }

  /** Where a field is not there, its nearest element that is tells the line. */
  #note(field: string, { code, vi, en }: Words): void {
    let path = field;
    let place = this.fields.begins.get(path);
    while (!place && path !== '') {
      path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      place = this.fields.begins.get(path);
    }
    this.mistakes.push({ code, field, line: place?.line ?? 1, column: place?.column ?? 1, vi, en });
  }
}

/** `YYYY-MM-DD` of `yyyy/MM/dd`, where there is such a day. */
function day(text: string): string | undefined {
  const [, year, month, date] = /^\s*(\d{4})\/(\d{1,2})\/(\d{1,2})\s*$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00.000Z`);
  // A date that rolls over into the next month is none.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}

/** In one normal form: the same letters may be written in two ways, and would be two documents. */
function documentIdOf(text: string): string | undefined {
  const id = text.normalize('NFC');
  return DOCUMENT_ID.test(id) ? id : undefined;
}

function localTime(text: string): string | undefined {
  const [, date, time] = /^(\S+)\s+((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(text) ?? [];
  const on = date === undefined ? undefined : day(date);
  return on === undefined ? undefined : `${on}T${time}`;
}

function statusCode(text: string): StatusCode | undefined {
  return STATUS_CODES.find((code) => code === text);
}

function oneOf<T extends string>(list: readonly T[], first: number): (text: string) => T | undefined {
  return (text) => (/^\d$/.test(text) ? list[Number(text) - first] : undefined);
}

function count(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function plain(longest: number): (text: string) => string | undefined {
  return (text) => (text.length <= longest ? text : undefined);
}
