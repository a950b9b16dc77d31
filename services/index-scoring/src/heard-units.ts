import { Injectable } from '@nestjs/common';
import { monthOf, type Organisation } from '@par/administration';
import { type Transaction } from '@par/service-kit';
import { byTimeThenIdentity, isType, type Kept, type KeptEvent } from './kept-event.ts';

/** From what kind of system a message came, for goal 3: one-stop software speaks of dossiers, eOffice of work dossiers and documents. */
type SystemKind = 'dossier' | 'work-dossier';

/**
 * Remembers when and how units were heard: last over each network, in which months from which kind of system, and their newest heartbeat. All are
 * maxima or sets: duplicates and order cannot matter.
 */
@Injectable()
export class HeardUnits {
  #times = 0;

  /** How many batches this process has counted: as long as it stands, nothing was heard. */
  get times(): number {
    return this.#times;
  }

  remember(tx: Transaction, events: readonly KeptEvent[], organisation: Organisation): void {
    tx.afterCommit(() => (this.#times += 1));
    // Only what came in from outside carries a network stamp: a judgement of our own is no sign of life.
    const heard = events.filter(({ network }) => network !== undefined);
    if (heard.length === 0) return;
    rememberNetworks(tx, heard);
    rememberTraffic(tx, heard, organisation);
    rememberHeartbeats(tx, heard);
  }
}

function rememberNetworks(tx: Transaction, events: readonly KeptEvent[]): void {
  const latest = new Map<string, { unit: string; network: string; at: string }>();
  for (const { unit, network, received } of events) {
    const key = `${unit} ${network}`;
    const earlier = latest.get(key);
    if (!earlier || earlier.at < received) latest.set(key, { unit, network: network!, at: received });
  }
  const rows = inKeyOrder(latest);
  tx.send(
    `INSERT INTO heard AS h (unit, network, last_at) SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
     ON CONFLICT (unit, network) DO UPDATE SET last_at = greatest(h.last_at, excluded.last_at)`,
    [rows.map((r) => r.unit), rows.map((r) => r.network), rows.map((r) => r.at)],
  );
}

function rememberTraffic(tx: Transaction, events: readonly KeptEvent[], organisation: Organisation): void {
  const latest = new Map<string, { unit: string; kind: SystemKind; month: string; at: string }>();
  for (const { type, unit, time, received } of events) {
    const kind = systemOf(type);
    const zone = organisation.unit(unit)?.timeZone;
    if (!kind || zone === undefined) continue;
    const month = monthOf(new Date(time), zone);
    const key = `${unit} ${kind} ${month}`;
    const earlier = latest.get(key);
    if (!earlier || earlier.at < received) latest.set(key, { unit, kind, month, at: received });
  }
  if (latest.size === 0) return;
  const rows = inKeyOrder(latest);
  tx.send(
    `INSERT INTO traffic AS t (unit, kind, month, last_received_at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
     ON CONFLICT (unit, kind, month) DO UPDATE SET last_received_at = greatest(t.last_received_at, excluded.last_received_at)`,
    [rows.map((r) => r.unit), rows.map((r) => r.kind), rows.map((r) => r.month), rows.map((r) => r.at)],
  );
}

function systemOf(type: KeptEvent['type']): SystemKind | undefined {
  if (type.startsWith('vn.par.dossier.')) return 'dossier';
  return type.startsWith('vn.par.work-dossier.') || type.startsWith('vn.par.document.') ? 'work-dossier' : undefined;
}

function rememberHeartbeats(tx: Transaction, events: readonly KeptEvent[]): void {
  const latest = new Map<string, Kept<'vn.par.network.heartbeat-sent.v1'>>();
  for (const event of events) {
    if (!isType(event, 'vn.par.network.heartbeat-sent.v1')) continue;
    const earlier = latest.get(event.unit);
    if (!earlier || byTimeThenIdentity(earlier, event) < 0) latest.set(event.unit, event);
  }
  if (latest.size === 0) return;
  const rows = inKeyOrder(latest);
  tx.send(
    `INSERT INTO heartbeat AS h (unit, at, source, id, link, software, clock_offset_ms)
     SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
     ON CONFLICT (unit) DO UPDATE SET at = excluded.at, source = excluded.source, id = excluded.id, link = excluded.link,
       software = excluded.software, clock_offset_ms = excluded.clock_offset_ms
       WHERE (excluded.at, excluded.source, excluded.id) > (h.at, h.source, h.id)`,
    [
      rows.map((r) => r.unit),
      rows.map((r) => r.time),
      rows.map((r) => r.source),
      rows.map((r) => r.id),
      rows.map((r) => r.data.link),
      rows.map((r) => r.data.software),
      rows.map((r) => r.data.clockOffsetMs ?? null),
    ],
  );
}

/** Rows are touched in key order by every process, so that none waits for another in a ring. */
function inKeyOrder<T>(rows: ReadonlyMap<string, T>): T[] {
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
