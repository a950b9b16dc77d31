import { describe, expect, it } from '@jest/globals';
import type { FigureRow } from '@par/contracts';
import { figureTable } from './figure-table.ts';

const figure: FigureRow = {
  id: 'f1',
  indicator: 'G1-ONTIME',
  unit: 'coselog-city',
  unitName: 'Thành phố',
  unitNameEn: 'City',
  period: '2011',
  rule: 'due-date',
  ruleVersion: 1,
  official: true,
  total: true,
  numerator: 940,
  denominator: 1329,
  value: (940 / 1329) * 100,
  target: { op: '>', value: 90 },
  state: 'not-met',
  cutOff: '2026-01-01T00:00:00.000Z',
  lastEvent: null,
  freshness: { lastCountedAt: '2026-01-01T00:00:00.000Z', seconds: 7_300 },
};

describe('figureTable', () => {
  it('speaks both languages and writes numbers their way', () => {
    expect(figureTable([figure], 'en').split('\n')[2]).toMatch(/City .* 940\/1,329 .*70\.72 % .*above 90 % .*not met .*2 h ago/);
    expect(figureTable([figure], 'vi').split('\n')[2]).toMatch(/Thành phố .*940\/1\.329 .*70,72 % .*trên 90 % .*chưa đạt .*2 giờ trước/);
  });

  it('never rounds up to a target that is not met', () => {
    const nearly: FigureRow = { ...figure, numerator: 99_996, denominator: 100_000, value: 99.996, target: { op: '>=', value: 100 } };
    expect(figureTable([nearly], 'en').split('\n')[2]).toMatch(/ 99\.99 % .*not met/);
  });

  it('shows points with three decimals, cut off, and a target without a per cent sign', () => {
    const band: FigureRow = {
      ...figure,
      measure: 'points',
      numerator: 84_186,
      denominator: 100_000,
      value: 84.186,
      target: { op: '>=', value: 80 },
      state: 'met',
    };
    expect(figureTable([band], 'en').split('\n')[2]).toMatch(/ 84,186\/100,000 +84\.186 +≥ 80 +met /);
    expect(figureTable([band], 'vi').split('\n')[2]).toMatch(/ 84\.186\/100\.000 +84,186 +≥ 80 +đạt /);
    const third = { ...band, numerator: 2, denominator: 3, value: 66.666_666 };
    expect(figureTable([third], 'en')).toContain(' 66.666 ');
    expect(figureTable([{ ...band, numerator: 80_000, value: 80 }], 'en')).toContain(' 80.000 ');
  });

  it('shows a rank and a count as plain numbers', () => {
    const rank: FigureRow = {
      ...figure,
      measure: 'rank',
      numerator: 2,
      denominator: 9,
      value: 2,
      target: { op: '<=', value: 5 },
      state: 'met',
    };
    expect(figureTable([rank], 'vi').split('\n')[2]).toMatch(/ 2\/9 +2 +≤ 5 +đạt /);
    const count: FigureRow = {
      ...rank,
      measure: 'count',
      numerator: 1_200,
      denominator: 1_200,
      value: 1_200,
      target: { op: '>', value: 0 },
    };
    expect(figureTable([count], 'en').split('\n')[2]).toMatch(/ 1,200\/1,200 +1,200 +above 0 +met /);
  });

  it('says what a target that compares with the start of the year compares with', () => {
    const iso: FigureRow = { ...figure, numerator: 3, denominator: 8, value: 37.5, target: { op: 'not-falling' }, state: 'monitor' };
    expect(figureTable([iso], 'vi').split('\n')[2]).toMatch(/ 37,5 % {2}không giảm {2}theo dõi/);
    expect(figureTable([iso], 'en').split('\n')[2]).toMatch(/ 37\.5 % {2}not falling {2}monitored/);
    const baseline = { at: '2021-01-01T00:00:00.000+07:00', numerator: 1, denominator: 3 };
    expect(figureTable([{ ...iso, baseline, state: 'met' }], 'en')).toContain(' not falling (from 33.33 %)  met');
    expect(figureTable([{ ...iso, baseline: { ...baseline, denominator: 0 } }], 'en')).toContain(' not falling  monitored');
  });

  it('marks a body that is in no total, and says why below the table', () => {
    const land: FigureRow = { ...figure, unitName: 'Chi nhánh VPĐKĐĐ', unitNameEn: 'Land registry branch', beside: true };
    const text = figureTable([figure, land], 'vi').split('\n');
    expect(text[2]).not.toContain('*');
    expect(text[3]).toContain('Chi nhánh VPĐKĐĐ *');
    expect(text.at(-1)).toMatch(/^\* .*không tính vào tổng/);
    expect(figureTable([figure], 'vi')).not.toContain('*');
  });

  it('says how many state secrets were left out', () => {
    const work: FigureRow = { ...figure, indicator: 'G6-WORK-CITY', secretExcluded: 12 };
    expect(figureTable([work], 'en').split('\n').at(-1)).toBe('G6-WORK-CITY, City, 2011: 12 left out as state secrets, as declared');
    expect(figureTable([{ ...work, secretExcluded: 0 }], 'en')).not.toContain('secrets');
  });

  it('shows no value where there is no denominator', () => {
    const silent: FigureRow = {
      ...figure,
      numerator: 0,
      denominator: 0,
      value: null,
      target: null,
      state: 'no-data',
      freshness: { lastCountedAt: null, seconds: null },
    };
    const line = figureTable([silent], 'vi').split('\n')[2]!;
    expect(line).toContain('chưa có dữ liệu');
    expect(line).not.toContain('%');
  });

  it('keeps its columns straight', () => {
    const lines = figureTable([figure, { ...figure, unitName: 'Phường Vĩnh Ninh' }], 'vi').split('\n');
    expect(new Set(lines.slice(2).map((line) => line.indexOf('2011'))).size).toBe(1);
  });
});
