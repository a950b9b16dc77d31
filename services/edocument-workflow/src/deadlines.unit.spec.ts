import { afterEach, describe, expect, it } from '@jest/globals';
import { vietnamCalendar } from '@par/administration';
import { DeadlineRule } from './deadlines.ts';

describe('how deadlines are worked out', () => {
  afterEach(() => {
    for (const name of ['REMIND_STEP_BEFORE_HOURS', 'REMIND_APOLOGY_BEFORE_HOURS']) delete process.env[name];
  });

  it('is refused where the configuration is wrong, with every mistake', () => {
    Object.assign(process.env, { REMIND_STEP_BEFORE_HOURS: '2.5', REMIND_APOLOGY_BEFORE_HOURS: '-1' });
    expect(() => new DeadlineRule(vietnamCalendar())).toThrow(
      'configuration: REMIND_STEP_BEFORE_HOURS must be a whole number from 0 to 400, not "2.5"; ' +
        'REMIND_APOLOGY_BEFORE_HOURS must be a whole number from 0 to 400, not "-1"',
    );
  });

  it('is read once', () => {
    process.env.REMIND_STEP_BEFORE_HOURS = '4';
    const rule = new DeadlineRule(vietnamCalendar());
    process.env.REMIND_STEP_BEFORE_HOURS = '5';
    expect(rule.leads).toEqual({ step: 14_400_000, 'work-dossier': 28_800_000, apology: 10_800_000 });
  });
});
