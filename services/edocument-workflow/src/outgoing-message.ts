import { EDXML_LIMITS, type EdxmlDocument, type EdxmlMistake, type OutgoingDocument, readEdxml, writeDocument } from '@par/edxml';

/** A written message: its text in pieces, and what our own reader reads in it. */
export interface WrittenMessage {
  pieces: Buffer[];
  bytes: number;
  message: EdxmlDocument;
}

export type Writing = { ok: true; written: WrittenMessage } | { ok: false; mistakes: EdxmlMistake[] };

const PIECE = 1 << 20;

/** Writes a message and reads it back as any receiver would: what cannot be read is not sent. */
export async function writtenMessage(document: OutgoingDocument): Promise<Writing> {
  const pieces: Buffer[] = [];
  const reading = await readEdxml(kept(inPieces(writeDocument(document)), pieces), () => false);
  if (!reading.ok) return reading;
  if (reading.message.kind !== 'document') throw new Error('a written document was read as a status');
  return { ok: true, written: { pieces, bytes: pieces.reduce((sum, { length }) => sum + length, 0), message: reading.message } };
}

async function* kept(pieces: AsyncIterable<Buffer>, into: Buffer[]): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    into.push(piece);
    yield piece;
  }
}

/** Texts of any length as pieces of about one size. Beyond the largest message one piece is enough for the reader to refuse it. */
async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  let all = 0;
  for await (const text of texts) {
    waiting.push(Buffer.from(text));
    length += waiting.at(-1)!.length;
    all += waiting.at(-1)!.length;
    if (length < PIECE) continue;
    yield* cut(Buffer.concat(waiting, length));
    if (all > EDXML_LIMITS.bytes) return;
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(waiting, length);
}

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** Places in a message by the fields of the request that they were written from. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^MessageHeader\/From\/OrganId$/, 'from.organ'],
  [/^TraceHeaderList\/TraceHeader\/OrganId$/, 'from.organ'],
  [/^MessageHeader\/To(?:\[(\d+)\])?\/OrganId$/, 'to[#].organ'],
  [/^MessageHeader\/DocumentId$/, 'id'],
  [/^MessageHeader\/PromulgationInfo\/PromulgationDate$/, 'promulgatedOn'],
  [/^MessageHeader\/DueDate$/, 'dueOn'],
  [/^MessageHeader\/Subject$/, 'subject'],
  [/^MessageHeader\/Code\/CodeNumber$/, 'code.number'],
  [/^MessageHeader\/Code\/CodeNotation$/, 'code.notation'],
  [/^MessageHeader\/ResponseFor(?:\[(\d+)\])?\/OrganId$/, 'answers[#].organ'],
  [/^MessageHeader\/ResponseFor(?:\[(\d+)\])?\/Code$/, 'answers[#].code'],
  [/^MessageHeader\/ResponseFor(?:\[(\d+)\])?\/DocumentId$/, 'answers[#].documentId'],
  [/^MessageHeader\/ResponseFor(?:\[(\d+)\])?\/PromulgationDate$/, 'answers[#].promulgatedOn'],
  [/^TraceHeaderList\/Bussiness\/DocumentId$/, 'business.documentId'],
  [/^TraceHeaderList\/Bussiness\/BussinessDocumentInfo\/ReceiverList\/Receiver(?:\[(\d+)\])?\/OrganId$/, 'business.receivers[#].organ'],
  [/^AttachmentEncoded\/Attachment(?:\[(\d+)\])?\/AttachmentName$/, 'files[#].name'],
  [/^AttachmentEncoded\/Attachment(?:\[(\d+)\])?\/ContentTransferEncoded$/, 'files[#].content'],
];

/** Field of the request behind a path of the message; the path itself where there is none. */
export function requestFieldOf(path: string): string {
  for (const [pattern, field] of FIELDS) {
    const found = pattern.exec(path);
    if (found) return field.replace('#', found[1] ?? '0');
  }
  return path;
}
