import { hash } from 'node:crypto';
import { type DossierEvent, type DossierEventType, foldLifeCycle, standingEvents } from '@par/administration';
import { type EventIdentity, type EventKey, type ManifestKey, type StateKey } from '@par/contracts';

/** One thing that a manifest counts: a dossier in its state, or an event. `name` is its code or its id. */
export interface ManifestItem {
  key: ManifestKey;
  name: string;
  hash: bigint;
}

/** First 8 bytes of SHA-256 over a dossier's code, NUL and its state, as an unsigned number. */
export function dossierHash(code: string, state: string): bigint {
  return twoPartHash(code, state);
}

/** First 8 bytes of SHA-256 over an event's source, NUL and its id, as an unsigned number: the hash of the balance sheet. */
export function eventHash({ source, id }: EventIdentity): bigint {
  return twoPartHash(source, id);
}

/** 16 hex digits, as hashes are written in manifests. */
export function hashText(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}

function twoPartHash(first: string, second: string): bigint {
  return hash('sha256', `${first}\0${second}`, 'buffer').readBigUInt64BE(0);
}

export function isStateKey(key: ManifestKey): key is StateKey {
  return 'state' in key;
}

/** One text per line of a manifest. NUL stands in no part of it. */
export function keyText(key: ManifestKey): string {
  return isStateKey(key) ? `${key.unit}\0${key.state}` : `${key.unit}\0${key.type}\0${key.day}`;
}

/** A key alone, without what else its object carries. */
export function keyOfLine(line: ManifestKey): ManifestKey {
  return isStateKey(line) ? { unit: line.unit, state: line.state } : eventKey(line);
}

function eventKey({ unit, type, day }: EventKey): EventKey {
  return { unit, type, day };
}

/** What the fold of a state reads of an event; nothing of it depends on `received`. */
export type ManifestEvent = Pick<DossierEvent, 'source' | 'id' | 'time' | 'unit' | 'received'> & { type: DossierEventType; data: object };

/** The only types whose data the state depends on; of others the data may be left out. `extended` is here because its date is read by the same fold. */
export const TYPES_WITH_DATA: readonly DossierEventType[] = [
  'vn.par.dossier.state-reported.v1',
  'vn.par.dossier.corrected.v1',
  'vn.par.dossier.extended.v1',
];

/**
 * Where a dossier stands after some of its events: the national state by the life-cycle fold (docs/states.md), at the unit of the receipt that
 * holds or, where none is known, of the first event that holds. Undefined where nothing that holds says a state. A pure function of the set.
 */
export function placeOf(events: readonly ManifestEvent[]): StateKey | undefined {
  const told = events as readonly DossierEvent[];
  const { state, received } = foldLifeCycle(told);
  if (state === undefined) return undefined;
  const unit = received?.unit ?? standingEvents(told, 'vn.par.dossier.corrected.v1').standing[0]!.unit;
  return { unit, state: String(state) };
}
