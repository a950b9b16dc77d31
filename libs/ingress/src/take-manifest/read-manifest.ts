import { NATIONAL_STATES } from '@par/administration';
import {
  DOOR_OF,
  type Door,
  isEventType,
  isLocalDate,
  type Manifest,
  MANIFEST_LIMITS,
  type ManifestKey,
  type ManifestLine,
  type ManifestNames,
  type ManifestPart,
  type ManifestSum,
} from '@par/contracts';
import { FUTURE_TOLERANCE_MS, isIdentifier } from '../envelope.ts';
import { readInstant } from '../instant.ts';
import { ManifestFault } from './manifest-fault.ts';
import { dossierHash, eventHash, hashText, isStateKey, keyText } from './manifest-items.ts';

/** A manifest that was checked: `asOf` in UTC, `day` set, every event line with its day. */
export interface ReadManifest extends Manifest {
  day: string;
}

type Members = Record<string, unknown>;

const TOP = new Set(['source', 'asOf', 'day', 'units', 'lines']);
const STATE_LINE = new Set(['unit', 'state', 'count', 'hash', 'codes', 'parts']);
const EVENT_LINE = new Set(['unit', 'type', 'day', 'count', 'hash', 'ids', 'parts']);
const HASH = /^[0-9a-f]{16}$/;
const PREFIX = new RegExp(`^[0-9a-f]{1,${MANIFEST_LIMITS.prefix}}$`);
const MOST_COUNTED = 1_000_000_000;

/** Checks a posted manifest against its closed schema. @throws ManifestFault that names the first field at fault and repeats no value */
export function readManifest(posted: unknown, door: Door, now: Date): ReadManifest {
  return new ManifestReader(door).read(posted, now);
}

class ManifestReader {
  readonly #keys = new Set<string>();
  readonly #names = new Set<string>();
  readonly #days = new Set<string>();
  #parts = 0;
  #source = '';

  constructor(private readonly door: Door) {}

