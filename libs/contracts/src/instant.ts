const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Whether a text is an instant as every event of the house writes it: RFC 3339 `date-time` with seconds and an offset, on a
 * day that exists. Narrower than ISO 8601, which also has local times, bare dates, week dates and day-of-year dates: those
 * do not name one instant, and some of them `Date` cannot read. No leap seconds, for the same reason.
 */
export function isInstant(text: string): boolean {
  const parts = RFC_3339.exec(text);
  return parts !== null && Number(parts[3]) <= daysIn(Number(parts[1]), Number(parts[2]));
}

/** Whether a text is a calendar date `YYYY-MM-DD` that exists (`2021-02-29` does not). */
export function isLocalDate(text: string): boolean {
  const parts = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.exec(text);
  return parts !== null && Number(parts[3]) <= daysIn(Number(parts[1]), Number(parts[2]));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
