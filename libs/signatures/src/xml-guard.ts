import { setImmediate } from 'node:timers/promises';
import { SaxesParser } from 'saxes';
import { type NotReadable } from './reading.ts';

/** Elements, with their attributes, that a tree is built of at most; more would take the memory of the service. */
export const MOST_XML_NODES = 50_000;
const DEEPEST = 200;
/** Characters that are read before others get their turn: about 15 ms. */
const READ_AT_ONCE = 262_144;
const UTF_8 = /^utf-?8$/i;

/** Whether a field of this name with this text carries a secrecy mark. */
export type MarkCheck = (name: string, text: string) => boolean;

class Refused extends Error {
  constructor(readonly fault: NotReadable) {
    super(fault.code);
  }
}

/**
 * Looks a whole XML text over before a tree is built of it: well-formed with its namespaces, no DTD, no processing instructions (canonical forms of libraries disagree on them),
 * nothing endless, no secrecy mark. Undefined where it may be read.
 */
export async function xmlFault(text: string, isMarked: MarkCheck): Promise<NotReadable | undefined> {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: { name: string; text: string[] }[] = [];
  let nodes = 0;
  const refuse = (code: NotReadable['code']): never => {
    throw new Refused({ code, line: parser.line });
  };
  const check = (name: string, said: string): void => {
    if (isMarked(name, said)) refuse('file.secrecy-mark');
  };
  parser.on('error', () => refuse('file.not-xml'));
  parser.on('doctype', () => refuse('file.not-xml'));
  parser.on('processinginstruction', () => refuse('file.not-xml'));
  parser.on('xmldecl', ({ encoding, version }) => {
    if ((encoding !== undefined && !UTF_8.test(encoding)) || version !== '1.0') refuse('file.not-xml');
  });
  parser.on('comment', (comment) => check('', comment));
  parser.on('opentag', ({ local, attributes }) => {
    nodes += 1 + Object.keys(attributes).length;
    if (nodes > MOST_XML_NODES || open.length >= DEEPEST) refuse('file.too-many-elements');
    for (const { name, local: attribute, value } of Object.values(attributes)) {
      // The canonical form of the library drops whatever begins so, and what is dropped is not signed.
      if (/^xmlns[^:]/.test(name)) refuse('file.not-xml');
      check(attribute, value);
    }
    open.push({ name: local, text: [] });
  });
  const said = (piece: string): void => void open.at(-1)?.text.push(piece);
  parser.on('text', said);
  parser.on('cdata', said);
  parser.on('closetag', () => {
    const { name, text: pieces } = open.pop()!;
    check(name, pieces.join(''));
  });
  try {
    for (let at = 0; at < text.length; at += READ_AT_ONCE) {
      parser.write(text.slice(at, at + READ_AT_ONCE));
      if (text.length > READ_AT_ONCE) await setImmediate();
    }
    parser.close();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.fault;
    throw error;
  }
}
