import { type DossierEventType, localDate, type Organisation } from '@par/administration';
import { type Transaction } from '@par/service-kit';
import { dossierHash, eventHash, type ManifestEvent, type ManifestItem, placeOf, TYPES_WITH_DATA } from './manifest-items.ts';
import { type ManifestUnits } from './manifest-units.ts';
import { type ReadManifest } from './read-manifest.ts';

/** Rows read at a time: what is in memory, and how long the process is busy between two of them. */
const ROWS = 500;
const DAY_MS = 86_400_000;

/** Written by the database: a `Date` for each of many rows would cost more than the fold. */
const TIME = `to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS time`;

interface Row {
  subject: string;
  id: string;
  type: string;
  unit: string;
  /** UTC with milliseconds, as events carry it. */
  time: string;
  body: string | null;
}

/** All that we have of what a manifest is about, read from the store of accepted events row by row and never held as a whole. */
export class OurItems {
  constructor(
    private readonly tx: Transaction,
    private readonly manifest: ReadManifest,
    private readonly units: ManifestUnits,
    private readonly organisation: Organisation,
  ) {}

  /** Looks at every dossier of the source in its state and at every event of the days asked for, whichever the manifest has lines of. */
  async each(take: (item: ManifestItem) => void): Promise<void> {
    const { lines } = this.manifest;
    if (lines.some((line) => 'state' in line)) await this.#dossiers(take);
    const days = new Set(lines.flatMap((line) => ('day' in line ? [line.day] : [])));
    if (days.size > 0) await this.#events(days, take);
  }

  /** By dossier, so that one at a time is folded: sorted by the database, on disk where they are many. */
  async #dossiers(take: (item: ManifestItem) => void): Promise<void> {
    const { source, asOf } = this.manifest;
    let subject: string | undefined;
    let events: ManifestEvent[] = [];
    const close = (): void => {
      const place = events.length > 0 ? placeOf(events) : undefined;
      const unit = place && this.units.nameOf(place.unit);
      if (place && unit !== undefined && subject !== undefined)
        take({ key: { unit, state: place.state }, name: subject, hash: dossierHash(subject, place.state) });
      events = [];
    };
    const select = `SELECT subject, id, type, unit, ${TIME}, CASE WHEN type = ANY($3) THEN body END AS body
                    FROM ingress.accepted_event WHERE source = $1 AND time <= $2 AND starts_with(type, 'vn.par.dossier.')
                    ORDER BY subject COLLATE "C"`;
    await this.#read(select, [source, asOf, TYPES_WITH_DATA], (row) => {
      if (row.subject !== subject) close();
      subject = row.subject;
      const data = row.body === null ? {} : (JSON.parse(row.body) as { data: object }).data;
      events.push({ source, id: row.id, type: row.type as DossierEventType, time: row.time, unit: row.unit, received: '', data });
    });
    close();
  }

  /** The day of an event is the local date of its `time` at its unit. What happened on a day was received after it began, which an index knows. */
  async #events(days: ReadonlySet<string>, take: (item: ManifestItem) => void): Promise<void> {
    const { source, asOf } = this.manifest;
    const ordered = [...days].sort();
    // Zones reach from 12 hours behind UTC to 14 before it.
    const from = new Date(Date.parse(ordered[0]!) - DAY_MS);
    const to = new Date(Date.parse(ordered.at(-1)!) + 2 * DAY_MS);
    const select = `SELECT id, type, unit, ${TIME}, subject, NULL AS body FROM ingress.accepted_event
                    WHERE source = $1 AND time <= $2 AND time >= $3 AND time < $4 AND received_day >= $3::timestamptz::date - 1`;
    await this.#read(select, [source, asOf, from, to], (row) => {
      const zone = this.organisation.unit(row.unit)?.timeZone;
      const day = zone === undefined ? undefined : localDate(new Date(row.time), zone);
      const unit = day !== undefined && days.has(day) ? this.units.nameOf(row.unit) : undefined;
      if (unit === undefined || day === undefined) return;
      take({ key: { unit, type: row.type, day }, name: row.id, hash: eventHash({ source, id: row.id }) });
    });
  }

  async #read(select: string, values: unknown[], take: (row: Row) => void): Promise<void> {
    const { client } = this.tx;
    await client.query(`DECLARE manifest_rows NO SCROLL CURSOR FOR ${select}`, values);
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${ROWS} FROM manifest_rows`);
      for (const row of rows) take(row);
      if (rows.length < ROWS) break;
    }
    await client.query('CLOSE manifest_rows');
  }
}
