import { numberText, type Language } from '../language.ts';
import { textTable } from '../text-table.ts';
import type { FigureRow } from '@par/contracts';

const STATES: Record<FigureRow['state'], Record<Language, string>> = {
  'no-data': { en: 'no data', vi: 'chưa có dữ liệu' },
  met: { en: 'met', vi: 'đạt' },
  'not-met': { en: 'not met', vi: 'chưa đạt' },
  monitor: { en: 'monitored', vi: 'theo dõi' },
};
const SIGNS: Record<'>=' | '>' | '=', Record<Language, string>> = {
  '>=': { en: '≥ ', vi: '≥ ' },
  '>': { en: 'above ', vi: 'trên ' },
  '=': { en: '= ', vi: '= ' },
};
const TITLES: Record<Language, string[]> = {
  en: ['Indicator', 'Unit', 'Period', 'Rule', 'Counted', 'Value', 'Target', 'State', 'Counted last', 'Figure'],
  vi: ['Chỉ số', 'Đơn vị', 'Kỳ', 'Quy tắc', 'Tử/mẫu', 'Giá trị', 'Mục tiêu', 'Trạng thái', 'Cập nhật', 'Mã'],
};

/** Figures for people. A figure without a denominator has no value, never 0 % or 100 %. */
export function figureTable(figures: readonly FigureRow[], language: Language): string {
  const rows = figures.map((figure) => [
    figure.indicator,
    (language === 'vi' ? figure.unitName : figure.unitNameEn) || figure.unit,
    figure.period,
    `${figure.rule} ${figure.ruleVersion}`,
    `${numberText(figure.numerator, language)}/${numberText(figure.denominator, language)}`,
    figure.value === null ? '–' : `${numberText(cutToHundredths(figure), language)} %`,
    figure.target ? `${SIGNS[figure.target.op][language]}${numberText(figure.target.value, language)} %` : '–',
    STATES[figure.state][language],
    agoText(figure.freshness.seconds, language),
    figure.id,
  ]);
  const right = new Set([4, 5, 6]);
  return textTable(
    TITLES[language].map((title, index) => ({ title, align: right.has(index) ? 'right' : 'left' })),
    rows,
  );
}

const STEPS: [number, string, string][] = [
  [60, 's', 'giây'],
  [60, 'min', 'phút'],
  [48, 'h', 'giờ'],
  [Infinity, 'days', 'ngày'],
];
const DIVISORS = [1, 60, 3_600, 86_400];

/** How long ago, in the largest unit that gives a readable number. */
function agoText(seconds: number | null, language: Language): string {
  if (seconds === null) return '–';
  const index = STEPS.findIndex(([limit], at) => seconds / DIVISORS[at]! < limit);
  const amount = Math.floor(seconds / DIVISORS[index]!);
  return language === 'vi' ? `${amount} ${STEPS[index]![2]} trước` : `${amount} ${STEPS[index]![1]} ago`;
}

/** Per cent, cut off and not rounded, as the page shows it: 99.996 % must not read as 100 %. */
function cutToHundredths({ numerator, denominator }: FigureRow): number {
  return Math.floor((numerator * 10_000) / denominator) / 100;
}
