import { type CityForm, FORM_COLUMNS, type FormAnswer, sheetHeader, sheetLines } from '@par/administration';
import ExcelJS from 'exceljs';
import { moment } from './form-text.ts';

const FIRST_COUNT = 3;
const LAST = FIRST_COUNT + FORM_COLUMNS.length - 1;
/** Rows of the sheet: title, city with period, a gap; then groups, titles and numbers of the columns. */
const GROUPS = 4;
const THIN: Partial<ExcelJS.Borders> = {
  top: { style: 'thin' },
  left: { style: 'thin' },
  bottom: { style: 'thin' },
  right: { style: 'thin' },
};

/** The form as a workbook in Vietnamese: a sheet for each city, laid out as the form is, all numbers as numbers. */
export async function formWorkbook(answer: FormAnswer): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  for (const form of answer.cities) {
    const sheet = workbook.addWorksheet(form.city.slice(0, 31), {
      pageSetup: { orientation: 'landscape', paperSize: 9, fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
      views: [{ state: 'frozen', xSplit: 2, ySplit: GROUPS + 2 }],
    });
    addTitle(sheet, answer, form);
    addHeader(sheet);
    for (const { kind, number, name, counts } of sheetLines(form, 'vi')) {
      const row = sheet.addRow([number === '' ? null : Number(number), name, ...counts]);
      row.font = { bold: kind === 'total', italic: kind === 'beside' };
      row.eachCell({ includeEmpty: true }, (cell) => {
        cell.border = THIN;
      });
    }
    addNotes(sheet, form);
    sheet.columns.forEach((column, index) => {
      column.width = index === 0 ? 5 : index === 1 ? 42 : 13;
    });
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

function addTitle(sheet: ExcelJS.Worksheet, { form: code, title, period, basis }: FormAnswer, form: CityForm): void {
  const from = form.from === null ? '' : `từ ${moment(form.from, form.timeZone)} `;
  sheet.addRow([`Biểu số ${code} (${basis})`]);
  sheet.addRow([
    `${title.vi}: ${form.cityName}, kỳ ${period} (${from}đến ${moment(form.cutOff, form.timeZone)}). Đơn vị tính: số hồ sơ TTHC`,
  ]);
  sheet.addRow([]);
  sheet.getRow(1).font = { bold: true };
  sheet.getRow(2).font = { bold: true };
}

function addHeader(sheet: ExcelJS.Worksheet): void {
  const [groups, titles] = sheetHeader();
  sheet.addRow(groups);
  sheet.addRow(['', '', ...titles.slice(2).map((title) => title.replace(/ \([^()]*\)$/, ''))]);
  sheet.addRow(['(1)', '(2)', ...FORM_COLUMNS.map(({ number }) => `(${number})`)]);
  for (const column of [1, 2]) sheet.mergeCells(GROUPS, column, GROUPS + 1, column);
  let first = FIRST_COUNT;
  for (let column = FIRST_COUNT + 1; column <= LAST + 1; column++) {
    if (column <= LAST && groups[column - 1] === '') continue;
    sheet.mergeCells(GROUPS, first, GROUPS, column - 1);
    first = column;
  }
  for (const row of [GROUPS, GROUPS + 1, GROUPS + 2]) {
    sheet.getRow(row).eachCell({ includeEmpty: true }, (cell) => {
      cell.font = { bold: row < GROUPS + 2, italic: row === GROUPS + 2 };
      cell.alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
      cell.border = THIN;
    });
  }
}

function addNotes(sheet: ExcelJS.Worksheet, { notes, identities }: CityForm): void {
  const texts = [
    'Cột 7a và 11a nằm ngoài biểu: hồ sơ không có hạn trả nên không xếp loại được.',
    'Cột 9 bao gồm cả hồ sơ trả lại, xin rút và hồ sơ đang chờ bổ sung tại thời điểm chốt số liệu.',
    `Không tính ${notes.receiptNotKnown} hồ sơ chưa rõ thời điểm tiếp nhận và ${notes.intakeRefused} hồ sơ không được tiếp nhận.`,
    ...(identities.length === 0
      ? ['Bốn đẳng thức của biểu đều đúng.']
      : identities.map(({ unit, text }) => `Đẳng thức không đúng, ${unit}: ${text.vi}`)),
  ];
  sheet.addRow([]);
  for (const text of texts) sheet.addRow([text]);
}
