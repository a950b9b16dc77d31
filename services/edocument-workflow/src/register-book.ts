import { type Organisation, localDate } from '@par/administration';
import type { AnyEvent, EventIdentity } from '@par/contracts';
import { type Database, Problem, type Transaction } from '@par/service-kit';

/** Registers of incoming documents (sổ đến, Decree 30/2020 art. 22) and of outgoing ones (sổ đi, art. 15). */
export const DIRECTIONS = ['incoming', 'outgoing'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface RegisterKey {
  unit: string;
  direction: Direction;
  /** Kind of the register (loại sổ): `cong-van`. */
  kind: string;
  /** Local year of the event. */
  year: number;
}

export interface RegisterEntry extends RegisterKey {
  number: number;
  document: string;
  /** The event that the number was allotted to. */
  event: EventIdentity;
  allottedAt: Date;
}

type Wanted = RegisterKey & { document: string; event: EventIdentity };

/**
 * Allots the next number of its register to each event that asks for one, in the transaction that stores it: from 1, without gaps, since what is rolled back gives its number
 * back with it. A document has one number of a unit and direction for ever, under whatever identity and however often it is registered again. Registers are locked in the
 * order of their keys, after the events, so no two transactions wait for each other.
 */
export async function allotNumbers(tx: Transaction, events: readonly AnyEvent[], organisation: Organisation, now: Date): Promise<void> {
  const wanted = distinct(events.flatMap((event) => wantedBy(event, organisation) ?? []));
  if (wanted.length === 0) return;
  const [known, registers] = await lock(tx, wanted);
  const fresh: (Wanted & { number: number })[] = [];
  for (const each of wanted) {
    if (known.has(documentKey(each))) continue;
    const register = registers.get(registerKey(each))!;
    register.last += 1;
    fresh.push({ ...each, number: register.last });
  }
  if (fresh.length > 0) store(tx, fresh, now);
}

function wantedBy(event: AnyEvent, organisation: Organisation): Wanted | undefined {
  if (event.type !== 'vn.par.document.registered.v1' && event.type !== 'vn.par.document.numbered.v1') return undefined;
  const { register, number } = event.data;
  // A number that is told is of the unit's own register.
  if (register === undefined || number !== undefined) return undefined;
  const unit = organisation.unit(event.unit);
  if (!unit) throw new Error(`unit ${event.unit} was accepted and is not known`);
  return {
    unit: event.unit,
    direction: event.type === 'vn.par.document.registered.v1' ? 'incoming' : 'outgoing',
    kind: register,
    year: Number(localDate(new Date(event.time), unit.timeZone).slice(0, 4)),
    document: event.subject,
    event: { source: event.source, id: event.id },
  };
}

/** The first of each document, unit and direction, in the order in which they came. */
function distinct(wanted: readonly Wanted[]): Wanted[] {
  const first = new Map<string, Wanted>();
  for (const each of wanted) if (!first.has(documentKey(each))) first.set(documentKey(each), each);
  return [...first.values()];
}

/** The documents that have their number, and the registers of all, locked. */
async function lock(tx: Transaction, wanted: readonly Wanted[]): Promise<[Set<string>, Map<string, { last: number }>]> {
  const documents = [wanted.map(({ document }) => document), wanted.map(({ unit }) => unit), wanted.map(({ direction }) => direction)];
  const keys = [...new Map(wanted.map((each) => [registerKey(each), each])).values()];
  const registers = [
    keys.map(({ unit }) => unit),
    keys.map(({ direction }) => direction),
    keys.map(({ kind }) => kind),
    keys.map(({ year }) => year),
  ];
  // One document may be asked for in two registers at once, whose rows do not shut each other out.
  tx.send(
    `SELECT pg_advisory_xact_lock(k) FROM (
       SELECT DISTINCT hashtextextended(concat_ws(E'\\n', document, unit, direction), 0) AS k
         FROM unnest($1::text[], $2::text[], $3::text[]) AS w(document, unit, direction) ORDER BY 1
     ) AS locks`,
    documents,
  );
  tx.send(
    `INSERT INTO register (unit, direction, kind, year)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS r(unit, direction, kind, year)
      ORDER BY unit COLLATE "C", direction COLLATE "C", kind COLLATE "C", year
     ON CONFLICT (unit, direction, kind, year) DO NOTHING`,
    registers,
  );
  const [known, locked] = await Promise.all([
    tx.query<Pick<Wanted, 'document' | 'unit' | 'direction'>>(
      `SELECT document, unit, direction FROM register_entry
        WHERE (document, unit, direction) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
      documents,
    ),
    tx.query<RegisterKey & { last: number }>(
      `SELECT unit, direction, kind, year, last_number AS last FROM register
        WHERE (unit, direction, kind, year) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]))
        ORDER BY unit, direction, kind, year FOR UPDATE`,
      registers,
    ),
  ]);
  return [new Set(known.map(documentKey)), new Map(locked.map((row) => [registerKey(row), row]))];
}

function store(tx: Transaction, fresh: readonly (Wanted & { number: number })[], now: Date): void {
  const columns = [
    fresh.map(({ unit }) => unit),
    fresh.map(({ direction }) => direction),
    fresh.map(({ kind }) => kind),
    fresh.map(({ year }) => year),
    fresh.map(({ number }) => number),
  ];
  tx.send(
    `UPDATE register AS r SET last_number = n.last FROM (
       SELECT unit, direction, kind, year, max(number) AS last
         FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[]) AS e(unit, direction, kind, year, number)
        GROUP BY unit, direction, kind, year
     ) AS n WHERE (r.unit, r.direction, r.kind, r.year) = (n.unit, n.direction, n.kind, n.year)`,
    columns,
  );
  tx.send(
    `INSERT INTO register_entry (unit, direction, kind, year, number, document, source, event_id, allotted_at)
     SELECT unit, direction, kind, year, number, document, source, event_id, $9
       FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[])
         AS e(unit, direction, kind, year, number, document, source, event_id)`,
    [...columns, fresh.map(({ document }) => document), fresh.map(({ event }) => event.source), fresh.map(({ event }) => event.id), now],
  );
}

function documentKey({ document, unit, direction }: Pick<Wanted, 'document' | 'unit' | 'direction'>): string {
  return `${document}\0${unit}\0${direction}`;
}

function registerKey({ unit, direction, kind, year }: RegisterKey): string {
  return `${unit}\0${direction}\0${kind}\0${year}`;
}

type EntryRow = Omit<RegisterEntry, 'event'> & { source: string; event_id: string };
const COLUMNS = 'unit, direction, kind, year, number, document, source, event_id, allotted_at AS "allottedAt"';

/** Every number that units have given a document, by unit and direction. */
export async function numbersOf(database: Database, document: string): Promise<RegisterEntry[]> {
  const rows = await database.query<EntryRow>(`SELECT ${COLUMNS} FROM register_entry WHERE document = $1 ORDER BY unit, direction`, [
    document,
  ]);
  return rows.map(entryOf);
}

/** Entries of a register above a number, in order. */
export async function entriesAfter(database: Database, key: RegisterKey, after: number, limit: number): Promise<RegisterEntry[]> {
  const { unit, direction, kind, year } = key;
  const rows = await database.query<EntryRow>(
    `SELECT ${COLUMNS} FROM register_entry
      WHERE unit = $1 AND direction = $2 AND kind = $3 AND year = $4 AND number > $5 ORDER BY number LIMIT $6`,
    [unit, direction, kind, year, after, limit],
  );
  return rows.map(entryOf);
}

function entryOf({ source, event_id: id, ...entry }: EntryRow): RegisterEntry {
  return { ...entry, event: { source, id } };
}

/** @throws problem 404 for a direction that there is not */
export function directionOf(text: string): Direction {
  const direction = DIRECTIONS.find((known) => known === text);
  if (direction) return direction;
  throw new Problem({
    status: 404,
    code: 'register.unknown-direction',
    field: 'direction',
    title: { en: 'Registers are of incoming or outgoing documents.', vi: 'Chỉ có sổ đến (incoming) và sổ đi (outgoing).' },
  });
}
