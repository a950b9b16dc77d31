/** First and last instant that databases and calendars can hold; `Date` knows years beyond, written with a sign, which would sort wrongly. */
const FIRST = '0001-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

/**
 * An RFC 3339 instant as UTC text with milliseconds, so that text order is time order. Instants that leave the years 1 to 9999 in UTC are put at
 * the edge: a source may write a far year for "no date", and that must not stop anything.
 */
export function utcText(instant: string): string {
  return utcTextOf(Date.parse(instant));
}

/** As `utcText`, from milliseconds since 1970. */
export function utcTextOf(ms: number): string {
  const text = new Date(ms).toISOString();
  if (text.length === LAST.length) return text < FIRST ? FIRST : text;
  return ms < 0 ? FIRST : LAST;
}
