import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeFault } from './fault.ts';
import { backlogPlan, kindsOf, makePlan, planLength } from './fault-plan.ts';

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const minutes = fc.integer({ min: 2, max: 12 });

describe('the plan of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    fc.assert(
      fc.property(seeds, minutes, (seed, length) =>
        expect(makePlan({ seed, minutes: length })).toEqual(makePlan({ seed, minutes: length })),
      ),
    );
    expect(makePlan({ seed: 1, minutes: 2 })).not.toEqual(makePlan({ seed: 2, minutes: 2 }));
  });

  it('has every kind of fault from two minutes on', () => {
    fc.assert(
      fc.property(seeds, minutes, fc.boolean(), fc.boolean(), (seed, length, cluster, lostMessages) => {
        const options = { seed, minutes: length, cluster, lostMessages };
        const dealt = new Set(makePlan(options).map(({ fault }) => fault.kind));
        expect([...dealt].sort()).toEqual(kindsOf(options).sort());
      }),
    );
  });

  it('fits its minutes, and its faults follow each other', () => {
    fc.assert(
      fc.property(seeds, minutes, (seed, length) => {
        const plan = makePlan({ seed, minutes: length });
        expect(planLength(plan)).toBeLessThanOrEqual(length * 60_000);
        expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).sort((a, b) => a - b));
      }),
    );
  });

  it('loses messages only where that is asked for, and kills a leader only in a cluster', () => {
    expect(kindsOf({})).not.toContain('messages-lost');
    expect(kindsOf({})).not.toContain('leader-killed');
    expect(kindsOf({ cluster: true })).not.toContain('broker-killed');
  });

  it('never does two things to one process at once', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { fault } of makePlan({ seed, minutes: 10 })) {
          if (fault.kind !== 'several-at-once') continue;
          const services = fault.faults.flatMap((each) => ('service' in each ? [each.service] : []));
          expect(new Set(services).size).toBe(services.length);
        }
      }),
    );
  });

  it('holds the broker down for as long as a backlog is asked for', () => {
    const plan = backlogPlan(10);
    expect(plan[0]!.fault).toEqual({ kind: 'broker-outage', lastsMs: 600_000 });
    expect(planLength(plan)).toBeGreaterThan(620_000);
  });

  it('can be read', () => {
    const plan = makePlan({ seed: 7, minutes: 10 });
    for (const { fault } of plan) expect(describeFault(fault)).toContain(fault.kind === 'several-at-once' ? ' + ' : fault.kind);
  });
});
