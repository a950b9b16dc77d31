import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparable } from './comparable-text.ts';
import { UNITS } from './spec-units.ts';
import { UnitDirectory } from './unit-directory.ts';

describe('comparable', () => {
  it.each([
    ['Thủy Xuân', 'Thuỷ Xuân'],
    ['Thuận Hòa', 'THUẬN HOÀ'],
    ['Phường Gia Hội', '  phường\u00a0 Gia   Hội '],
    ['Đức', 'đức'],
    ['Vỹ Dạ', 'Vỹ Dạ'.normalize('NFD')],
    ['khoẻ', 'khỏe'],
    ['quý', 'qúy'],
  ])('takes %s and %s for the same', (a, b) => {
    expect(comparable(a)).toBe(comparable(b));
  });

  it.each([
    ['Thủy', 'Thúy'],
    ['Thủy', 'Thuy'],
    ['Hội', 'Hối'],
    ['Đức', 'Dức'],
    ['Tân', 'Tăn'],
    ['An Tây', 'AnTây'],
    ['Hòa An', 'Hoa Àn'],
  ])('tells %s from %s', (a, b) => {
    expect(comparable(a)).not.toBe(comparable(b));
  });

  it('does not depend on how the letters are coded', () => {
    const letters = fc
      .array(fc.constantFrom('u', 'ủ', 'y', 'ỷ', 'ậ', 'ơ', 'ớ', 'đ', ' ', '-', 'H'), { maxLength: 12 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(
        letters,
        fc.constantFrom('NFC', 'NFD', 'NFKC', 'NFKD'),
        (text, form) => comparable(text.normalize(form)) === comparable(text),
      ),
      { numRuns: 300 },
    );
  });
});

describe('UnitDirectory', () => {
  const directory = UnitDirectory.from(UNITS);
  const found = async (text: string, day: string): Promise<string> => {
    const answer = await directory.find(text, day);
    return answer.ok ? answer.unit.id : answer.text.en;
  };

  it('finds a unit by id, code as of the day, or name', async () => {
    expect(await found('hue-gia-hoi', '2021-07-01')).toBe('hue-gia-hoi');
    expect(await found('19756', '2021-06-30')).toBe('hue-phu-hiep');
    expect(await found('19756', '2021-07-01')).toBe('hue-gia-hoi');
    expect(await found('Phường Thuỷ Xuân', '2021-07-01')).toBe('hue-thuy-xuan');
    expect(await found('hue city', '2021-07-01')).toBe('hue');
  });

  it('says why it finds none', async () => {
    expect(await found('Phường Trùng Tên', '2021-07-01')).toMatch(/more than one unit: hue-twin-1, hue-twin-2/);
    expect(await found('Phường Phú Hiệp', '2021-07-01')).toMatch(/not in force on 2021-07-01 \(hue-phu-hiep: 2021-01-01 – 2021-07-01\)/);
    expect(await found('Phường Nào Đó', '2021-07-01')).toMatch(/no unit of the city/);
  });
});
