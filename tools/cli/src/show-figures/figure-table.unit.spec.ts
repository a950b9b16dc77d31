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
