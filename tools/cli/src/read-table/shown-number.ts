/** What a cell's number format makes of its number. */
export type NumberFormat =
  | { kind: 'general' }
  /** Least digits before the point, least and most after it. */
  | { kind: 'digits'; whole: number; least: number; most: number; percent: boolean }
  | { kind: 'date'; hasDate: boolean };

/** Formats that every workbook has without saying so (ECMA-376 part 1, 18.8.30): those of numbers by code, those of dates by number. */
const BUILT_IN: Record<number, string> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  37: '#,##0',
  39: '#,##0.00',
};
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]);
const BUILT_IN_TIMES = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 47]);

/** Reads the format of a number id, with its code where the workbook brings one. */
export function numberFormat(id: number, code: string | undefined): NumberFormat {
  const known = code ?? BUILT_IN[id];
  if (known !== undefined) return formatOfCode(known);
  if (BUILT_IN_DATES.has(id)) return { kind: 'date', hasDate: true };
  return BUILT_IN_TIMES.has(id) ? { kind: 'date', hasDate: false } : { kind: 'general' };
}

function formatOfCode(code: string): NumberFormat {
  // The part for positive numbers, without quoted and escaped letters, colours, conditions and locales.
  const bare = (code.split(';')[0] ?? '').replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[[^\]]*\]/g, '');
  if (/general/i.test(bare)) return { kind: 'general' };
  // An elapsed time such as [h]:mm is an amount and no time of day.
  if (/\[(h+|m+|s+)\]/i.test(code)) return { kind: 'general' };
  if (/[ymdhs]/i.test(bare)) return { kind: 'date', hasDate: /[yd]/i.test(bare) };
  const digits = /^([#0,]*[#0])(?:\.([0#]+))?\s*(%?)$/.exec(bare.trim());
  if (!digits) return { kind: 'general' };
  const [, whole = '', fraction = '', percent] = digits;
  const zerosIn = (text: string): number => text.replace(/[^0]/g, '').length;
  return { kind: 'digits', whole: zerosIn(whole), least: zerosIn(fraction), most: fraction.length, percent: percent === '%' };
}

/**
 * A number of a cell as the sheet shows it: the digits of its format, with leading zeros and without separators of thousands; a number without a
 * format, or of a format that is not read here, in the fifteen digits that a sheet keeps, never with an exponent.
 */
export function shownNumber(value: number, format: NumberFormat): string {
  if (format.kind !== 'digits') return plain(value);
  const shown = format.percent ? value * 100 : value;
  // A sheet rounds what it keeps in fifteen digits, half away from zero: 1.005 with two decimals is 1.01 there.
  const [whole = '', fraction = ''] = roundedText(plain(Math.abs(shown)), format.most).split('.');
  let kept = fraction.length;
  while (kept > format.least && fraction[kept - 1] === '0') kept -= 1;
  const digits = whole.padStart(format.whole, '0') + (kept === 0 ? '' : `.${fraction.slice(0, kept)}`);
  return (shown < 0 && /[1-9]/.test(digits) ? '-' : '') + digits + (format.percent ? '%' : '');
}

function plain(value: number): string {
  const fifteen = Number(value.toPrecision(15));
  const text = String(fifteen);
  if (!text.includes('e')) return text;
  return fifteen.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 15, maximumFractionDigits: 20 });
}

/** Rounds a decimal text half up, digit by digit, since the binary number beside it may lie just below. */
function roundedText(text: string, decimals: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  let scaled = BigInt(whole + kept);
  if ((fraction[decimals] ?? '0') >= '5') scaled += 1n;
  const digits = String(scaled).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

const DAY_MS = 86_400_000;

/**
 * The local date and time of a serial number, as ISO text without an offset: `2021-03-01`, `2021-03-01 08:30:00`, or `08:30:00` where the format
 * shows a time only and there is no day. Day 60 of the 1900 system is the 29/02/1900 that never was; days before it are counted as sheets do.
 */
export function serialText(serial: number, { from1904, hasDate }: { from1904: boolean; hasDate: boolean }): string | undefined {
  if (!(serial >= 0 && serial < 2_958_466)) return undefined;
  const isClock = serial < 1 && !hasDate;
  const shifted = !from1904 && serial < 60 ? serial + 1 : serial;
  const epoch = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const text = new Date(epoch + Math.round(shifted * DAY_MS)).toISOString();
  const [date = '', clock = ''] = text.slice(0, -1).split('T');
  const time = clock.endsWith('.000') ? clock.slice(0, 8) : clock;
  if (isClock) return time;
  return time === '00:00:00' ? date : `${date} ${time}`;
}
