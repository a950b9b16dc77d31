import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  NETWORK_VERDICT_LABELS,
  type NetworkSigns,
  networkVerdict,
  type UnitVerdict,
  VERDICT_REASON_LABELS,
  type VerdictBasis,
} from './network-verdict.ts';

const now = new Date('2021-07-05T08:00:00.000Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
/** In place of a working calendar: within the last hour. */
const basis: VerdictBasis = { now, clockToleranceMs: 300_000, isRecent: (at) => at.getTime() >= now.getTime() - 3_600_000 };
const heartbeat = (
  minutes: number,
  more: Partial<NonNullable<NetworkSigns['lastHeartbeat']>> = {},
): NonNullable<NetworkSigns['lastHeartbeat']> => ({
  at: ago(minutes),
  link: 'up',
  software: 'up',
  ...more,
});

describe('the verdict on a unit', () => {
  const table: [string, NetworkSigns, UnitVerdict][] = [
    ['never heard', {}, { verdict: 'never-heard', reason: 'nothing-heard-ever' }],
    ['heard over the dedicated network', { lastHeardTslcd: ago(5) }, { verdict: 'up', reason: 'heard-over-tslcd', since: ago(5) }],
    [
      'heard over both',
      { lastHeardTslcd: ago(50), lastHeardInternet: ago(1) },
      { verdict: 'up', reason: 'heard-over-tslcd', since: ago(50) },
    ],
    [
      'all well, with a heartbeat',
      { lastHeardTslcd: ago(1), lastHeartbeat: heartbeat(1, { clockOffsetMs: 300_000 }), lastSoftwareEvent: ago(59) },
      { verdict: 'up', reason: 'heard-over-tslcd', since: ago(1) },
    ],
    [
      'heartbeat says that the link is down',
      { lastHeardTslcd: ago(90), lastHeardInternet: ago(2), lastHeartbeat: heartbeat(2, { link: 'down', software: 'down' }) },
      { verdict: 'link-down', reason: 'heartbeat-says-link-down', since: ago(90) },
    ],
    [
      'heard over the internet only',
      { lastHeardTslcd: ago(90), lastHeardInternet: ago(2), lastSoftwareEvent: ago(2) },
      { verdict: 'link-down', reason: 'heard-over-internet-only', since: ago(90) },
    ],
    ['never heard over the dedicated network', { lastHeardInternet: ago(2) }, { verdict: 'link-down', reason: 'heard-over-internet-only' }],
    [
      'a link that is down explains a clock that is wrong',
      { lastHeardInternet: ago(2), lastHeartbeat: heartbeat(2, { link: 'down', clockOffsetMs: 900_000 }) },
      { verdict: 'link-down', reason: 'heartbeat-says-link-down' },
    ],
    [
      'clock ahead',
      { lastHeardTslcd: ago(1), lastHeartbeat: { ...heartbeat(0), at: ago(-9), clockOffsetMs: 600_000 }, lastSoftwareEvent: ago(1) },
      { verdict: 'clock-wrong', reason: 'clock-off', since: ago(1) },
    ],
    [
      'clock behind by days: the heartbeat is recent all the same',
      { lastHeardTslcd: ago(1), lastHeartbeat: { ...heartbeat(0), at: ago(3 * 1_440 + 1), clockOffsetMs: -3 * 86_400_000 } },
      { verdict: 'clock-wrong', reason: 'clock-off', since: ago(1) },
    ],
    [
      'software down',
      { lastHeardTslcd: ago(1), lastHeartbeat: heartbeat(1, { software: 'down' }), lastSoftwareEvent: ago(30) },
      { verdict: 'software-silent', reason: 'heartbeat-says-software-down', since: ago(30) },
    ],
    [
      'software up and silent',
      { lastHeardTslcd: ago(1), lastHeartbeat: heartbeat(1), lastSoftwareEvent: ago(61) },
      { verdict: 'software-silent', reason: 'no-software-event', since: ago(61) },
    ],
    [
      'software never heard',
      { lastHeardTslcd: ago(1), lastHeartbeat: heartbeat(1) },
      { verdict: 'software-silent', reason: 'no-software-event' },
    ],
    [
      'an old heartbeat says nothing of now',
      { lastHeardTslcd: ago(5), lastHeartbeat: heartbeat(61, { link: 'down', software: 'down', clockOffsetMs: 600_000 }) },
      { verdict: 'up', reason: 'heard-over-tslcd', since: ago(5) },
    ],
    [
      'silent',
      { lastHeardTslcd: ago(200), lastHeardInternet: ago(100), lastSoftwareEvent: ago(150), lastHeartbeat: heartbeat(300) },
      { verdict: 'silent', reason: 'nothing-heard-lately', since: ago(100) },
    ],
  ];
  it.each(table)('%s', (_, signs, expected) => expect(networkVerdict(signs, basis)).toEqual(expected));
});

describe('any signs', () => {
  const minutes = fc.option(fc.integer({ min: 0, max: 200 }).map(ago), { nil: undefined });
  const state = fc.constantFrom('up' as const, 'down' as const);
  const signs = fc
    .record({
      lastHeardTslcd: minutes,
      lastHeardInternet: minutes,
      lastSoftwareEvent: minutes,
      lastHeartbeat: fc.option(
        fc.record({
          at: fc.integer({ min: 0, max: 200 }).map(ago),
          link: state,
          software: state,
          clockOffsetMs: fc.constantFrom(0, 299_999, -600_000),
        }),
        { nil: undefined },
      ),
    })
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as NetworkSigns);

  it('have a verdict with labels; up means heard lately over the dedicated network, grey that nothing was', () => {
    fc.assert(
      fc.property(signs, (all) => {
        const { verdict, reason, since } = networkVerdict(all, basis);
        const label = NETWORK_VERDICT_LABELS[verdict];
        expect(label.vi.length * label.en.length * VERDICT_REASON_LABELS[reason].vi.length).toBeGreaterThan(0);
        const recent = [all.lastHeardTslcd, all.lastHeardInternet].map((at) => at !== undefined && basis.isRecent(new Date(at)));
        if (verdict === 'up') expect([recent[0], since]).toEqual([true, all.lastHeardTslcd]);
        if (label.grey) expect(recent).toEqual([false, false]);
        expect(verdict === 'never-heard').toBe(Object.keys(all).length === 0);
      }),
      { numRuns: 500 },
    );
  });
});
