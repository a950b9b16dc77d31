import sax from 'sax';
import { Base64File } from './base64-file.ts';
import { type AttachmentFacts, type EdxmlMistake } from './edxml-message.ts';
import {
  BAD_BASE64,
  DOCTYPE,
  EMPTY,
  ENCODING,
  MARKED,
  NOT_EDXML,
  NOT_WELL_FORMED,
  tooDeep,
  tooLarge,
  tooLong,
  tooMany,
  type Words,
} from './stream-words.ts';

/** The text of an element that is read, with where it stands. */
export interface FieldText {
  text: string;
  line: number;
  column: number;
}

/** What a message says, by element: `MessageHeader/To[1]/OrganId` is the identifier of the second receiver. */
export interface EdxmlFields {
  dialect: 'qcvn-102' | 'go-vn';
  /** Texts of elements without children, by path. */
  texts: ReadonlyMap<string, FieldText>;
  /** Where every element of the message begins, by path. */
  begins: ReadonlyMap<string, { line: number; column: number }>;
  /** Content of each attachment, by the path of its element. */
  files: ReadonlyMap<string, Pick<AttachmentFacts, 'bytes' | 'sha256'>>;
  signed: boolean;
}

export interface EdxmlLimits {
  /** Largest message in bytes. */
  bytes: number;
  /** Longest text of one element, files aside, in characters. */
  text: number;
  elements: number;
  depth: number;
}

/** 50 MB are what the local rules of the field allow for a file (domain 6.2). */
export const EDXML_LIMITS: Readonly<EdxmlLimits> = { bytes: 50_000_000, text: 10_000, elements: 20_000, depth: 32 };

/** Whether a field of this name with this text carries a secrecy mark. */
export type MarkCheck = (name: string, text: string) => boolean;

export class EdxmlRefused extends Error {
  constructor(readonly mistake: EdxmlMistake) {
    super(mistake.en);
  }
}

const NAMESPACES: ReadonlyMap<string, EdxmlFields['dialect']> = new Map([
  ['http://www.mic.gov.vn/TBT/QCVN_102_2016', 'qcvn-102'],
  ['http://www.go.vn/eDoc', 'go-vn'],
]);
/** Elements that only hold the message together; paths leave them out, and the two dialects write them differently. */
const WRAPPER = /^edxml(?:envelope|header|body)?$/i;
const FILE = 'ContentTransferEncoded';
const UTF_8 = /^utf-?8$/i;

/** `strictEntities`: the five of XML, not those of HTML; the types do not know it. */
const OPTIONS = { xmlns: true, position: true, strictEntities: true } as sax.SAXOptions;

/** An element that is open. */
interface OpenElement {
  path: string;
  /** Elements of each name seen in it so far. */
  children: Map<string, number>;
  hasChildren: boolean;
  text: string;
  line: number;
  column: number;
  file?: Base64File;
}

/**
 * Reads a message as it comes in, in pieces: keeps the texts of its elements, and of files nothing but their size and hash. No DTD, no entities but the five of XML,
 * no encoding but UTF-8. Every text and name is held against the secrecy marks before anything else is done with it.
 */
export class EdxmlStream {
  readonly #parser = sax.parser(true, OPTIONS);
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #open: OpenElement[] = [];
  readonly #texts = new Map<string, FieldText>();
  readonly #begins = new Map<string, { line: number; column: number }>();
  readonly #files = new Map<string, Pick<AttachmentFacts, 'bytes' | 'sha256'>>();
  #dialect: EdxmlFields['dialect'] | undefined;
  #signed = false;
  /** Depth inside an element that is not looked into: a signature, or another vocabulary's. */
  #foreign = 0;
  #bytes = 0;
  #elements = 0;
  #failure: EdxmlRefused | undefined;

  constructor(
    private readonly isMarked: MarkCheck,
    private readonly limits: EdxmlLimits = EDXML_LIMITS,
  ) {
    const parser = this.#parser;
    parser.onerror = (error) => this.#fail('edxml.not-well-formed', '', NOT_WELL_FORMED(error.message.split('\n')[0] ?? ''));
    parser.ondoctype = () => this.#fail('edxml.doctype', '', DOCTYPE);
    parser.onprocessinginstruction = ({ name, body }) => this.#processingInstruction(name, body);
    parser.onopentag = (tag) => this.#opened(tag as sax.QualifiedTag);
    parser.onclosetag = () => this.#closed();
    parser.ontext = (text) => this.#text(text);
    parser.oncdata = (text) => this.#text(text);
    parser.oncomment = (text) => {
      if (this.isMarked('', text)) this.#fail('message.secrecy-mark', '', MARKED);
    };
  }

