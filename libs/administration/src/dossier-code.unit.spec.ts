import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDossierCode } from './dossier-code.ts';

const national = (text: string) => {
  const code = parseDossierCode(text, 'national');
  return code.ok ? code.receivedOn : code.code;
};

describe('a national dossier code', () => {
  it.each([
    ['000.00.21.H57-210705-0012', '2021-07-05'],
    ['H57.132-260102-0001', '2026-01-02'],
    ['H57-210705-0012', '2021-07-05'],
    ['1.2.3.4.H57-240229-123456', '2024-02-29'],
    ['000.00.21.H57-230229-0012', 'dossier.impossible-date-in-code'],
    ['000.00.21.H57-211301-0012', 'dossier.impossible-date-in-code'],
    ['000.00.21.H57-210732-0012', 'dossier.impossible-date-in-code'],
    ['000.00.21.H57-000000-0012', 'dossier.impossible-date-in-code'],
    ['1.2.3.4.5.H57-210705-0012', 'dossier.bad-code'],
    ['000.00.21.h57-210705-0012', 'dossier.bad-code'],
    ['000..21.H57-210705-0012', 'dossier.bad-code'],
    ['000.00.21.H57-210705-012', 'dossier.bad-code'],
    ['000.00.21.H57-210705-1234567', 'dossier.bad-code'],
    ['000.00.21.H57-20210705-0012', 'dossier.bad-code'],
    [' 000.00.21.H57-210705-0012', 'dossier.bad-code'],
    ['000.00.21.H57-210705-0012\n', 'dossier.bad-code'],
    ['26.00012', 'dossier.bad-code'],
    ['', 'dossier.bad-code'],
  ])('%j: %s', (text, expected) => expect(national(text)).toBe(expected));

  it('gives back the day that it was made with, for every day of the century', () => {
    const group = fc.stringMatching(/^[0-9A-Z]{1,32}$/);
    const day = fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2099-12-31') });
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 5 }), day, fc.integer({ min: 0, max: 999_999 }), (groups, date, number) => {
        const on = date.toISOString().slice(0, 10);
        const text = `${groups.join('.')}-${on.slice(2).replaceAll('-', '')}-${String(number).padStart(4, '0')}`;
        expect(national(text)).toBe(on);
      }),
    );
  });

  it('is refused in both languages', () => {
    for (const text of ['x', 'H57-210231-0001']) {
      expect(parseDossierCode(text, 'national')).toMatchObject({ ok: false, message: { en: expect.any(String), vi: expect.any(String) } });
    }
  });
});

describe('a local dossier code', () => {
  it.each([
    ['case-10011', true],
    ['26.00012', true],
    ['a', true],
    ['A'.repeat(64), true],
    ['A'.repeat(65), false],
    ['-a', false],
    ['a b', false],
    ['hồ-sơ', false],
    ['', false],
  ])('%j: %s', (text, ok) => {
    expect(parseDossierCode(text, 'local')).toEqual(ok ? { ok: true } : expect.objectContaining({ ok: false, code: 'dossier.bad-code' }));
  });
});
