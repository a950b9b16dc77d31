import { type Label } from './labels.ts';

/** What the clock of a dossier does while it is in a state. */
export type Clock =
  | 'not-started'
  | 'starts'
  | 'never-started'
  | 'runs'
  /** Stands still; starts again from zero when the full dossier is back (Decree 61/2018 art. 19.4). */
  | 'stops-then-from-zero'
  /** Stands still and runs on from where it stopped. */
  | 'stops'
  /** Stopped for good: what on-time is judged by. */
  | 'stopped'
  /** Was stopped before. */
  | 'over';

export const CLOCK_LABELS: Readonly<Record<Clock, Label>> = {
  'not-started': { vi: 'Chưa tính thời hạn', en: 'Not started' },
  starts: { vi: 'Bắt đầu tính thời hạn', en: 'Starts at receipt' },
  'never-started': { vi: 'Không tính thời hạn', en: 'Never started' },
  runs: { vi: 'Đang tính thời hạn', en: 'Runs' },
  'stops-then-from-zero': { vi: 'Tạm dừng; tính lại từ đầu khi đủ hồ sơ', en: 'Stands still; starts again from zero' },
  stops: { vi: 'Tạm dừng tính thời hạn', en: 'Stands still' },
  stopped: { vi: 'Dừng tính thời hạn', en: 'Stopped' },
  over: { vi: 'Đã kết thúc', en: 'Over' },
};

/** Whether a dossier leaves a state again. Sources differ about 8: a pause goes on, a refusal does not. */
export type Terminal = 'no' | 'yes' | 'either';

/** One code of the national portal's list `TrangThaiHoSo`. */
export interface NationalStateEntry {
  /** Its name in our answers. */
  name: string;
  label: Label;
  /** Statuses of OpenCPS that come to this state; the mapping is ours. */
  openCps: readonly string[];
  /** Form of Circular 01/2018/TT-VPCP art. 9 that goes out in this state; null where it has none. */
  slip: 'Mẫu 01' | 'Mẫu 02' | 'Mẫu 03' | 'Mẫu 05' | null;
  terminal: Terminal;
  clock: Clock;
}

/** The ten national codes `TrangThaiHoSo` with what each means for the clock; the clock column and the OpenCPS counterparts are ours. */
export const NATIONAL_STATES = {
  1: {
    name: 'registered',
    label: { vi: 'Mới đăng ký', en: 'Registered' },
    openCps: ['new'],
    slip: null,
    terminal: 'no',
    clock: 'not-started',
  },
  2: {
    name: 'received',
    label: { vi: 'Được tiếp nhận', en: 'Received' },
    openCps: ['receiving'],
    slip: 'Mẫu 01',
    terminal: 'no',
    clock: 'starts',
  },
  3: {
    name: 'intake-refused',
    label: { vi: 'Không được tiếp nhận', en: 'Intake refused' },
    openCps: ['denied'],
    slip: 'Mẫu 03',
    terminal: 'yes',
    clock: 'never-started',
  },
  4: {
    name: 'in-process',
    label: { vi: 'Đang xử lý', en: 'In process' },
    openCps: ['processing', 'interoperating', 'handover', 'releasing'],
    slip: 'Mẫu 05',
    terminal: 'no',
    clock: 'runs',
  },
  5: {
    name: 'supplement-requested',
    label: { vi: 'Yêu cầu bổ sung giấy tờ', en: 'Waiting for a supplement' },
    openCps: ['waiting', 'correcting'],
    slip: 'Mẫu 02',
    terminal: 'no',
    clock: 'stops-then-from-zero',
  },
  6: {
    name: 'fee-requested',
    label: { vi: 'Yêu cầu thực hiện nghĩa vụ tài chính', en: 'Waiting for payment' },
    openCps: ['paying'],
    slip: null,
    terminal: 'no',
    clock: 'stops',
  },
  7: {
    name: 'withdrawn',
    label: { vi: 'Công dân yêu cầu rút hồ sơ', en: 'Withdrawn' },
    openCps: ['cancelling', 'cancelled'],
    slip: null,
    terminal: 'yes',
    clock: 'stopped',
  },
  8: {
    name: 'halted',
    label: { vi: 'Dừng xử lý', en: 'Processing halted' },
    openCps: ['pausing', 'unresolved'],
    slip: null,
    terminal: 'either',
    clock: 'stops',
  },
  9: {
    name: 'result-ready',
    label: { vi: 'Đã xử lý xong', en: 'Result ready' },
    openCps: ['releasing', 'posting'],
    slip: null,
    terminal: 'no',
    clock: 'stopped',
  },
  10: {
    name: 'returned',
    label: { vi: 'Đã trả kết quả', en: 'Result returned' },
    openCps: ['done'],
    slip: null,
    terminal: 'yes',
    clock: 'over',
  },
} as const satisfies Readonly<Record<number, NationalStateEntry>>;

export type NationalState = keyof typeof NATIONAL_STATES;

const BY_CODE: ReadonlyMap<string, NationalState> = new Map(
  Object.keys(NATIONAL_STATES).map((code) => [code, Number(code) as NationalState]),
);

/** The state that a source's code names; undefined for a code that the national list does not have. `02` is not `2`: codes are texts. */
export function nationalStateOf(code: string): NationalState | undefined {
  return BY_CODE.get(code);
}
