import type { FigureRow, Measure, Target, Threshold } from '@par/contracts';
import { numberText, type Language } from '../language.ts';
import { textTable } from '../text-table.ts';

const STATES: Record<FigureRow['state'], Record<Language, string>> = {
  'no-data': { en: 'no data', vi: 'chưa có dữ liệu' },
  met: { en: 'met', vi: 'đạt' },
  'not-met': { en: 'not met', vi: 'chưa đạt' },
  monitor: { en: 'monitored', vi: 'theo dõi' },
};
const SIGNS: Record<Threshold['op'], Record<Language, string>> = {
  '>=': { en: '≥ ', vi: '≥ ' },
  '>': { en: 'above ', vi: 'trên ' },
  '=': { en: '= ', vi: '= ' },
  '<=': { en: '≤ ', vi: '≤ ' },
};
const TITLES: Record<Language, string[]> = {
  en: ['Indicator', 'Unit', 'Period', 'Rule', 'Counted', 'Value', 'Target', 'State', 'Counted last', 'Figure'],
  vi: ['Chỉ số', 'Đơn vị', 'Kỳ', 'Quy tắc', 'Tử/mẫu', 'Giá trị', 'Mục tiêu', 'Trạng thái', 'Cập nhật', 'Mã'],
};
const BESIDE_MARK = ' *';
const BESIDE: Record<Language, string> = {
  en: '* a body that is not the city’s: shown beside, in no total',
  vi: '* cơ quan không thuộc thành phố: ghi riêng, không tính vào tổng',
};

/** Figures for people. A figure without a denominator has no value, never 0 % or 100 %; a body that is not the city's is marked. */
export function figureTable(figures: readonly FigureRow[], language: Language): string {
  const rows = figures.map((figure) => [
    figure.indicator,
    unitText(figure, language) + (figure.beside ? BESIDE_MARK : ''),
    figure.period,
    `${figure.rule} ${figure.ruleVersion}`,
    `${numberText(figure.numerator, language)}/${numberText(figure.denominator, language)}`,
    figure.value === null ? '–' : valueText(figure, figure.measure, language),
    targetText(figure, language),
    STATES[figure.state][language],
    agoText(figure.freshness.seconds, language),
    figure.id,
  ]);
  const right = new Set([4, 5, 6]);
  const table = textTable(
    TITLES[language].map((title, index) => ({ title, align: right.has(index) ? 'right' : 'left' })),
    rows,
  );
  return [table, ...notes(figures, language)].join('\n');
}

function unitText(figure: FigureRow, language: Language): string {
  return (language === 'vi' ? figure.unitName : figure.unitNameEn) || figure.unit;
}

/** Cut off and not rounded, as the page shows it: 99.996 % must not read as 100 %, and a rank is taken from three decimals. */
function valueText(fraction: { numerator: number; denominator: number }, measure: Measure | undefined, language: Language): string {
  const { numerator, denominator } = fraction;
  switch (measure) {
    case 'points':
      return pointsText(Math.floor((numerator * 100_000) / denominator) / 1_000, language);
    case 'count':
    case 'rank':
      return numberText(numerator, language);
    case 'share':
    case undefined:
      return `${numberText(Math.floor((numerator * 10_000) / denominator) / 100, language)} %`;
  }
}

function pointsText(points: number, language: Language): string {
  const digits = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
  return new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', digits).format(points);
}

function targetText({ target, measure = 'share', baseline }: FigureRow, language: Language): string {
  if (target === null) return '–';
  if (isThreshold(target)) return `${SIGNS[target.op][language]}${numberText(target.value, language)}${measure === 'share' ? ' %' : ''}`;
  const words = language === 'vi' ? 'không giảm' : 'not falling';
  if (!baseline || baseline.denominator === 0) return words;
  return `${words} (${language === 'vi' ? 'từ' : 'from'} ${valueText(baseline, measure, language)})`;
}

function isThreshold(target: Target): target is Threshold {
  return target.op !== 'not-falling';
}

/** What no column says: the mark of a body beside, and the state secrets that were left out of both sides. */
function notes(figures: readonly FigureRow[], language: Language): string[] {
  const secrets = figures.flatMap((figure) => {
    if (!figure.secretExcluded) return [];
    const place = `${figure.indicator}, ${unitText(figure, language)}, ${figure.period}`;
    const count = numberText(figure.secretExcluded, language);
    return language === 'vi'
      ? `${place}: không tính ${count} hồ sơ bí mật nhà nước (theo số khai báo)`
      : `${place}: ${count} left out as state secrets, as declared`;
  });
  return [...(figures.some((figure) => figure.beside) ? [BESIDE[language]] : []), ...secrets];
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
