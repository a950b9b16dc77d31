import {
  BUSINESS_TYPES,
  type BusinessType,
  type DocumentCode,
  type Priority,
  PRIORITIES,
  type StatusCode,
  type SteeringType,
  STEERING_TYPES,
} from './edxml-message.ts';

const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

/** An organisation as its messages name it: identifier in either form, and name. */
export interface NamedOrgan {
  code: string;
  name: string;
  /** The body above it. */
  inCharge?: string;
}

/** A document that is answered, or that a status is about. */
export interface WrittenReference {
  organ: string;
  code: string;
  documentId: string;
  /** `YYYY-MM-DD`. */
  promulgatedOn?: string;
}

/** A file to go with a message, read while the message is written. */
export interface OutgoingFile {
  contentId: string;
  name: string;
  mediaType: string;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface OutgoingDocument {
  from: NamedOrgan;
  to: readonly NamedOrgan[];
  documentId: string;
  code: DocumentCode;
  place: string;
  /** `YYYY-MM-DD`. */
  promulgatedOn: string;
  type: { code?: string; name: string };
  subject: string;
  dueOn?: string;
  priority?: Priority;
  pages?: number;
  answers?: readonly WrittenReference[];
  steering?: SteeringType;
  business?: {
    type: BusinessType;
    documentId?: string;
    reason?: string;
    receivers?: readonly { organ: string; change: 'removed' | 'added' }[];
  };
  /** When it is sent, `YYYY-MM-DDTHH:mm:ss` on the sender's clocks. */
  sentAt: string;
  files?: readonly OutgoingFile[];
}

export interface OutgoingStatus {
  from: NamedOrgan;
  of: WrittenReference;
  status: StatusCode;
  /** `YYYY-MM-DDTHH:mm:ss` on the sender's clocks. */
  statedAt: string;
}

/** What each status says, as software in use words it; no person and no department in it. */
const STATUS_WORDS: Readonly<Record<StatusCode, string>> = {
  '01': 'Đã đến',
  '02': 'Từ chối tiếp nhận',
  '03': 'Đã tiếp nhận',
  '04': 'Phân công',
  '05': 'Đang xử lý',
  '06': 'Hoàn thành',
  '13': 'Lấy lại',
  '15': 'Đồng ý cập nhật hoặc lấy lại',
  '16': 'Từ chối cập nhật hoặc lấy lại',
};

/**
 * A document as an edXML message, in pieces; valid against `schema/edxml-qcvn-102.xsd`. Files are read and encoded as the message is written, so none has to be in memory.
 */
export async function* writeDocument(document: OutgoingDocument): AsyncGenerator<string> {
  const {
    from,
    to,
    documentId,
    code,
    place,
    promulgatedOn,
    type,
    subject,
    dueOn,
    priority = 'normal',
    pages,
    steering,
    files = [],
  } = document;
  const { answers = [], business = { type: 'new' }, sentAt } = document;
  yield head();
  yield element('MessageHeader', [
    organ('From', from),
    ...to.map((each) => organ('To', each)),
    text('DocumentId', documentId),
    element('Code', [text('CodeNumber', code.number), text('CodeNotation', code.notation)]),
    element('PromulgationInfo', [text('Place', place), text('PromulgationDate', slashed(promulgatedOn))]),
    element('DocumentType', [text('Type', type.code), text('TypeName', type.name)]),
    text('Subject', subject),
    text('DueDate', dueOn && slashed(dueOn)),
    element('OtherInfo', [text('Priority', String(PRIORITIES.indexOf(priority))), text('PageAmount', pages?.toString())]),
    ...answers.map((answer) => reference(answer)),
    text('SteeringType', steering && String(STEERING_TYPES.indexOf(steering) + 1)),
  ]);
  yield element('TraceHeaderList', [
    element('TraceHeader', [text('OrganId', from.code), text('Timestamp', slashedTime(sentAt))]),
    element('Bussiness', [
      text('DocumentId', business.documentId),
      text('BussinessDocType', String(BUSINESS_TYPES.indexOf(business.type))),
      text('BussinessDocReason', business.reason),
      receiverList(business.receivers ?? []),
    ]),
  ]);
  yield '</edXMLHeader>';
  if (files.length > 0) {
    const references = files.map(({ contentId, mediaType, name }) =>
      element('Reference', [text('ContentId', contentId), text('ContentType', mediaType), text('Description', name)]),
    );
    yield `<edXMLBody><edXMLManifest version="1.0">${references.join('')}</edXMLManifest></edXMLBody>`;
  }
  yield '</edXMLEnvelope>';
  if (files.length > 0) {
    yield '<AttachmentEncoded>';
    for (const file of files) yield* attachment(file);
    yield '</AttachmentEncoded>';
  }
  yield '</edXML>\n';
}

/** A status of a document as an edXML message; valid against the same schema. */
export function writeStatus({ from, of, status, statedAt }: OutgoingStatus): string {
  const header = element('MessageHeader', [
    organ('From', from),
    reference(of),
    text('StatusCode', status),
    text('Description', STATUS_WORDS[status]),
    text('Timestamp', slashedTime(statedAt)),
  ]);
  return `${head()}${header}</edXMLHeader></edXMLEnvelope></edXML>\n`;
}

function head(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${NAMESPACE}"><edXMLEnvelope><edXMLHeader>`;
}

async function* attachment({ contentId, name, mediaType, content }: OutgoingFile): AsyncGenerator<string> {
  yield `<Attachment>${text('ContentId', contentId)}${text('AttachmentName', name)}${text('Description', name)}${text('ContentType', mediaType)}`;
  yield '<ContentTransferEncoded>';
  let rest = Buffer.alloc(0);
  for await (const piece of content) {
    const bytes = Buffer.concat([rest, piece]);
    // Three bytes make four characters; what is left begins the next piece.
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.subarray(0, whole).toString('base64');
    rest = bytes.subarray(whole);
  }
  yield `${rest.toString('base64')}</ContentTransferEncoded></Attachment>`;
}

function organ(name: 'From' | 'To', { code, name: organName, inCharge }: NamedOrgan): string {
  return element(name, [text('OrganId', code), text('OrganizationInCharge', inCharge), text('OrganName', organName)]);
}

function reference({ organ: code, code: documentCode, documentId, promulgatedOn }: WrittenReference): string {
  return element('ResponseFor', [
    text('OrganId', code),
    text('Code', documentCode),
    text('DocumentId', documentId),
    text('PromulgationDate', promulgatedOn && slashed(promulgatedOn)),
  ]);
}

function receiverList(receivers: readonly { organ: string; change: 'removed' | 'added' }[]): string {
  if (receivers.length === 0) return '';
  const list = receivers.map(({ organ: code, change }) =>
    element('Receiver', [text('OrganId', code), text('ReceiverType', change === 'added' ? '1' : '0')]),
  );
  return element('BussinessDocumentInfo', [element('ReceiverList', list)]);
}

function element(name: string, children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** Nothing where there is nothing to say. */
function text(name: string, said: string | undefined): string {
  return said === undefined || said === '' ? '' : `<${name}>${escaped(said)}</${name}>`;
}

/** Characters that XML 1.0 cannot hold, not even escaped, are left out. */
function escaped(said: string): string {
  return said
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>\r]/g, (character: string) => `&#${character.charCodeAt(0)};`);
}

function slashed(day: string): string {
  return day.replaceAll('-', '/');
}

function slashedTime(at: string): string {
  return slashed(at).replace('T', ' ');
}
