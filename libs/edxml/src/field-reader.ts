import { type DocumentReference, type EdxmlDocument, type EdxmlMistake } from './edxml-message.ts';
import { type EdxmlFields } from './edxml-stream.ts';
import { day, documentIdOf, localTime, plain } from './field-values.ts';
import { BAD_DOCUMENT_ID, BAD_ORGAN, BAD_TEXT, type FieldWords, IMPOSSIBLE_DATE, MISSING, TOO_MANY } from './field-words.ts';
import { type OrganCode, parseOrganCode } from './organ-code.ts';

export const HEADER = 'MessageHeader';
export const TRACE = 'TraceHeaderList';
/** Characters kept of a name or a type. */
export const LONGEST_NAME = 255;
/** Stands where a mistake was noted instead. */
export const NO_ORGAN: OrganCode = { text: '', canonical: '' };

/** Looks fields up and notes what is wrong with them. */
export class FieldReader {
  readonly mistakes: EdxmlMistake[] = [];

  constructor(private readonly fields: EdxmlFields) {}

  /** The text of a field; '' where it is not there. */
  text(path: string): string {
    return this.fields.texts.get(path)?.text ?? '';
  }

  required<T>(path: string, parse: (text: string) => T | undefined, wrong: FieldWords): T | undefined {
    if (this.text(path) === '') return this.missing(path);
    return this.optional(path, parse, wrong);
  }

  optional<T>(path: string, parse: (text: string) => T | undefined, wrong: FieldWords): T | undefined {
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
  differs(path: string, other: string, wrong: FieldWords): void {
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
  #note(field: string, { code, vi, en }: FieldWords): void {
    let path = field;
    let place = this.fields.begins.get(path);
    while (!place && path !== '') {
      path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      place = this.fields.begins.get(path);
    }
    this.mistakes.push({ code, field, line: place?.line ?? 1, column: place?.column ?? 1, vi, en });
  }
}
