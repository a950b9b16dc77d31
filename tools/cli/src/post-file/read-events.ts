import { DOOR_OF, isEventType } from '@par/contracts';
import { REFUSALS, type RefusalCode } from '@par/ingress/refusal';
import type { Bilingual } from '@par/service-kit';
import type { PostItem } from '../post-events/posting.ts';
import { readLines, type ReadLine } from './read-lines.ts';

/** As much as a front door takes in one message. */
const LONGEST_LINE = 4 * 1024 * 1024;

const FAULTS: Record<'line.too-long' | 'line.not-utf8' | 'line.not-json', Bilingual> = {
  'line.too-long': { en: 'the line is longer than 4 MB', vi: 'dòng dài hơn 4 MB' },
  'line.not-utf8': { en: 'the line is not UTF-8', vi: 'dòng không phải UTF-8' },
  'line.not-json': { en: 'the line is not JSON', vi: 'dòng không phải JSON' },
};

/**
 * Reads CloudEvents, one a line. An event goes to its door as it is written; here only its type is looked at, since the type says which door. Empty lines
 * are nothing.
 */
export async function* readEvents(stream: AsyncIterable<Buffer>): AsyncGenerator<PostItem> {
  for await (const line of readLines(stream, LONGEST_LINE)) yield itemOf(line);
}

function itemOf(read: ReadLine): PostItem {
  const { line } = read;
  if ('fault' in read) return { line, events: [], faults: [{ code: read.fault, text: FAULTS[read.fault] }] };
  const json = read.text.trim();
  if (json === '') return { line, events: [], faults: [] };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { line, events: [], faults: [{ code: 'line.not-json', text: FAULTS['line.not-json'] }] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused(line, 'event.not-an-object');
  const { type, source, id, subject } = value as Record<string, unknown>;
  if (typeof type !== 'string') return refused(line, 'event.missing-attribute', 'type', id);
  if (!isEventType(type)) return refused(line, 'event.unknown-type', 'type', id);
  if (!DOOR_OF[type]) return refused(line, 'event.not-taken', 'type', id);
  return { line, events: [{ type, source: textOf(source), id: textOf(id), subject: textOf(subject), json: () => json }], faults: [] };
}

/** What no door would take, in the doors' own words. */
function refused(line: number, code: RefusalCode & keyof typeof REFUSALS, field?: string, id?: unknown): PostItem {
  const text = REFUSALS[code];
  return { line, events: [], faults: [{ code, text, ...(field && { field }), ...(typeof id === 'string' && { id }) }] };
}

/** An identifier of another kind than text is the door's to refuse. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
