import { describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from '@par/service-kit';
import fc from 'fast-check';
import { GROUP_COMMIT_LIMITS, GroupCommit } from './group-commit.ts';

describe('a group commit', () => {
  it('answers every call with its own result, in groups of bounded size, few at a time', async () => {
    const calls = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(calls, async (sizes) => {
        let running = 0;
        const groups: number[][] = [];
        const commits = new GroupCommit<number, string>(
          async (items) => {
            running += 1;
            expect(running).toBeLessThanOrEqual(2);
            groups.push(items.map((item) => sizes[item]!));
            await new Promise((done) => setImmediate(done));
            running -= 1;
            return items.map((item) => `done ${item}`);
          },
          { ...GROUP_COMMIT_LIMITS, rows: 40, lingerMs: 1 },
        );
        const results = await Promise.all(sizes.map((size, item) => commits.submit(item, size)));
        expect(results).toEqual(sizes.map((_, item) => `done ${item}`));
        // A group is closed as soon as it is full, so only its last call may go over the limit.
        for (const group of groups) expect(group.slice(0, -1).reduce((sum, size) => sum + size, 0)).toBeLessThan(40);
        expect(commits.backlog).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('joins calls of one moment', async () => {
    const groups: number[] = [];
    const commits = new GroupCommit<number, number>((items) => Promise.resolve((groups.push(items.length), items)));
    await Promise.all(Array.from({ length: 100 }, (_, n) => commits.submit(n, 1)));
    expect(groups).toEqual([100]);
  });

  it('does each call alone when a group fails, so that one bad call fails by itself', async () => {
    const commits = new GroupCommit<string, string>((items) =>
      items.includes('bad') ? Promise.reject(new Error('bad')) : Promise.resolve(items),
    );
    const settled = await Promise.allSettled(['a', 'bad', 'b'].map((item) => commits.submit(item, 1)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('tries again what PostgreSQL asks to try again, and not what it cannot', async () => {
    let tries = 0;
    const deadlock = Object.assign(new Error('deadlock'), { code: '40P01' });
    const twice = new GroupCommit<number, number>((items) => ((tries += 1) < 3 ? Promise.reject(deadlock) : Promise.resolve(items)));
    expect([await twice.submit(7, 1), tries]).toEqual([7, 3]);

    tries = 0;
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    const never = new GroupCommit<number, number>(() => ((tries += 1), Promise.reject(away)));
    const settled = await Promise.allSettled([never.submit(1, 1), never.submit(2, 1)]);
    expect(settled).toEqual([
      { status: 'rejected', reason: away },
      { status: 'rejected', reason: away },
    ]);
    expect(tries).toBe(1);
  });

  it('lets no call wait for a database that says nothing, and does nothing of it later', async () => {
    const begun: number[] = [];
    const commits = new GroupCommit<number, number>(
      (items) => {
        begun.push(...items);
        return new Promise(() => undefined);
      },
      { rows: 1, lingerMs: 1, inFlight: 1, patienceMs: 20 },
    );
    const settled = await Promise.allSettled([commits.submit(1, 1), commits.submit(2, 1)]);
    for (const each of settled) expect(each.status === 'rejected' && isDatabaseAway(each.reason)).toBe(true);
    expect([begun, commits.backlog]).toEqual([[1], 0]);
  });
});
