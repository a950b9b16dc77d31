import { describe, expect, it } from '@jest/globals';
import { Failure, OperationalError } from '@par/service-kit';
import { judge, MAX_BUG_ATTEMPTS, MAX_OPERATIONAL_ATTEMPTS } from './retry-policy.ts';

const failure = new Failure('dossier.no-such', { en: 'no', vi: 'không' });
const operational = new OperationalError('unit.not-known-yet', 'not yet');
const bug = new TypeError('x is undefined');

describe('what becomes of a message that did not go through', () => {
  it.each([
    ['a failure', failure, 0, { kind: 'dead-letter', code: 'dossier.no-such' }],
    ['the first operational error', operational, 0, { kind: 'retry-later', code: 'unit.not-known-yet', delaySeconds: 1, attempt: 1 }],
    ['the fifth', operational, 4, { kind: 'retry-later', code: 'unit.not-known-yet', delaySeconds: 16, attempt: 5 }],
    [
      'a late one, at most ten minutes on',
      operational,
      14,
      { kind: 'retry-later', code: 'unit.not-known-yet', delaySeconds: 600, attempt: 15 },
    ],
    ['the last operational error', operational, MAX_OPERATIONAL_ATTEMPTS, { kind: 'dead-letter', code: 'unit.not-known-yet' }],
    ['a bug', bug, 0, { kind: 'retry-later', code: 'service.bug', delaySeconds: 1, attempt: 1 }],
    ['a bug again and again', bug, MAX_BUG_ATTEMPTS, { kind: 'dead-letter', code: 'service.bug' }],
    ['something that is no error', 'thrown text', MAX_BUG_ATTEMPTS, { kind: 'dead-letter', code: 'service.bug' }],
  ])('%s', (_name, error, attempt, verdict) => {
    expect(judge(error, attempt)).toEqual(verdict);
  });

  it('comes to an end for every error', () => {
    for (const error of [failure, operational, bug]) {
      let attempt = 0;
      for (let verdict = judge(error, attempt); verdict.kind === 'retry-later'; verdict = judge(error, attempt)) attempt = verdict.attempt;
      expect(attempt).toBeLessThanOrEqual(MAX_OPERATIONAL_ATTEMPTS);
    }
  });
});
