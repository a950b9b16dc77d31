import { type Label } from '@par/administration';
import { type LinkState } from '@par/contracts';

/** What is known of a unit's life on the network. All instants are UTC texts with milliseconds. */
export interface NetworkSigns {
  /** When it was last heard over the dedicated network (Mạng TSLCD), and over the internet. */
  lastHeardTslcd?: string;
  lastHeardInternet?: string;
  /** Its last event about a dossier or a work dossier. */
  lastSoftwareEvent?: string;
  /** What its monitoring last said of it; `at` by the unit's own clock. */
  lastHeartbeat?: { at: string; link: LinkState; software: LinkState; clockOffsetMs?: number };
}

export interface VerdictBasis {
  now: Date;
  /** Whether an instant lies within the last N working hours before now; later instants do too. */
  isRecent(at: Date): boolean;
  /** How far a unit's clock may be off, either way. */
  clockToleranceMs: number;
}

/** `silent` and `never-heard` say that nothing is known of the present: grey, neither good nor bad. */
export type NetworkVerdict = 'up' | 'link-down' | 'clock-wrong' | 'software-silent' | 'silent' | 'never-heard';

/** What the verdict rests on. */
export type VerdictReason =
  | 'heard-over-tslcd'
  | 'heartbeat-says-link-down'
  | 'heard-over-internet-only'
  | 'clock-off'
  | 'heartbeat-says-software-down'
  | 'no-software-event'
  | 'nothing-heard-lately'
  | 'nothing-heard-ever';

export interface UnitVerdict {
  verdict: NetworkVerdict;
  reason: VerdictReason;
  /** `silent`, `software-silent`, `link-down`: the last sign that it was otherwise. `up`, `clock-wrong`: the sign itself. Absent where there is none. */
  since?: string;
}

export const NETWORK_VERDICT_LABELS: Readonly<Record<NetworkVerdict, Label & { grey: boolean }>> = {
  up: { vi: 'Thông suốt', en: 'Up', grey: false },
  'link-down': { vi: 'Mất kết nối Mạng TSLCD', en: 'Dedicated network down', grey: false },
  'clock-wrong': { vi: 'Đồng hồ sai', en: 'Clock wrong', grey: false },
  'software-silent': { vi: 'Phần mềm không gửi dữ liệu', en: 'Software silent', grey: false },
  silent: { vi: 'Không nghe thấy', en: 'Not heard', grey: true },
  'never-heard': { vi: 'Chưa từng nghe thấy', en: 'Never heard', grey: true },
};

export const VERDICT_REASON_LABELS: Readonly<Record<VerdictReason, Label>> = {
  'heard-over-tslcd': { vi: 'Vừa nghe thấy qua Mạng TSLCD', en: 'Heard over the dedicated network lately' },
  'heartbeat-says-link-down': { vi: 'Giám sát của đơn vị báo mất kết nối', en: 'The unit’s monitoring says that the link is down' },
  'heard-over-internet-only': { vi: 'Chỉ nghe thấy qua Internet', en: 'Heard over the internet only' },
  'clock-off': { vi: 'Đồng hồ của đơn vị lệch quá mức cho phép', en: 'The unit’s clock is off by more than the tolerance' },
  'heartbeat-says-software-down': {
    vi: 'Giám sát của đơn vị báo phần mềm dừng',
    en: 'The unit’s monitoring says that the software is down',
  },
  'no-software-event': {
    vi: 'Còn tín hiệu giám sát nhưng không có sự kiện hồ sơ',
    en: 'Monitoring is heard, but no event about a dossier',
  },
  'nothing-heard-lately': { vi: 'Gần đây không nghe thấy gì', en: 'Nothing heard lately' },
  'nothing-heard-ever': { vi: 'Chưa từng nghe thấy gì', en: 'Nothing heard ever' },
};

/**
 * How a unit's side of the network stands, from what was heard of it. Operations only: goal 6c counts accepted connections, and an outage does not lower
 * it. What is nearest to the wire is judged first: a link that is down explains silent software, and not the other way round.
 */
export function networkVerdict(signs: NetworkSigns, basis: VerdictBasis): UnitVerdict {
  const { lastHeardTslcd, lastHeardInternet, lastSoftwareEvent, lastHeartbeat } = signs;
  const heartbeatAt = lastHeartbeat && trueTimeOf(lastHeartbeat);
  const lastSign = latest(lastHeardTslcd, lastHeardInternet, lastSoftwareEvent, heartbeatAt);
  if (lastSign === undefined) return { verdict: 'never-heard', reason: 'nothing-heard-ever' };

  const isRecent = (at: string | undefined): boolean => at !== undefined && basis.isRecent(new Date(at));
  const heartbeat = isRecent(heartbeatAt) ? lastHeartbeat : undefined;
  const lastLinked = lastHeardTslcd === undefined ? {} : { since: lastHeardTslcd };
  if (heartbeat?.link === 'down') return { verdict: 'link-down', reason: 'heartbeat-says-link-down', ...lastLinked };
  if (isRecent(lastHeardInternet) && !isRecent(lastHeardTslcd)) {
    return { verdict: 'link-down', reason: 'heard-over-internet-only', ...lastLinked };
  }
  if (heartbeat && Math.abs(heartbeat.clockOffsetMs ?? 0) > basis.clockToleranceMs) {
    return { verdict: 'clock-wrong', reason: 'clock-off', since: heartbeatAt! };
  }
  const lastWorked = lastSoftwareEvent === undefined ? {} : { since: lastSoftwareEvent };
  if (heartbeat?.software === 'down') return { verdict: 'software-silent', reason: 'heartbeat-says-software-down', ...lastWorked };
  if (heartbeat && !isRecent(lastSoftwareEvent)) return { verdict: 'software-silent', reason: 'no-software-event', ...lastWorked };
  if (isRecent(lastHeardTslcd)) return { verdict: 'up', reason: 'heard-over-tslcd', since: lastHeardTslcd! };
  return { verdict: 'silent', reason: 'nothing-heard-lately', since: lastSign };
}

/** A heartbeat bears the time of the clock that may be wrong; the offset that comes with it tells when it was sent. */
function trueTimeOf({ at, clockOffsetMs = 0 }: { at: string; clockOffsetMs?: number }): string {
  return new Date(Date.parse(at) - clockOffsetMs).toISOString();
}

function latest(...instants: (string | undefined)[]): string | undefined {
  return instants.reduce((last, at) => (at !== undefined && (last === undefined || at > last) ? at : last), undefined);
}
