import {
  type BusinessType,
  BUSINESS_TYPES,
  type EdxmlDocument,
  type EdxmlMessage,
  type EdxmlReading,
  type EdxmlStatus,
  PRIORITIES,
  STEERING_TYPES,
} from './edxml-message.ts';
import { type EdxmlFields, type EdxmlLimits, EdxmlRefused, EdxmlStream, type MarkCheck } from './edxml-stream.ts';
import { FieldReader, HEADER, LONGEST_NAME, NO_ORGAN, TRACE } from './field-reader.ts';
import { count, day, localTime, oneOf, plain, statusCode } from './field-values.ts';
import {
  BAD_CHOICE,
  BAD_NUMBER,
  BAD_STATUS,
  BAD_TEXT,
  BAD_TIME,
  IMPOSSIBLE_DATE,
  MOST_FILES,
  MOST_RECEIVERS,
  REPLACES_ITSELF,
} from './field-words.ts';

/** Characters kept of a subject; the rest of the field is for its readers. */
const LONGEST_SUBJECT = 1_000;
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
