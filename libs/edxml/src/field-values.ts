import { STATUS_CODES, type StatusCode } from './edxml-message.ts';

/** A GUID, or organisation, date and code joined by commas; what can be the subject of an event. */
const DOCUMENT_ID = /^[\p{L}\p{N}][\p{L}\p{N} .,:;/()_-]{0,119}$/u;

/** `YYYY-MM-DD` of `yyyy/MM/dd`, where there is such a day. */
export function day(text: string): string | undefined {
  const [, year, month, date] = /^\s*(\d{4})\/(\d{1,2})\/(\d{1,2})\s*$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00.000Z`);
  // A date that rolls over into the next month is none.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}

/** In one normal form: the same letters may be written in two ways, and would be two documents. */
export function documentIdOf(text: string): string | undefined {
  const id = text.normalize('NFC');
  return DOCUMENT_ID.test(id) ? id : undefined;
}

export function localTime(text: string): string | undefined {
  const [, date, time] = /^(\S+)\s+((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(text) ?? [];
  const on = date === undefined ? undefined : day(date);
  return on === undefined ? undefined : `${on}T${time}`;
}

export function statusCode(text: string): StatusCode | undefined {
  return STATUS_CODES.find((code) => code === text);
}

export function oneOf<T extends string>(list: readonly T[], first: number): (text: string) => T | undefined {
  return (text) => (/^\d$/.test(text) ? list[Number(text) - first] : undefined);
}

export function count(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

export function plain(longest: number): (text: string) => string | undefined {
  return (text) => (text.length <= longest ? text : undefined);
}
