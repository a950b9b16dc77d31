import { endOfTerm, monthOf, workingStart } from './independent-calendar.ts';
import { ofType, standing, type Told } from './independent-events.ts';
import { type Share } from './independent-on-time.ts';

interface Step {
  role: string;
  hours: number;
  /** What has to be done before it can be. */
  after: string[];
}

/** The process of incoming documents in words, as the only one that the year names; it ends with its file, or with its refusal. */
const INCOMING_DOCUMENT: Record<string, Step> = {
  'Tiếp nhận văn bản đến': { role: 'Văn thư', hours: 4, after: [] },
  'Từ chối tiếp nhận và báo nơi gửi': { role: 'Văn thư', hours: 4, after: ['Tiếp nhận văn bản đến'] },
  'Đăng ký số đến': { role: 'Văn thư', hours: 4, after: ['Tiếp nhận văn bản đến'] },
  'Trình người có thẩm quyền': { role: 'Văn thư', hours: 8, after: ['Đăng ký số đến'] },
  'Cho ý kiến chỉ đạo và phân công': { role: 'Lãnh đạo', hours: 8, after: ['Trình người có thẩm quyền'] },
  'Giải quyết văn bản': { role: 'Đơn vị chủ trì', hours: 40, after: ['Cho ý kiến chỉ đạo và phân công'] },
  'Cho ý kiến phối hợp': { role: 'Đơn vị phối hợp', hours: 24, after: ['Cho ý kiến chỉ đạo và phân công'] },
  'Báo cáo kết quả giải quyết': { role: 'Đơn vị chủ trì', hours: 8, after: ['Giải quyết văn bản', 'Cho ý kiến phối hợp'] },
  'Lập hồ sơ và lưu': { role: 'Đơn vị chủ trì', hours: 16, after: ['Báo cáo kết quả giải quyết'] },
};
const REFUSAL = 'Từ chối tiếp nhận và báo nơi gửi';
/** What comes by post is taken in by hand. */
const MAY_BE_ON_PAPER = 'Tiếp nhận văn bản đến';

function followsIncomingDocument(told: readonly Told[]): boolean {
  return ofType(told, 'vn.par.work-dossier.opened.v1')[0]?.data.process === 'incoming-document';
}

/** Whether a step on paper does no harm: the process says so. */
export function isPaperAllowed(told: readonly Told[], step: string): boolean {
  return followsIncomingDocument(told) && step === MAY_BE_ON_PAPER;
}

/** G8-CONFORM of one work dossier by its two rules: closed, and every step as the process says, with or without asking how long it took. */
export function conformanceShares(events: readonly Told[]): Share[] {
  const told = standing(events, 'vn.par.work-dossier.corrected.v1');
  const completed = ofType(told, 'vn.par.work-dossier.completed.v1')[0];
  if (!completed || !followsIncomingDocument(told)) return [];
  const openedAt = told[0]!.at;
  const steps = ofType(told, 'vn.par.work-dossier.step-taken.v1');
  const inOrder = isInOrder(steps);
  const share = (rule: string, counts: boolean): Share => ({
    indicator: 'G8-CONFORM',
    rule,
    unit: completed.unit,
    month: monthOf(completed.at),
    numerator: counts ? 1 : 0,
    denominator: 1,
  });
  return [share('every-step-in-order', inOrder), share('every-step-as-process', inOrder && isInTime(steps, openedAt))];
}

type StepTaken = Told<'vn.par.work-dossier.step-taken.v1'>;

/** Each step once, by its role, after all that it has to wait for, and none left out. */
function isInOrder(steps: readonly StepTaken[]): boolean {
  const done = new Set<string>();
  for (const { data } of steps) {
    const known = INCOMING_DOCUMENT[data.step];
    if (!known || done.has(data.step) || !known.after.every((each) => done.has(each))) return false;
    if (data.role !== undefined && data.role !== known.role) return false;
    done.add(data.step);
  }
  return done.size === (done.has(REFUSAL) ? 2 : Object.keys(INCOMING_DOCUMENT).length - 1);
}

/** Each step within its office hours from when the last that it had to wait for was done. */
function isInTime(steps: readonly StepTaken[], openedAt: number): boolean {
  const doneAt = new Map<string, number>();
  for (const { data, at } of steps) {
    const { hours, after } = INCOMING_DOCUMENT[data.step]!;
    const since = Math.max(openedAt, ...after.map((each) => doneAt.get(each)!));
    // Hours that are used up at noon or in the evening last until the office opens again.
    if (at > workingStart(endOfTerm(since, { amount: hours, unit: 'working-hour' }))) return false;
    doneAt.set(data.step, at);
  }
  return true;
}