  /** @throws EdxmlRefused at the first thing that cannot be in a message */
  write(piece: Uint8Array): void {
    this.#bytes += piece.byteLength;
    if (this.#bytes > this.limits.bytes) this.#fail('edxml.too-large', '', tooLarge(this.limits.bytes));
    this.#parse(() => this.#decoder.decode(piece, { stream: true }));
  }

  /** @throws EdxmlRefused where the message is not whole */
  end(): EdxmlFields {
    this.#parse(() => this.#decoder.decode());
    if (this.#elements === 0) this.#fail('edxml.empty', '', EMPTY);
    this.#parser.close();
    this.#raise();
    return {
      dialect: this.#dialect!,
      texts: this.#texts,
      begins: this.#begins,
      files: this.#files,
      signed: this.#signed,
    };
  }

  #parse(decode: () => string): void {
    let text: string;
    try {
      text = decode();
    } catch {
      throw this.#refusal('edxml.encoding', '', ENCODING);
    }
    if (text !== '') this.#parser.write(text);
    this.#raise();
  }

  #raise(): void {
    if (this.#failure) throw this.#failure;
  }

  /** The parser goes on to the end of its piece, so the first failure is kept and told when it is back. */
  #fail(code: string, field: string, words: Words, place?: { line: number; column: number }): void {
    this.#failure ??= this.#refusal(code, field, words, place);
    // What comes after the first mistake is not read.
    this.#parser.error = null as unknown as Error;
  }

  #refusal(code: string, field: string, words: Words, place = this.#place): EdxmlRefused {
    return new EdxmlRefused({ code, field, line: place.line, column: place.column, ...words });
  }

  /** Where the parser is. */
  get #place(): { line: number; column: number } {
    return { line: this.#parser.line + 1, column: this.#parser.column + 1 };
  }

  #processingInstruction(name: string, body: string): void {
    const encoding = name.toLowerCase() === 'xml' ? /encoding\s*=\s*["']([^"']*)["']/.exec(body)?.[1] : undefined;
    if (encoding !== undefined && !UTF_8.test(encoding)) this.#fail('edxml.encoding', '', ENCODING);
  }

  #opened({ local, uri, attributes }: sax.QualifiedTag): void {
    if (this.#failure) return;
    this.#elements += 1;
    if (this.#elements > this.limits.elements) return this.#fail('edxml.too-many-elements', '', tooMany(this.limits.elements));
    for (const attribute of Object.values(attributes))
      if (this.isMarked(attribute.local, attribute.value)) return this.#fail('message.secrecy-mark', '', MARKED);
    if (this.#foreign > 0 || this.#isForeign(local, uri)) {
      this.#foreign += 1;
      return undefined;
    }
    if (this.#open.length >= this.limits.depth) return this.#fail('edxml.too-deep', '', tooDeep(this.limits.depth));
    const parent = this.#open.at(-1);
    const path = this.#pathOf(local, parent);
    if (parent) parent.hasChildren = true;
    const place = this.#place;
    this.#begins.set(path, place);
    this.#open.push({
      path,
      children: new Map(),
      hasChildren: false,
      text: '',
      ...place,
      ...(local === FILE ? { file: new Base64File() } : {}),
    });
  }

  /** The root decides the dialect. A signature and what is of another vocabulary is passed over, but for its secrecy marks. */
  #isForeign(local: string, uri: string): boolean {
    if (this.#open.length === 0) {
      this.#dialect = NAMESPACES.get(uri);
      if (this.#dialect === undefined || !WRAPPER.test(local)) this.#fail('edxml.not-edxml', '', NOT_EDXML);
      return false;
    }
    if (local === 'Signature') this.#signed = true;
    return local === 'Signature' || NAMESPACES.get(uri) !== this.#dialect;
  }

  #pathOf(local: string, parent: OpenElement | undefined): string {
    if (!parent || WRAPPER.test(local)) return parent?.path ?? '';
    const before = parent.children.get(local) ?? 0;
    parent.children.set(local, before + 1);
    return `${parent.path === '' ? '' : `${parent.path}/`}${local}${before === 0 ? '' : `[${before}]`}`;
  }

  #text(text: string): void {
    if (this.#failure) return;
    const element = this.#open.at(-1);
    if (this.#foreign > 0 || !element) {
      if (this.isMarked('', text)) this.#fail('message.secrecy-mark', '', MARKED);
      return;
    }
    if (element.file) {
      if (!element.file.write(text)) this.#fail('edxml.bad-base64', element.path, BAD_BASE64, element);
      return;
    }
    element.text += text;
    if (element.text.length > this.limits.text) this.#fail('edxml.text-too-long', element.path, tooLong(this.limits.text), element);
  }

  #closed(): void {
    if (this.#failure) return;
    if (this.#foreign > 0) {
      this.#foreign -= 1;
      return;
    }
    const { path, text, hasChildren, file, line, column } = this.#open.pop()!;
    if (file) {
      const facts = file.end();
      if (facts) this.#files.set(path.slice(0, -FILE.length - 1), facts);
      else this.#fail('edxml.bad-base64', path, BAD_BASE64, { line, column });
      return;
    }
    const said = text.trim();
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '');
    if (this.isMarked(name, said)) return this.#fail('message.secrecy-mark', '', MARKED);
    if (!hasChildren) this.#texts.set(path, { text: said, line, column });
  }
}
