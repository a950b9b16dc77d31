import { type CityForm, FORM_COLUMNS, type FormAnswer, sheetLines, type UnitFormRow } from '@par/administration';
import { numberText, type Language } from '../language.ts';
import { textTable } from '../text-table.ts';

/** Titles short enough for a terminal, by the number of the column. */
const SHORT: Readonly<Record<string, Record<Language, string>>> = {
  '3': { vi: 'Tiếp nhận', en: 'Received' },
  '4': { vi: 'Trực tuyến', en: 'Online' },
  '5': { vi: 'Trực tiếp', en: 'Direct' },
  '6': { vi: 'Kỳ trước', en: 'Carried' },
  '7': { vi: 'Đã GQ', en: 'Done' },
  '8': { vi: 'Trước hạn', en: 'Early' },
  '9': { vi: 'Đúng hạn', en: 'On time' },
  '10': { vi: 'Quá hạn', en: 'Late' },
  '11': { vi: 'Đang GQ', en: 'In process' },
  '12': { vi: 'Trong hạn', en: 'In term' },
  '13': { vi: 'Quá hạn', en: 'Overdue' },
  '7a': { vi: 'Không hạn', en: 'No due' },
  '11a': { vi: 'Không hạn', en: 'No due' },
};

/** The form for people: one table for each city that has dossiers, with its notes and whether its identities hold. */
export function formText(answer: FormAnswer, language: Language): string {
  const filled = answer.cities.filter((form) => form.rows.length + form.beside.length > 0);
  const shown = filled.length > 0 ? filled : answer.cities;
  return shown.map((form) => cityText(answer, form, language)).join('\n\n');
}

function cityText(answer: FormAnswer, form: CityForm, language: Language): string {
  return [
    titleText(answer, form, language),
    '',
    tableText(form, language),
    '',
    ...notes(form, language),
    identitiesText(form, language),
  ].join('\n');
}

function titleText({ form: code, title, period, basis }: FormAnswer, form: CityForm, language: Language): string {
  const vi = language === 'vi';
  const name = vi ? form.cityName : form.cityNameEn;
  const from = form.from === null ? (vi ? 'từ đầu' : 'from the beginning') : `${vi ? 'từ' : 'from'} ${moment(form.from, form.timeZone)}`;
  const to = `${vi ? 'đến' : 'to'} ${moment(form.cutOff, form.timeZone)}`;
  return `${vi ? 'Biểu' : 'Form'} ${code}. ${title[language]}\n${name}, ${vi ? 'kỳ' : 'period'} ${period} (${from} ${to}); ${basis}`;
}

/** `31/12/2021 23:59` on the clocks of a zone, the same in both languages. */
export function moment(instant: string, timeZone: string): string {
  const fields = { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, ...fields }).formatToParts(new Date(instant));
  const part = (type: keyof typeof fields): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('day')}/${part('month')}/${part('year')} ${part('hour')}:${part('minute')}`;
}

function tableText(form: CityForm, language: Language): string {
  const lines = sheetLines(form, language);
  // A column outside the form is shown where there is something in it.
  const columns = FORM_COLUMNS.map((column, index) => ({ number: column.number, index })).filter(
    ({ number, index }) => !number.endsWith('a') || lines.some(({ counts }) => counts[index] !== 0),
  );
  return textTable(
    [
      { title: 'TT', align: 'right' },
      { title: language === 'vi' ? 'Đơn vị' : 'Unit' },
      ...columns.map(({ number }) => ({ title: `${number} ${SHORT[number]![language]}`, align: 'right' as const })),
    ],
    lines.map(({ kind, number, name, unitName, counts }) => [
      kind === 'beside' ? '*' : number,
      kind === 'beside' ? unitName : name,
      ...columns.map(({ index }) => numberText(counts[index]!, language)),
    ]),
  );
}

function notes(form: CityForm, language: Language): string[] {
  const vi = language === 'vi';
  const count = (value: number): string => numberText(value, language);
  const part = (name: keyof UnitFormRow['onTimeParts']): number => form.rows.reduce((sum, row) => sum + row.onTimeParts[name], 0);
  const withoutClass = form.total.done.unclassified.count + form.total.inProcess.unclassified.count;
  const { receiptNotKnown, intakeRefused } = form.notes;
  return [
    ...(form.beside.length === 0 ? [] : [vi ? '* Ngoài tổng: cơ quan thuộc tỉnh.' : '* Beside the total: a body of the province.']),
    vi
      ? `Cột 9 gồm ${count(part('result'))} có kết quả, ${count(part('refused'))} trả lại, ${count(part('withdrawn'))} xin rút, ${count(part('waiting'))} chờ bổ sung.`
      : `Column 9: ${count(part('result'))} with a result, ${count(part('refused'))} refused, ${count(part('withdrawn'))} withdrawn, ${count(part('waiting'))} waiting for a supplement.`,
    ...(withoutClass === 0
      ? []
      : [
          vi
            ? `Cột 7a và 11a nằm ngoài biểu: ${count(withoutClass)} hồ sơ không có hạn trả nên không xếp loại được.`
            : `Columns 7a and 11a are outside the form: ${count(withoutClass)} dossiers have no due date, so they are in no class.`,
        ]),
    ...(receiptNotKnown === 0
      ? []
      : [
          vi
            ? `Không tính ${count(receiptNotKnown)} hồ sơ chưa rõ thời điểm tiếp nhận.`
            : `Left out: ${count(receiptNotKnown)} dossiers whose receipt is not known.`,
        ]),
    ...(intakeRefused === 0
      ? []
      : [
          vi
            ? `Không tính ${count(intakeRefused)} hồ sơ không được tiếp nhận.`
            : `Left out: ${count(intakeRefused)} dossiers refused at intake.`,
        ]),
  ];
}

function identitiesText({ identities, total }: CityForm, language: Language): string {
  const vi = language === 'vi';
  if (identities.length > 0) {
    return [
      vi ? 'Đẳng thức không đúng:' : 'Identities that fail:',
      ...identities.map(({ unit, text }) => `  ${unit}: ${text[language]}`),
    ].join('\n');
  }
  const done = total.done.unclassified.count > 0 ? '7 = 8 + 9 + 10 + 7a' : '7 = 8 + 9 + 10';
  const open = total.inProcess.unclassified.count > 0 ? '11 = 12 + 13 + 11a' : '11 = 12 + 13';
  return `${vi ? 'Bốn đẳng thức đều đúng' : 'All four identities hold'}: 3 = 4 + 5 + 6; ${done}; ${open}; 3 = 7 + 11`;
}
