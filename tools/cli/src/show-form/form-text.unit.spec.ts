import { describe, expect, it } from '@jest/globals';
import { checkIdentities, type FormAnswer } from '@par/administration';
import { formText } from './form-text.ts';
import { specForm } from './spec-form.ts';

describe('form II.06a at the terminal', () => {
  it('is a table with the columns of the form, the total and the bodies beside it', () => {
    const lines = formText(specForm(), 'vi').split('\n');
    expect(lines[0]).toBe('Biểu II.06a/VPCP/KSTT. Tình hình, kết quả giải quyết thủ tục hành chính');
    expect(lines[1]).toBe('Thành phố Huế, kỳ 2021 (từ 01/01/2021 00:00 đến 31/12/2021 23:59); Thông tư 01/2020/TT-VPCP (21/10/2020)');
    expect([...lines[3]!.matchAll(/(?<= )(\d+a?) /g)].map(([, number]) => number).join(' ')).toBe('3 4 5 6 7 8 9 10 11 12 13 7a');
    expect(lines[5]).toMatch(/^ 1 {2}Phòng Tài chính +1\.206 +1 +1\.200 +5 +1\.204 +1 +1\.200 +1 +2 +1 +1 +2$/);
    expect(lines).toContain('* Ngoài tổng: cơ quan thuộc tỉnh.');
    expect(lines[7]).toMatch(/^ {4}Tổng số: Thành phố Huế +1\.222 /);
    expect(lines[8]).toMatch(/^ \* {2}Chi nhánh Văn phòng đăng ký đất đai +83 /);
  });

  it('says what column 9 is made of, what is left out, and that the identities hold', () => {
    expect(formText(specForm(), 'en').split('\n').slice(-4)).toEqual([
      'Column 9: 1,204 with a result, 2 refused, 0 withdrawn, 4 waiting for a supplement.',
      'Columns 7a and 11a are outside the form: 4 dossiers have no due date, so they are in no class.',
      'Left out: 4 dossiers whose receipt is not known.',
      'All four identities hold: 3 = 4 + 5 + 6; 7 = 8 + 9 + 10 + 7a; 11 = 12 + 13; 3 = 7 + 11',
    ]);
    expect(formText(specForm(), 'vi')).toContain('Bốn đẳng thức đều đúng: 3 = 4 + 5 + 6;');
  });

  it('names the unit and the identity that fails', () => {
    const { cities } = specForm();
    const [city] = cities;
    const ward = { ...city!.rows[1]!, received: { ...city!.rows[1]!.received, online: 9 } };
    const wrong = specForm({
      rows: [city!.rows[0]!, ward],
      identities: checkIdentities(ward).map((failure) => ({ unit: 'ward', ...failure })),
    });
    expect(formText(wrong, 'en')).toContain(
      'Identities that fail:\n  ward: 3 = 4 + 5 + 6 does not hold: 9 + 10 + 5 = 24 ≠ 16 (difference −8)',
    );
    expect(formText(wrong, 'vi')).toContain('Đẳng thức không đúng:\n  ward: 3 = 4 + 5 + 6 không đúng');
    expect(formText(wrong, 'vi')).not.toContain('đều đúng');
  });

  it('shows cities without dossiers only where there is no other', () => {
    expect(formText(specForm(), 'en')).not.toContain('Empty city');
    const empty: FormAnswer = { ...specForm(), cities: specForm().cities.slice(1) };
    expect(formText(empty, 'en')).toContain('Empty city, period 2021 (from the beginning to 31/12/2021');
    expect(formText(empty, 'en')).toContain('All four identities hold: 3 = 4 + 5 + 6; 7 = 8 + 9 + 10; 11 = 12 + 13; 3 = 7 + 11');
  });
});
