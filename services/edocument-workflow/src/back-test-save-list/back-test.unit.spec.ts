import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { USUAL_PERCENT } from '../save-list.ts';
import { backTest, best, DUE_SOON, EVERYTHING, FEATURES, type Score, weighed } from './back-test.ts';
import { resultLines } from './back-test-text.ts';
import { type LogCase, permitCalendar, readPermitLog } from './permit-log.ts';

const LOG = new URL('../../../../../shared/data/receipt.csv', import.meta.url);
const DOCUMENT = new URL('../../../../docs/save-list.md', import.meta.url);
const ofState = FEATURES.filter(({ name }) => name === 'state');

describe('the back-test', () => {
  /** One case is opened each day and due after 21 days; every other one is slow and takes 28, the others 14. The first step tells which. */
  const made = (days: number): LogCase[] =>
    Array.from({ length: days }, (_, n) => {
      const opened = Date.UTC(2010, 9, 4 + n, 9);
      return {
        id: `case-${n}`,
        department: 'D',
        channel: 'Desk',
        openedAt: new Date(opened).toISOString(),
        dueAt: new Date(opened + 21 * 86_400_000).toISOString(),
        closedAt: new Date(opened + (n % 2 === 0 ? 28 : 14) * 86_400_000).toISOString(),
        steps: [{ step: n % 2 === 0 ? 'slow' : 'quick', at: new Date(opened + 86_400_000).toISOString() }],
      };
    });

  it('knows which of two kinds of cases misses, once each has shown itself', () => {
    const { test } = backTest(made(420), permitCalendar(), { features: ofState });
    const score: Score = test.get('state, 50 %')!;
    expect(score.rightlyNamed).toBeGreaterThan(0);
    expect(score.caughtCases).toBe(score.missedCases);
    expect(score.leadDays).toBeGreaterThanOrEqual(13);
    expect(test.get(EVERYTHING)).toMatchObject({ named: score.pairs, rightlyNamed: score.missed });
    expect(test.get(DUE_SOON)!.leadDays).toBeLessThanOrEqual(3);
  });

  it('learns nothing from what was not yet known: what happens after the test changes no naming', () => {
    const cases = made(460);
    const lastAsked = '2011-12-30T09:00:00.000Z';
    // The same cases, but those that were still open when it was last asked miss their date by a year; one more, so that the log ends with them at the same time.
    const late = '2012-12-30T09:00:00.000Z';
    const otherwise = cases.map((each) => (each.closedAt! > lastAsked ? { ...each, closedAt: late } : each));
    const last = { ...cases[0]!, id: 'last', openedAt: '2012-12-01T09:00:00.000Z', dueAt: '2012-12-20T09:00:00.000Z', closedAt: late };
    const scoreOf = (given: LogCase[]): Score =>
      backTest([...given, last], permitCalendar(), { features: ofState }).test.get('state, 30 %')!;
    expect(scoreOf(otherwise).missed).toBeGreaterThan(scoreOf(cases).missed);
    expect(scoreOf(otherwise).named).toBe(scoreOf(cases).named);
  });

  it('chooses by precision twice as much as by recall', () => {
    const score = { named: 10, rightlyNamed: 8, missed: 40, pairs: 100, unknown: 0, missedCases: 0, caughtCases: 0, namedCases: 0 };
    expect(weighed(score)).toBeCloseTo((1.25 * 0.8 * 0.2) / (0.25 * 0.8 + 0.2), 10);
    const scores = new Map(
      [10, 20, 30, 40, 50, 60, 70, 80, 90].map((p) => [`state, ${p} %`, { ...score, rightlyNamed: p === 40 ? 9 : 8 }]),
    );
    expect(best(scores, 'state')).toBe(40);
  });
});

describe('the back-test on the public log', () => {
  it('gives the published numbers, and chooses the quantile that is in force', () => {
    const cases = readPermitLog(LOG);
    expect(cases).toHaveLength(1_434);
    expect(cases.filter(({ closedAt, dueAt }) => closedAt !== undefined && closedAt > dueAt)).toHaveLength(389);
    const result = backTest(cases, permitCalendar(), { features: ofState });
    expect(result.chosen).toBe(USUAL_PERCENT);
    expect(readFileSync(DOCUMENT, 'utf8')).toContain(resultLines(result).join('\n'));
  }, 120_000);
});