  read(posted: unknown, now: Date): ReadManifest {
    const top = membersOf(posted, '', TOP);
    this.#source = identifier(top.source, 'source');
    const written = required(top.asOf, 'asOf');
    const asOf = typeof written === 'string' ? readInstant(written) : ({ ok: false, code: 'time.malformed' } as const);
    if (!asOf.ok) throw new ManifestFault(asOf.code, 'asOf');
    if (asOf.ms > now.getTime() + FUTURE_TOLERANCE_MS) throw new ManifestFault('time.in-the-future', 'asOf');
    // Until when a source counts it says with its own clock, so its own date names the day.
    const day = top.day === undefined ? String(written).slice(0, 10) : localDay(top.day, 'day');
    const units = top.units === undefined ? undefined : list(top.units, 'units', MANIFEST_LIMITS.lines).map(identifierIn('units'));
    const lines = list(required(top.lines, 'lines'), 'lines', MANIFEST_LIMITS.lines);
    if (lines.length === 0) throw new ManifestFault('manifest.no-lines', 'lines');
    return {
      source: this.#source,
      asOf: asOf.iso,
      day,
      ...(units ? { units } : {}),
      lines: lines.map((line, index) => this.#line(line, `lines[${index}]`, day)),
    };
  }

  #line(posted: unknown, field: string, day: string): ManifestLine {
    const isState = typeof posted === 'object' && posted !== null && 'state' in posted;
    const members = membersOf(posted, field, isState ? STATE_LINE : EVENT_LINE);
    const unit = identifier(members.unit, `${field}.unit`);
    const key: ManifestKey = isState
      ? { unit, state: this.#state(members.state, `${field}.state`) }
      : { unit, ...this.#type(members, field, day) };
    const text = keyText(key);
    if (this.#keys.has(text)) throw new ManifestFault('manifest.line-twice', field);
    this.#keys.add(text);
    const sum = sumOf(members, field);
    const names = this.#namesOf(members, key, sum, field, '');
    if (members.parts === undefined) return { ...key, ...sum, ...names };
    if (names.codes ?? names.ids) throw new ManifestFault('manifest.names-and-parts', `${field}.parts`);
    return { ...key, ...sum, parts: this.#partsOf(members.parts, key, `${field}.parts`) };
  }

  #state(value: unknown, field: string): string {
    if (typeof value !== 'string' || !Object.hasOwn(NATIONAL_STATES, value)) throw new ManifestFault('manifest.bad-state', field);
    if (this.door !== 'dossier-intake') throw new ManifestFault('event.wrong-door', field);
    return value;
  }

  #type(members: Members, field: string, manifestDay: string): { type: string; day: string } {
    const type = identifier(members.type, `${field}.type`);
    if (!isEventType(type)) throw new ManifestFault('event.unknown-type', `${field}.type`);
    if (DOOR_OF[type] !== this.door) throw new ManifestFault('event.wrong-door', `${field}.type`);
    const day = members.day === undefined ? manifestDay : localDay(members.day, `${field}.day`);
    this.#days.add(day);
    if (this.#days.size > MANIFEST_LIMITS.days) throw new ManifestFault('manifest.too-many', `${field}.day`);
    return { type, day };
  }

  #partsOf(posted: unknown, key: ManifestKey, field: string): ManifestPart[] {
    const parts = list(posted, field, MANIFEST_LIMITS.parts);
    this.#parts += parts.length;
    if (this.#parts > MANIFEST_LIMITS.parts) throw new ManifestFault('manifest.too-many', field);
    const seen = new Set<string>();
    return parts.map((part, index) => {
      const at = `${field}[${index}]`;
      const members = membersOf(part, at, new Set(['prefix', 'count', 'hash', isStateKey(key) ? 'codes' : 'ids']));
      const { prefix } = members;
      if (typeof prefix !== 'string' || !PREFIX.test(prefix)) throw new ManifestFault('schema.bad-value', `${at}.prefix`);
      const [first = prefix] = seen;
      if (seen.has(prefix) || prefix.length !== first.length) throw new ManifestFault('manifest.bad-parts', `${at}.prefix`);
      seen.add(prefix);
      const sum = sumOf(members, at);
      return { prefix, ...sum, ...this.#namesOf(members, key, sum, at, prefix) };
    });
  }

  /** Names must add up to the sum beside them: else a mistake of the source's own would be told as a difference. */
  #namesOf(members: Members, key: ManifestKey, sum: ManifestSum, field: string, prefix: string): ManifestNames {
    const kind = isStateKey(key) ? 'codes' : 'ids';
    if (members[kind] === undefined) return {};
    const names = list(members[kind], `${field}.${kind}`, MANIFEST_LIMITS.names).map(identifierIn(`${field}.${kind}`));
    let hash = 0n;
    names.forEach((name, index) => {
      const own = isStateKey(key) ? dossierHash(name, key.state) : eventHash({ source: this.#source, id: name });
      hash ^= own;
      const known = `${kind} ${name}`;
      if (this.#names.has(known)) throw new ManifestFault('manifest.name-twice', `${field}.${kind}[${index}]`);
      this.#names.add(known);
      if (!hashText(own).startsWith(prefix)) throw new ManifestFault('manifest.not-in-part', `${field}.${kind}[${index}]`);
    });
    if (this.#names.size > MANIFEST_LIMITS.names) throw new ManifestFault('manifest.too-many', `${field}.${kind}`);
    if (names.length !== sum.count || hashText(hash) !== sum.hash) throw new ManifestFault('manifest.names-disagree', `${field}.${kind}`);
    return { [kind]: names };
  }
}

function membersOf(posted: unknown, field: string, known: ReadonlySet<string>): Members {
  if (typeof posted !== 'object' || posted === null || Array.isArray(posted))
    throw new ManifestFault('schema.bad-value', field || 'manifest');
  for (const name of Object.keys(posted)) {
    const shown = name.replace(/[\p{C}\p{Z}]/gu, ' ').slice(0, 64);
    if (!known.has(name)) throw new ManifestFault('schema.unknown-field', field === '' ? shown : `${field}.${shown}`);
  }
  return posted as Members;
}

function required(value: unknown, field: string): unknown {
  if (value === undefined || value === null) throw new ManifestFault('schema.missing-field', field);
  return value;
}

function identifier(value: unknown, field: string): string {
  if (!isIdentifier(required(value, field))) throw new ManifestFault('schema.bad-value', field);
  return value as string;
}

function identifierIn(field: string): (value: unknown, index: number) => string {
  return (value, index) => identifier(value, `${field}[${index}]`);
}

function localDay(value: unknown, field: string): string {
  if (typeof value !== 'string' || !isLocalDate(value)) throw new ManifestFault('schema.bad-value', field);
  return value;
}

function list(value: unknown, field: string, most: number): unknown[] {
  if (!Array.isArray(value)) throw new ManifestFault('schema.bad-value', field);
  if (value.length > most) throw new ManifestFault('manifest.too-many', field);
  return value;
}

function sumOf({ count, hash }: Members, field: string): ManifestSum {
  required(count, `${field}.count`);
  required(hash, `${field}.hash`);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > MOST_COUNTED)
    throw new ManifestFault('schema.bad-value', `${field}.count`);
  if (typeof hash !== 'string' || !HASH.test(hash)) throw new ManifestFault('schema.bad-value', `${field}.hash`);
  return { count, hash };
}
