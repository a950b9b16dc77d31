import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '@par/contracts';
import fc from 'fast-check';
import { readCatalogue } from './indicator.ts';

/** The parts of the page's own scripts that are pure. Browsers load them as they are, so TypeScript is told here what they are. */
interface Format {
  percent: (numerator: number, denominator: number, language: string) => string | undefined;
  points: (numerator: number, denominator: number, language: string) => string | undefined;
  bandOf: (numerator: number, denominator: number, bands: object[], language: string) => string | undefined;
  valueText: (figure: Counted, language: string) => string | undefined;
  countsText: (figure: Counted, language: string) => string;
  targetText: (target: object | null, language: string, measure?: string) => string | undefined;
  age: (seconds: number, language: string) => string;
  dateAndTime: (iso: string, timeZone: string, language: string) => string;
  plainDate: (day: string, language: string) => string;
}
interface Counted {
  measure?: string;
  numerator: number;
  denominator: number;
}
interface Words {
  LANGUAGES: string[];
  wordsOf: (language: string) => Record<string, unknown>;
}
const script = (file: string): Promise<unknown> => import(`../web/${file}`);
const { age, bandOf, countsText, dateAndTime, percent, plainDate, points, targetText, valueText } = (await script('format.js')) as Format;
const { LANGUAGES, wordsOf } = (await script('words.js')) as Words;

describe('numbers on the page', () => {
  it.each([
    [940, 1_329, 'vi', '70,72%'],
    [99_996, 100_000, 'vi', '99,99%'],
    [999_999_999, 1_000_000_000, 'en', '99.99%'],
    [1, 1, 'en', '100.00%'],
    [0, 7, 'vi', '0,00%'],
    [1, 1_000, 'vi', '0,10%'],
  ])('%d of %d in %s is %s', (numerator, denominator, language, text) => {
    expect(percent(numerator, denominator, language)).toBe(text);
  });

  it('are nothing without a denominator', () => {
    expect(percent(0, 0, 'vi')).toBeUndefined();
  });

  it('never show more than there is: 100 % only when all of it is there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), fc.nat(1_000_000_000), (denominator, drawn) => {
        const numerator = drawn % (denominator + 1);
        const shown = percent(numerator, denominator, 'en') ?? '';
        expect(Number(shown.replace('%', ''))).toBeLessThanOrEqual((numerator / denominator) * 100 + 1e-9);
        expect(shown === '100.00%').toBe(numerator === denominator);
      }),
    );
  });

  it('name the target as it is', () => {
    expect(targetText({ op: '>', value: 90 }, 'vi')).toBe('> 90%');
    expect(targetText({ op: '>=', value: 99.5 }, 'vi')).toBe('≥ 99,5%');
    expect(targetText(null, 'vi')).toBeUndefined();
    expect(targetText({ op: '<=', value: 5 }, 'vi', 'rank')).toBe('≤ hạng 5');
    expect(targetText({ op: '<=', value: 5 }, 'en', 'rank')).toBe('≤ rank 5');
    expect(targetText({ op: '>=', value: 80 }, 'vi', 'points')).toBe('≥ 80 điểm');
    expect(targetText({ op: '>', value: 0 }, 'vi', 'count')).toBe('> 0');
    expect(targetText({ op: 'not-falling' }, 'vi')).toBe('không giảm so với đầu năm');
    expect(targetText({ op: 'not-falling' }, 'en')).toBe('not below the start of the year');
  });

  it.each<[Counted, string, string | undefined, string]>([
    [{ numerator: 940, denominator: 1_329 }, 'vi', '70,72%', '940 / 1.329'],
    [{ measure: 'share', numerator: 0, denominator: 0 }, 'vi', undefined, '–'],
    [{ measure: 'points', numerator: 84_186, denominator: 100_000 }, 'vi', '84,186', '84,186 / 100'],
    [{ measure: 'points', numerator: 88_250, denominator: 97_000 }, 'en', '90.979', '88.25 / 97'],
    [{ measure: 'count', numerator: 3, denominator: 3 }, 'vi', '3', ''],
    [{ measure: 'count', numerator: 0, denominator: 0 }, 'vi', undefined, ''],
    [{ measure: 'rank', numerator: 2, denominator: 9 }, 'vi', '2 / 9', ''],
  ])('say %j in %s as %s, counted as %s', (figure, language, value, counts) => {
    expect([valueText(figure, language), countsText(figure, language)]).toEqual([value, counts]);
  });

  it('cut points at three decimals and name them by whole numbers: 79.9999 is not yet good', () => {
    expect(points(799_999, 1_000_000, 'vi')).toBe('79,999');
    const { bands } = readCatalogue();
    const band = (numerator: number, denominator = 100_000): string | undefined => bandOf(numerator, denominator, bands, 'vi');
    expect([band(90_000), band(89_999), band(80_000), band(0), band(799_999, 1_000_000)]).toEqual(['Xuất sắc', 'Tốt', 'Tốt', 'Yếu', 'Khá']);
    expect([bandOf(84_186, 100_000, bands, 'en'), band(0, 0)]).toEqual(['Good', undefined]);
  });
});

describe('times on the page', () => {
  it('are ages in words', () => {
    expect(age(2, 'vi')).toBe('vừa xong');
    expect(age(12, 'vi')).toBe('12 giây trước');
    expect(age(3 * 3_600 + 5, 'en')).toBe('3 hours ago');
  });

  it('are on the clocks of the city', () => {
    expect(dateAndTime('2011-12-31T17:00:00.000Z', 'Asia/Ho_Chi_Minh', 'vi').replace('\u00a0', ' ')).toBe('01/01/2012 00:00');
    expect(plainDate('2011-12-31', 'vi')).toBe('31/12/2011');
  });
});

describe('words of the page', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]))
      : typeof value;

  it('are the same set in every language', () => {
    for (const language of LANGUAGES) expect(shape(wordsOf(language))).toEqual(shape(wordsOf('vi')));
  });

  it('cover everything that the page asks for', () => {
    const html = readFileSync(new URL('../web/index.html', import.meta.url), 'utf8');
    const asked = [...html.matchAll(/data-word="([^"]+)"/g)].map(([, word]) => word!);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((word) => typeof wordsOf('en')[word] !== 'string')).toEqual([]);
  });

  it('name every event that is sent from one service to another', () => {
    for (const language of LANGUAGES) {
      const { types } = wordsOf(language) as { types: Record<string, string> };
      expect(Object.keys(types).sort()).toEqual([...EVENT_TYPES].sort());
      // Two events of one name could not be told apart on the balance sheet.
      expect(new Set(Object.values(types)).size).toBe(EVENT_TYPES.length);
    }
  });

  it('come from this service alone: the page loads nothing from elsewhere', () => {
    const html = readFileSync(new URL('../web/index.html', import.meta.url), 'utf8');
    expect(html.match(/(?:src|href)="(?:https?:)?\/\//)).toBeNull();
  });
});
