import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns what the check returns once it neither throws nor is false', async () => {
    let calls = 0;
    const check = () => {
      calls++;
      if (calls === 1) throw new Error('not yet');
      return calls === 2 ? false : calls;
    };
    expect(await eventually(check, { everyMs: 1 })).toBe(3);
  });

  it('gives up with the last failure', async () => {
    const check = () => Promise.reject(new Error('the reason'));
    await expect(eventually(check, { timeoutMs: 5, everyMs: 1 })).rejects.toThrow('the reason');
  });
});
