// How numbers and times are written. Pure: everything that is shown follows from the arguments.

const LOCALES = { vi: 'vi-VN', en: 'en-GB' };

export function localeOf(language) {
  return LOCALES[language] ?? LOCALES.vi;
}

export function wholeNumber(value, language) {
  return new Intl.NumberFormat(localeOf(language)).format(value);
}

/**
 * The share in per cent with two decimals, cut and never rounded up: 99.996 % stays 99.99 %. Undefined without a denominator,
 * because silence is not zero.
 */
export function percent(numerator, denominator, language) {
  if (denominator === 0) return undefined;
  const hundredths = (BigInt(numerator) * 10_000n) / BigInt(denominator);
  const whole = wholeNumber(Number(hundredths / 100n), language);
  const decimals = String(hundredths % 100n).padStart(2, '0');
  return `${whole}${language === 'en' ? '.' : ','}${decimals}%`;
}

const OPERATORS = { '>=': '≥', '>': '>', '=': '=' };

/** "≥ 20%", or undefined where the figure has no target. */
export function targetText(target, language) {
  if (!target) return undefined;
  const value = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 4 }).format(target.value);
  return `${OPERATORS[target.op]} ${value}%`;
}

const STEPS = [
  { limit: 60, seconds: 1, unit: 'second' },
  { limit: 3_600, seconds: 60, unit: 'minute' },
  { limit: 86_400, seconds: 3_600, unit: 'hour' },
  { limit: 2_592_000, seconds: 86_400, unit: 'day' },
  { limit: 31_536_000, seconds: 2_592_000, unit: 'month' },
  { limit: Infinity, seconds: 31_536_000, unit: 'year' },
];

/** An age in words: "12 giây trước", "3 hours ago". */
export function age(seconds, language) {
  if (seconds < 5) return language === 'en' ? 'just now' : 'vừa xong';
  const step = STEPS.find(({ limit }) => seconds < limit);
  return new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'always' }).format(-Math.floor(seconds / step.seconds), step.unit);
}

/** Date and time on a city's clocks: "31/12/2011 23:59", never broken between the two. */
export function dateAndTime(iso, timeZone, language) {
  const date = new Date(iso);
  const day = new Intl.DateTimeFormat(localeOf(language), { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' }).format(date);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date);
  return `${day}\u00a0${time}`;
}

/** A plain date `2011-12-31` as people write it. */
export function plainDate(day, language) {
  return new Intl.DateTimeFormat(localeOf(language), { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
