import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numberFormat, serialText, shownNumber } from './shown-number.ts';
import { TextStore, TooManyTexts } from './text-store.ts';

describe('shownNumber', () => {
  it.each<[number, string | undefined, string]>([
    [1, undefined, '1'],
    [0.1 + 0.2, undefined, '0.3'],
    [123_456_789_012, undefined, '123456789012'],
    [1e21, undefined, '1000000000000000000000'],
    [1e-7, undefined, '0.0000001'],
    [-2.5, undefined, '-2.5'],
    [7, '00000', '00007'],
    [1.005, '0.00', '1.01'],
    [-0.001, '0.00', '0.00'],
    [-1.5, '0', '-2'],
    [1_234_567.891, '#,##0.00', '1234567.89'],
    [1.5, '0.##', '1.5'],
    [2, '0.##', '2'],
    [0.916, '0%', '92%'],
    [0.1, '0.00%', '10.00%'],
    [3, '0 "hồ sơ"', '3'],
    [3, '[Red]0;-0', '3'],
    [3, '# ?/?', '3'],
    [5, '@', '5'],
  ])('shows %d as %s: %s', (value, code, expected) => {
    expect(shownNumber(value, numberFormat(code === undefined ? 0 : 164, code))).toBe(expected);
  });

  it('knows which formats are dates', () => {
    const kind = (id: number, code?: string): string => numberFormat(id, code).kind;
    expect([14, 22, 45].map((id) => kind(id))).toEqual(['date', 'date', 'date']);
    expect(['dd/mm/yyyy', '[$-42A]dd mmmm yyyy', 'h:mm AM/PM', 'yyyy"năm"mm'].map((code) => kind(164, code))).toEqual(
      Array(4).fill('date'),
    );
    expect(['General', '0.00', '[h]:mm', '"day" 0', '0\\d', '@'].map((code) => kind(164, code))).not.toContain('date');
    expect([0, 1, 2, 3, 4, 9, 10, 37, 49].map((id) => kind(id))).not.toContain('date');
  });

  it('writes any whole number back as it is', () => {
    fc.assert(fc.property(fc.integer(), (value) => shownNumber(value, { kind: 'general' }) === String(value)));
  });
});

describe('serialText', () => {
  it.each<[number, string]>([
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [61, '1900-03-01'],
    [44_382, '2021-07-05'],
    [44_382.354_166_666_664, '2021-07-05 08:30:00'],
    [44_382.999_999_999, '2021-07-06'],
    [0.354_166_666_666_666_7, '08:30:00'],
  ])('reads day %d as %s', (serial, expected) => {
    expect(serialText(serial, { from1904: false, hasDate: serial >= 1 })).toBe(expected);
  });

  it('reads back the time of any day since March 1900 to the second', () => {
    const seconds = fc.integer({ min: Date.UTC(1900, 2, 1) / 1_000, max: Date.UTC(2199, 0, 1) / 1_000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const iso = new Date(second * 1_000).toISOString();
        const serial = (second * 1_000 - Date.UTC(1899, 11, 30)) / 86_400_000;
        const expected = iso.slice(11, 19) === '00:00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
        expect(serialText(serial, { from1904: false, hasDate: true })).toBe(expected);
      }),
    );
  });

  it('knows no day before the first and after the last', () => {
    expect(serialText(-1, { from1904: false, hasDate: true })).toBeUndefined();
    expect(serialText(2_958_466, { from1904: false, hasDate: true })).toBeUndefined();
  });
});

describe('TextStore', () => {
  it('gives back every text by its number', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('ữ'.repeat(200_000))), { maxLength: 10 }), (texts) => {
        const store = new TextStore(100_000_000);
        for (const text of texts) store.push(text);
        expect(store.size).toBe(texts.length);
        for (let index = 0; index < texts.length; index += 1) expect(store.get(index) === texts[index]).toBe(true);
        expect([store.get(texts.length), store.get(-1), store.get(0.5)]).toEqual([undefined, undefined, undefined]);
      }),
      { numRuns: 30 },
    );
  });

  it('holds many, and no more than it may', () => {
    const store = new TextStore(1_000_000);
    for (let index = 0; index < 5_000; index += 1) store.push(`text ${index}`);
    expect(store.get(4_999)).toBe('text 4999');
    expect(() => store.push('x'.repeat(1_000_000))).toThrow(TooManyTexts);
  });
});
