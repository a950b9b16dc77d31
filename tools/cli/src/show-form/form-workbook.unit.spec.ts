import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { formWorkbook } from './form-workbook.ts';
import { specForm } from './spec-form.ts';

async function sheetsOf(content: Uint8Array): Promise<ExcelJS.Worksheet[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(content.buffer as ArrayBuffer);
  return workbook.worksheets;
}
const valuesOf = (sheet: ExcelJS.Worksheet, row: number): unknown[] => (sheet.getRow(row).values as unknown[]).slice(1);

describe('form II.06a as a workbook', () => {
  it('has a sheet for each city, laid out as the form', async () => {
    const [sheet, ...others] = await sheetsOf(await formWorkbook(specForm()));
    expect(others.map(({ name }) => name)).toEqual(['empty']);
    expect(sheet!.getCell('A1').value).toBe('Biểu số II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP (21/10/2020))');
    expect(sheet!.getCell('C4').value).toBe('Số lượng hồ sơ tiếp nhận');
    const groups = ['C4', 'F4', 'G4', 'J4', 'K4', 'M4', 'N4', 'O4'];
    expect(groups.map((cell) => sheet!.getCell(cell).master.address)).toEqual(['C4', 'C4', 'G4', 'G4', 'K4', 'K4', 'N4', 'N4']);
    expect(sheet!.getCell('B5').master.address).toBe('B4');
    expect(sheet!.getCell('I5').value).toBe('Đúng hạn (bao gồm cả hồ sơ chờ bổ sung và trả lại/xin rút)');
    expect(sheet!.getCell('D5').value).toBe('Trong kỳ: trực tuyến');
    expect(valuesOf(sheet!, 6).join(' ')).toBe('(1) (2) (3) (4) (5) (6) (7) (8) (9) (10) (11) (12) (13) (7a) (11a)');
  });

  it('has numbers as numbers, the total after the units, the provincial bodies after the total', async () => {
    const [sheet] = await sheetsOf(await formWorkbook(specForm()));
    expect(valuesOf(sheet!, 7)).toEqual([1, 'Phòng Tài chính', 1_206, 1, 1_200, 5, 1_204, 1, 1_200, 1, 2, 1, 1, 2, 0]);
    expect(valuesOf(sheet!, 9).slice(1, 3)).toEqual(['Tổng số: Thành phố Huế', 1_222]);
    expect(valuesOf(sheet!, 10)[1]).toBe('Ngoài tổng, cơ quan thuộc tỉnh: Chi nhánh Văn phòng đăng ký đất đai');
    const notes = [12, 13, 14, 15].map((row) => sheet!.getCell(row, 1).value);
    expect(notes).toContain('Bốn đẳng thức của biểu đều đúng.');
    expect(notes).toContain('Không tính 4 hồ sơ chưa rõ thời điểm tiếp nhận và 0 hồ sơ không được tiếp nhận.');
  });
});
