import { describe, expect, it } from '@jest/globals';
import { type CityForm, FORM_BASIS, FORM_CODE, FORM_COLUMNS, FORM_TITLE, formCsv, sheetHeader, sheetLines } from './form-ii-06a-sheet.ts';
import { type FormRow } from './form-ii-06a.ts';

const row = (first: number): FormRow => ({
  received: { total: first, online: first + 1, direct: first + 2, carriedOver: first + 3 },
  done: {
    total: first + 4,
    early: first + 5,
    onTime: first + 6,
    late: first + 7,
    unclassified: { count: first + 11, reason: 'no-due-date' },
  },
  inProcess: {
    total: first + 8,
    inTerm: first + 9,
    overdue: first + 10,
    unclassified: { count: first + 12, reason: 'no-due-date' },
  },
});
const unit = (id: string, unitName: string, first: number): CityForm['rows'][number] => ({
  unit: id,
  unitName,
  unitNameEn: `${unitName} (en)`,
  ...row(first),
  onTimeParts: { result: 0, refused: 0, withdrawn: 0, waiting: 0 },
});
const form: CityForm = {
  city: 'hue',
  cityName: 'Thành phố Huế',
  cityNameEn: 'Huế city',
  timeZone: 'Asia/Ho_Chi_Minh',
  from: null,
  cutOff: '2021-12-31T16:59:59.999Z',
  rows: [unit('a', 'Phòng "A", tầng 1', 100), unit('b', '=HYPERLINK("x")', 200)],
  total: row(300),
  beside: [unit('c', 'Chi nhánh', 400)],
  identities: [],
  notes: { receiptNotKnown: 0, intakeRefused: 0 },
};

describe('form II.06a as a sheet', () => {
  it('has its columns in the order of the form, ours after them', () => {
    expect(FORM_COLUMNS.map(({ number }) => number).join(' ')).toBe('3 4 5 6 7 8 9 10 11 12 13 7a 11a');
    expect(FORM_COLUMNS.map((column) => column.of(row(0)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const [groups, titles] = sheetHeader();
    expect(groups).toHaveLength(titles.length);
    expect(groups.filter((group) => group !== '')).toEqual([
      'TT',
      'Đơn vị',
      'Số lượng hồ sơ tiếp nhận',
      'Số lượng hồ sơ đã giải quyết',
      'Số lượng hồ sơ đang giải quyết',
      'Ngoài biểu: không có hạn trả',
    ]);
    expect(titles[8]).toBe('Đúng hạn (bao gồm cả hồ sơ chờ bổ sung và trả lại/xin rút) (9)');
  });

  it('shows provincial bodies below the total, and says that they are beside it', () => {
    expect(sheetLines(form, 'en').map(({ kind, number, name }) => `${kind} ${number} ${name}`)).toEqual([
      'unit 1 Phòng "A", tầng 1 (en)',
      'unit 2 =HYPERLINK("x") (en)',
      'total  Total: Huế city',
      'beside  Beside the total, provincial body: Chi nhánh (en)',
    ]);
  });

  it('is CSV that a spreadsheet reads and does not run', () => {
    const csv = formCsv({ form: FORM_CODE, title: FORM_TITLE, basis: FORM_BASIS, period: '2021', cities: [form] });
    expect(csv.startsWith('\uFEFFTT,Đơn vị,Số lượng hồ sơ tiếp nhận,,,,Số lượng hồ sơ đã giải quyết,,,,')).toBe(true);
    const lines = csv.split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines[2]).toBe('1,"Phòng ""A"", tầng 1",100,101,102,103,104,105,106,107,108,109,110,111,112');
    expect(lines[3]).toMatch(/^2,"'=HYPERLINK\(""x""\)",200,/);
    expect(lines[4]).toMatch(/^,Tổng số: Thành phố Huế,300,/);
  });
});
