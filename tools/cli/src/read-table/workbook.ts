import { type Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { codeOf } from '../mistake.ts';
import { numberFormat, type NumberFormat } from './shown-number.ts';
import { TextStore } from './text-store.ts';
import { ZipArchive, ZipError } from './zip-archive.ts';

/** What the texts of a workbook may take in memory before it is refused. */
const MOST_TEXT_BYTES = 128 * 1024 * 1024;

export interface Sheet {
  name: string;
  /** Part of the archive. */
  part: string;
  hidden: boolean;
}

/** A workbook (ECMA-376) without its sheets: what is needed to read one of them as a stream. */
export interface Workbook {
  archive: ZipArchive;
  sheets: Sheet[];
  /** Days are counted from 01/01/1904. */
  from1904: boolean;
  /** Number format of each cell style. */
  formats: NumberFormat[];
  texts: TextStore;
}

/** Hears of the elements of a part, by their names without prefix, and of the text between them. */
export interface PartListener {
  open?(name: string, tag: SaxesTagPlain): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Opens a workbook and reads all but its sheets. @throws ZipError; TooManyTexts where its distinct texts are over 128 MB */
export async function openWorkbook(file: string): Promise<Workbook> {
  const archive = await ZipArchive.open(file);
  const main = (await relationsOf(archive, '')).find(({ type }) => type.endsWith('/officeDocument'))?.part ?? 'xl/workbook.xml';
  if (!archive.has(main)) throw new ZipError('not-zip', 'it is a ZIP archive, but no workbook');
  const relations = await relationsOf(archive, main);
  const partOf = (kind: string): string | undefined => relations.find(({ type }) => type.endsWith(`/${kind}`))?.part;
  const workbook: Workbook = { archive, sheets: [], from1904: false, formats: [], texts: new TextStore(MOST_TEXT_BYTES) };
  await readPart(archive, main, {
    open: (name, { attributes }) => {
      if (name === 'workbookPr') workbook.from1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const relation = relations.find((one) => one.id === id);
      // A sheet of charts only is no table.
      if (relation?.type.endsWith('/worksheet'))
        workbook.sheets.push({ name: attributes.name ?? '', part: relation.part, hidden: (attributes.state ?? 'visible') !== 'visible' });
    },
  });
  const styles = partOf('styles');
  if (styles !== undefined && archive.has(styles)) workbook.formats = await readFormats(archive, styles);
  const texts = partOf('sharedStrings');
  if (texts !== undefined && archive.has(texts)) await readTexts(archive, texts, workbook.texts);
  return workbook;
}

/** Reads a part of a workbook as XML, without holding it. */
export async function readPart(archive: ZipArchive, part: string, listener: PartListener): Promise<void> {
  for await (const _piece of partPieces(archive, part, listener));
}

/** The same, stopping after each piece, so that what the listener collected can be handed on. Yields the packed bytes read so far. */
export async function* partPieces(archive: ZipArchive, part: string, listener: PartListener): AsyncGenerator<number> {
  const parser = new SaxesParser({ xmlns: false, position: true } as const);
  parser.on('error', (error) => {
    throw new ZipError('broken', `${part} is not well-formed XML: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new ZipError('broken', `${part} has a document type declaration, which no workbook has`);
  });
  if (listener.open) parser.on('opentag', (tag) => listener.open?.(localName(tag.name), tag));
  if (listener.close) parser.on('closetag', (tag) => listener.close?.(localName(tag.name)));
  if (listener.text) parser.on('text', (text) => listener.text?.(text));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  const stream: Readable = await archive.stream(part, (bytes) => (read = bytes));
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      parser.write(decoder.decode(chunk, { stream: true }));
      yield read;
    }
    parser.write(decoder.decode());
    parser.close();
    yield read;
  } catch (error) {
    throw codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? new ZipError('broken', `${part} is not UTF-8`) : error;
  } finally {
    stream.destroy();
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

interface Relation {
  id: string;
  type: string;
  part: string;
}

/** Where the parts are that a part speaks of; '' is the archive as a whole. */
async function relationsOf(archive: ZipArchive, part: string): Promise<Relation[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const file = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const relations: Relation[] = [];
  if (!archive.has(file)) return relations;
  await readPart(archive, file, {
    open: (name, { attributes: { Id: id = '', Type: type = '', Target: target = '' } }) => {
      if (name !== 'Relationship') return;
      // Relative to the folder of the part, or from the top of the archive.
      const { pathname } = new URL(target, `file:///${folder}`);
      relations.push({ id, type, part: decodeURIComponent(pathname.slice(1)) });
    },
  });
  return relations;
}

async function readFormats(archive: ZipArchive, part: string): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCells = false;
  await readPart(archive, part, {
    open: (name, { attributes }) => {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) ids.push(Number(attributes.numFmtId ?? 0));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return ids.map((id) => numberFormat(id, codes.get(id)));
}

async function readTexts(archive: ZipArchive, part: string, texts: TextStore): Promise<void> {
  const text = new RunText();
  await readPart(archive, part, {
    open: (name) => text.open(name),
    text: (piece) => text.add(piece),
    close: (name) => {
      text.close(name);
      if (name === 'si') texts.push(text.take());
    },
  });
}

/** The text of a string of a workbook: of all its runs, without the reading aids that stand between them. */
export class RunText {
  #text = '';
  #inText = false;
  #inAid = false;

  open(name: string): void {
    if (name === 'rPh') this.#inAid = true;
    this.#inText = name === 't' && !this.#inAid;
  }

  add(piece: string): void {
    if (this.#inText) this.#text += piece;
  }

  close(name: string): void {
    if (name === 'rPh') this.#inAid = false;
    this.#inText = false;
  }

  /** The text so far, letters that XML cannot hold put back (`_x000D_`). */
  take(): string {
    const text = this.#text;
    this.#text = '';
    if (!text.includes('_x')) return text;
    return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}
