import { describe, expect, it } from '@jest/globals';
import { type SaveListAnswer, saveListText } from './show-save-list.command.ts';

const HOUR = 3_600_000;
const answer: SaveListAnswer = {
  unit: 'dept-a',
  asOf: '2021-07-14T01:00:00.000Z',
  timeZone: 'Asia/Ho_Chi_Minh',
  text: { vi: 'Một hồ sơ', en: 'One dossier' },
  items: [
    {
      id: 'W-1',
      dueAt: '2021-07-15T01:00:00.000Z',
      state: '',
      leftMs: 8 * HOUR,
      usualMs: 9.5 * HOUR,
      moveBy: '2021-07-13T09:30:00.000Z',
      samples: 40,
      longer: 29,
      of: 'all-units',
    },
  ],
  unknownItems: [{ id: 'W-2', text: { vi: 'Chưa đủ dữ liệu', en: 'Not enough data' } }],
  next: 'x',
};

describe('the save-list at the terminal', () => {
  it('has a line for each dossier in the manner and hours of the reader, and says what has no verdict and that there is more', () => {
    const vi = saveListText(answer, 'vi');
    expect(vi).toMatch(/^Một hồ sơ\n\nHồ sơ +Bước gần nhất/);
    expect(vi).toMatch(/W-1 +\(mới mở\) .*15\/7\/21.* 8 +9,5 +29 \/ 40 \(mọi đơn vị\)/);
    expect(vi).toContain('W-2: Chưa đủ dữ liệu');
    expect(vi).toContain('còn nữa');
    expect(saveListText(answer, 'en')).toMatch(
      /W-1 +\(opened\) +15\/07\/2021, 08:00 +13\/07\/2021, 16:30 +8 +9\.5 +29 \/ 40 \(all units\)/,
    );
  });

  it('is one sentence where nothing is named', () => {
    expect(saveListText({ ...answer, items: [], unknownItems: [], next: null }, 'en')).toBe('One dossier');
  });
});
