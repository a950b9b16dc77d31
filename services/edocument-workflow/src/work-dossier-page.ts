import { createHash } from 'node:crypto';
import { WORK_DOSSIER_KINDS, type WorkDossierKind } from '@par/contracts';
import { readInstant } from '@par/ingress';
import { type Bilingual, Problem } from '@par/service-kit';

export const WORK_DOSSIER_STATES = ['open', 'closed'] as const;
export type ListedState = (typeof WORK_DOSSIER_STATES)[number];

export const LARGEST_PAGE = 200;
const USUAL_PAGE = 50;
const PARAMETERS = ['unit', 'state', 'kind', 'due-before', 'after', 'limit'] as const;
type Parameter = (typeof PARAMETERS)[number];

/** Names and values of the parameters that say what a list is about. */
type Filters = readonly [string, string][];

/** Where a row stands in the list: by when it is due, those without a term last, then by id. */
export interface PlaceInList {
  /** ISO instant. */
  dueAt: string | null;
  id: string;
}

/** A page of the list as it is asked for. */
export interface AskedPage {
  /** Id or official code of a unit; absent: every unit that the caller may see. */
  unit?: string;
  states: readonly ListedState[];
  /** Null: those of which nobody has told the kind, among all. */
  kinds: readonly (WorkDossierKind | null)[];
  /** Only what is due before this ISO instant. */
  dueBefore?: string;
  /** The last row of the page before. */
  after?: PlaceInList;
  limit: number;
}

/**
 * Reads the parameters of `GET /v1/work-dossiers`.
 * @throws Problem 400 that names the parameter; its value is told nowhere
 */
export function readAskedPage(query: Readonly<Record<string, unknown>>): AskedPage {
  for (const name of Object.keys(query)) if (!(PARAMETERS as readonly string[]).includes(name)) throw unknownParameter(name);
  const given = (name: Parameter): string | undefined => {
    const value = query[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw wrong(name, 'request.bad-parameter', { en: 'Give this parameter once, with a value', vi: 'Ghi tham số này một lần, có giá trị' });
  };
  const unit = given('unit');
  const dueBefore = instantOf(given('due-before'));
  const after = given('after');
  return {
    ...(unit === undefined ? {} : { unit }),
    states: oneOf('state', WORK_DOSSIER_STATES, given('state')),
    kinds: query.kind === undefined ? [...WORK_DOSSIER_KINDS, null] : oneOf('kind', WORK_DOSSIER_KINDS, given('kind')),
    ...(dueBefore === undefined ? {} : { dueBefore }),
    ...(after === undefined ? {} : { after: readCursor(after, filtersOf(query)) }),
    limit: limitOf(given('limit')),
  };
}

/** Address of the page that follows a row: the same question with the place of that row. */
export function nextPageOf(query: Readonly<Record<string, unknown>>, last: PlaceInList): string {
  const filters = filtersOf(query);
  const parameters = new URLSearchParams([...filters]);
  if (typeof query.limit === 'string') parameters.set('limit', query.limit);
  parameters.set('after', cursorOf(last, filters));
  return `/v1/work-dossiers?${parameters.toString()}`;
}

/**
 * A place as callers carry it. The mark tells a cursor that was changed, or that belongs to another question. It is no secret: rights are in the query itself, so a cursor
 * that somebody makes up begins elsewhere in that person's own list, and no more.
 */
function cursorOf({ dueAt, id }: PlaceInList, filters: Filters): string {
  return Buffer.from(JSON.stringify([dueAt, id, markOf(dueAt, id, filters)])).toString('base64url');
}

function readCursor(text: string, filters: Filters): PlaceInList {
  const parts = partsOf(text);
  if (parts === undefined) throw badCursor();
  const [dueAt, id] = parts;
  // Written again it is the same text, or it is none that we gave out.
  if (cursorOf({ dueAt, id }, filters) !== text) throw badCursor();
  return { dueAt, id };
}

function partsOf(text: string): [string | null, string] | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    // What the parser says of it quotes it.
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [dueAt, id] = parts as unknown[];
  if (typeof id !== 'string' || !/^[^\p{Cc}]{1,200}$/u.test(id)) return undefined;
  if (dueAt === null) return [null, id];
  return typeof dueAt === 'string' && readInstant(dueAt).ok ? [dueAt, id] : undefined;
}

function markOf(dueAt: string | null, id: string, filters: Filters): string {
  return createHash('sha256')
    .update(JSON.stringify([dueAt, id, filters]))
    .digest('base64url')
    .slice(0, 11);
}

/** What a list is about, in one order. The size of a page may change on the way. */
function filtersOf(query: Readonly<Record<string, unknown>>): [string, string][] {
  return (['unit', 'state', 'kind', 'due-before'] as const).flatMap((name): [string, string][] => {
    const value = query[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
}

function oneOf<T extends string>(name: Parameter, all: readonly T[], value: string | undefined): readonly T[] {
  if (value === undefined) return all;
  const found = all.find((each) => each === value);
  if (found !== undefined) return [found];
  throw wrong(name, 'request.bad-parameter', { en: `One of: ${all.join(', ')}`, vi: `Một trong: ${all.join(', ')}` });
}

function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const read = readInstant(text);
  if (read.ok) return read.iso;
  throw wrong('due-before', read.code, {
    en: 'An instant with its offset, such as 2021-07-01T08:00:00Z or 2021-07-01T08:00:00%2B07:00',
    vi: 'Thời điểm kèm múi giờ, ví dụ 2021-07-01T08:00:00Z hoặc 2021-07-01T08:00:00%2B07:00',
  });
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return USUAL_PAGE;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LARGEST_PAGE) return limit;
  throw wrong('limit', 'request.bad-parameter', {
    en: `A whole number from 1 to ${LARGEST_PAGE}`,
    vi: `Số nguyên từ 1 đến ${LARGEST_PAGE}`,
  });
}

function wrong(field: Parameter, code: string, title: Bilingual): Problem {
  return new Problem({ status: 400, code, field, title });
}

function unknownParameter(name: string): Problem {
  return new Problem({
    status: 400,
    code: 'request.unknown-parameter',
    // A name of the caller's making is told back only where it is plain.
    field: /^[A-Za-z_-]{1,40}$/.test(name) ? name : 'query',
    title: { en: `Parameters are: ${PARAMETERS.join(', ')}`, vi: `Các tham số: ${PARAMETERS.join(', ')}` },
  });
}

function badCursor(): Problem {
  return wrong('after', 'request.bad-cursor', {
    en: 'This is no cursor of this list. Follow "next", or begin without "after"',
    vi: 'Đây không phải vị trí của danh sách này. Hãy dùng "next", hoặc bắt đầu lại không có "after"',
  });
}
