import { describe, expect, it } from '@jest/globals';
import { boundariesText } from '../show-boundaries/show-boundaries.command.ts';
import { countsText } from '../show-findings/show-findings.command.ts';
import { rebuildText } from '../rebuild-figures/rebuild-figures.command.ts';
import { scoresText } from './show-scores.command.ts';

describe('what the terminal says of', () => {
  it('points: three decimals in the reader’s manner, and what is open instead of a smaller score', () => {
    const answer = {
      unit: 'hue',
      period: '2022',
      scores: [
        { ref: 'A', computed: true, max: 20, thousandths: 17_005 },
        {
          ref: 'B',
          computed: false,
          max: 18,
          reasons: [{ code: 'open-maximum', ref: 'b', vi: 'chưa rõ điểm tối đa', en: 'maximum not known' }],
        },
      ],
    };
    expect(scoresText(answer, 'vi')).toMatch(/A +17,005 +20/);
    expect(scoresText(answer, 'vi')).toMatch(/B +không tính +18 +chưa rõ điểm tối đa/);
    expect(scoresText(answer, 'en')).toMatch(/B +not computed +18 +maximum not known/);
    expect(scoresText({ ...answer, scores: [] }, 'en')).toContain('PLANS');
  });

  it('findings: that there are none, or how many of which', () => {
    expect(countsText([], 'en')).toBe('No data-quality findings.');
    const label = { vi: 'Trả kết quả hai lần', en: 'Returned twice' };
    expect(countsText([{ source: null, unit: 'u', code: 'returned-twice', label, count: 3 }], 'vi')).toMatch(
      /– +u +returned-twice +Trả kết quả hai lần +3/,
    );
  });

  it('a rebuild: what moved, how much of it is shown, and that a failed one left everything as it was', () => {
    const figure = { indicator: 'G1-ONTIME', rule: 'due-date', unit: 'u', month: '2021-07' };
    const moved = [1, 2, 3].map((n) => ({ ...figure, before: { numerator: n, denominator: 9 }, after: { numerator: 0, denominator: 9 } }));
    const report = { state: 'done' as const, plan: 'hue-2021', startedAt: '', subjects: 5, done: 5, moved };
    expect(rebuildText(report, 2, 'en')).toMatch(/3 figures moved[\s\S]*G1-ONTIME\.due-date\.u\.2021-07 +1\/9 +0\/9[\s\S]*and 1 more/);
    expect(rebuildText({ ...report, moved: [] }, 2, 'vi')).toContain('0 số liệu thay đổi');
    expect(rebuildText({ ...report, state: 'failed', error: 'x' }, 2, 'en')).toContain('as they were');
  });

  it('boundaries: rows, what a unit took in, and the total', () => {
    const row = { key: 'unit:a', kind: 'unit', name: { vi: 'Phường A', en: 'A Ward' }, numerator: 1, denominator: 2, value: 50 };
    const answer = {
      ...{ indicator: 'G1-ONTIME', rule: 'ii-06a', period: '2021', on: '2021-01-01', total: { numerator: 1, denominator: 2 } },
      rows: [{ ...row, absorbs: [{ unit: 'b', from: '2021-07-01', whole: false }] }],
    };
    expect(boundariesText(answer, 'en')).toMatch(/boundaries of 2021-01-01[\s\S]*A Ward +1 +2 +\+ b \(part\) from 2021-07-01\nTotal +1 +2/);
    expect(boundariesText(answer, 'vi')).toContain('Tổng');
  });
});
