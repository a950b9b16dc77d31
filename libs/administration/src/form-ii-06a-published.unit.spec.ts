import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkPublished } from './form-ii-06a-published.ts';

const published = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../shared/data/published-figures/${name}.json`, import.meta.url), 'utf8'));
const lines = (document: unknown): string[] =>
  checkPublished(document).findings.map(({ block, kind, text }) => `${block} | ${kind} | ${text.en}`);

describe('the report of the one-stop centre of Huế for 2020, as published', () => {
  it('has these faults and no others', () => {
    expect(lines(published('hue-one-stop-2020'))).toEqual([
      ' | percent-of-counts | digitised: 100 % published, the counts give 99.47 % = 29,530 / (33,450 − 3,764)',
      'cityAuthority | identity | 7 = 9 + 10 does not hold: 17,265 + 1,458 = 18,723 ≠ 18,273 (difference −450); digits transposed: 18,273 told, 18,723 fits',
      'cityAuthority | identity | 3 = 7 + 11 does not hold: 18,273 + 870 = 19,143 ≠ 19,593 (difference +450); digits transposed: 18,273 told, 18,723 fits',
      'cityAuthority | percent-sum | percentages of one whole are more than it: 91.6 + 9.2 = 100.8 % > 100 %',
      'cityAuthority | percent-of-counts | onTime: 91.6 % published, the counts give 91.53 % = (17,265 + 669) / 19,593; 94.48 % = 17,265 / 18,273',
      'cityAuthority | percent-of-counts | late: 9.2 % published, the counts give 8.47 % = (1,458 + 201) / 19,593; 7.98 % = 1,458 / 18,273',
      'landRegistry | percent-of-counts | onTime: 90.1 % published, the counts give 89.13 % = (11,817 + 534) / 13,857; 89.08 % = 11,817 / 13,265',
      'landRegistry | percent-of-counts | late: 9.9 % published, the counts give 10.87 % = (1,448 + 58) / 13,857; 10.92 % = 1,448 / 13,265',
    ]);
  });

  it('says so in Vietnamese too', () => {
    const texts = checkPublished(published('hue-one-stop-2020')).findings.map(({ text }) => text.vi);
    expect(texts).toContain(
      '7 = 9 + 10 không đúng: 17.265 + 1.458 = 18.723 ≠ 18.273 (chênh −450); đảo chữ số: ghi 18.273, khớp nếu là 18.723',
    );
    expect(texts).toContain('tổng các tỷ lệ vượt 100 %: 91,6 + 9,2 = 100,8 % > 100 %');
  });
});

describe('the statistics of the provincial portal, as published', () => {
  it('leave dossiers in no class, and are right in all else', () => {
    const check = checkPublished(published('thua-thien-hue-portal-statistics'));
    expect(check.findings.map(({ block, text }) => `${block}: ${/difference (\S+)\)/.exec(text.en)![1]}`)).toEqual([
      'level 1,2: +9,612',
      'level 3: +2,267',
      'level 4: +3',
    ]);
    // Three levels by two identities, and the shares of level 3 and level 4.
    expect(check.checked).toBe(8);
  });
});

describe('other published reports', () => {
  it('without counts of dossiers have nothing to be checked', () => {
    for (const name of ['hue-one-stop-satisfaction-2019q1', 'par-index-2021-districts'])
      expect(checkPublished(published(name))).toEqual({ checked: 0, findings: [] });
    for (const document of [null, [], 'text', 3, {}]) expect(checkPublished(document)).toEqual({ checked: 0, findings: [] });
  });

  it('are found right where they are right, rounded or cut off', () => {
    const right = { received: 300, online: 100, onlinePct: 33.3, done: 30, early: 10, onTime: 15, late: 5, earlyPct: 33.33, latePct: 16.7 };
    expect(checkPublished(right)).toEqual({ checked: 5, findings: [] });
    expect(checkPublished({ ...right, latePct: 16.6 }).findings).toEqual([]);
    expect(lines({ ...right, latePct: 16.5 })).toEqual([' | percent-of-counts | late: 16.5 % published, the counts give 16.67 % = 5 / 30']);
    expect(lines({ ...right, latePct: 16.8 })).toHaveLength(1);
  });

  it('may have percentages that only rounding lifts over 100', () => {
    expect(lines({ onTimePct: 50.1, latePct: 50 })).toEqual([]);
    expect(lines({ onTimePct: 91.6, latePct: 9.2 })).toHaveLength(1);
  });

  it('are held against the sum of their parts', () => {
    const parts = {
      parts: [
        { name: 'A', received: 10 },
        { name: 'B', received: 32 },
      ],
    };
    expect(checkPublished({ received: 42, ...parts })).toEqual({ checked: 1, findings: [] });
    expect(lines({ received: 24, ...parts })).toEqual([
      ' | parts | the parts do not add up to the whole (received): 10 + 32 = 42 ≠ 24; digits transposed: 24 told, 42 fits',
    ]);
  });

  it('are told of numbers that can count nothing', () => {
    expect(lines({ received: -1 })).toEqual([' | no-count | received: -1 is no number of dossiers']);
    expect(lines({ done: 1.5 })).toHaveLength(1);
  });

  it('may be a form of ours', () => {
    const row = {
      unitName: 'Phường An Cựu',
      received: { total: 5, online: 1, direct: 2, carriedOver: 2 },
      done: { total: 3, early: 1, onTime: 1, late: 0, unclassified: { count: 1, reason: 'no-due-date' } },
      inProcess: { total: 2, inTerm: 1, overdue: 1, unclassified: { count: 0, reason: 'no-due-date' } },
    };
    expect(checkPublished({ cities: [{ city: 'hue', rows: [row], total: row }] })).toEqual({ checked: 8, findings: [] });
    const wrong = { ...row, done: { ...row.done, late: 4 } };
    expect(checkPublished({ cities: [{ cityName: 'Huế', rows: [wrong] }] }).findings).toMatchObject([
      { block: 'cities / Huế / rows / Phường An Cựu', kind: 'identity' },
    ]);
  });
});
