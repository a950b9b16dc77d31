// How numbers and times are written. Pure: everything that is shown follows from the arguments.

const LOCALES = { vi: 'vi-VN', en: 'en-GB' };

export function localeOf(language) {
  return LOCALES[language] ?? LOCALES.vi;
}

export function wholeNumber(value, language) {
  return new Intl.NumberFormat(localeOf(language)).format(value);
}

/** `numerator * factor / denominator` with so many decimals, cut and never rounded up: 99.996 stays 99.99. The denominator is not 0. */
function cut(numerator, factor, denominator, decimals, language) {
  const scale = 10n ** BigInt(decimals);
  const scaled = (BigInt(numerator) * BigInt(factor) * scale) / BigInt(denominator);
  const whole = wholeNumber(Number(scaled / scale), language);
  return `${whole}${language === 'en' ? '.' : ','}${String(scaled % scale).padStart(decimals, '0')}`;
}

/** The share in per cent with two decimals. Undefined without a denominator, because silence is not zero. */
export function percent(numerator, denominator, language) {
  return denominator === 0 ? undefined : `${cut(numerator, 100, denominator, 2, language)}%`;
}

/** Points of a hundred with the three decimals that are published. Undefined without a denominator. */
export function points(numerator, denominator, language) {
  return denominator === 0 ? undefined : cut(numerator, 100, denominator, 3, language);
}

/** The name of points by their band, compared in whole numbers; undefined where there is none. `bands` has the highest first. */
export function bandOf(numerator, denominator, bands, language) {
  if (denominator === 0) return undefined;
  return bands.find(({ from }) => numerator * 100 >= from * denominator)?.[language];
}

/** The figure as people read it: "70,72%", "84,186", a count "3", a rank "2 / 9". Undefined without a denominator. */
export function valueText({ measure, numerator, denominator }, language) {
  if (denominator === 0) return undefined;
  switch (measure) {
    case 'points':
      return points(numerator, denominator, language);
    case 'count':
      return wholeNumber(numerator, language);
    case 'rank':
      return `${wholeNumber(numerator, language)} / ${wholeNumber(denominator, language)}`;
    default:
      return percent(numerator, denominator, language);
  }
}

/** Numerator and denominator; of points in points, which are kept in thousandths. A count or a rank is all there is: nothing more is said. */
export function countsText({ measure, numerator, denominator }, language) {
  if (measure === 'count' || measure === 'rank') return '';
  if (denominator === 0) return '–';
  const thousandths = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 3 });
  const text = (value) => (measure === 'points' ? thousandths.format(value / 1_000) : wholeNumber(value, language));
  return `${text(numerator)} / ${text(denominator)}`;
}

const OPERATORS = { '>=': '≥', '>': '>', '=': '=', '<=': '≤' };
const NOT_FALLING = { vi: 'không giảm so với đầu năm', en: 'not below the start of the year' };
const IN_MEASURE = {
  share: { vi: (value) => `${value}%`, en: (value) => `${value}%` },
  points: { vi: (value) => `${value} điểm`, en: (value) => `${value} points` },
  count: { vi: (value) => value, en: (value) => value },
  rank: { vi: (value) => `hạng ${value}`, en: (value) => `rank ${value}` },
};

/** "≥ 20%", "≤ hạng 5", or undefined where the figure has no target. */
export function targetText(target, language, measure = 'share') {
  if (!target) return undefined;
  if (target.op === 'not-falling') return NOT_FALLING[language] ?? NOT_FALLING.vi;
  const value = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 4 }).format(target.value);
  return `${OPERATORS[target.op]} ${IN_MEASURE[measure][language](value)}`;
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
