import { type StepAct } from '@par/contracts';

/** Id of the shipped process that a document which came in is settled by. */
export const INCOMING_DOCUMENT = 'incoming-document';

/** A step of the process as the software of an office reports it: its label, and the lane that takes it. */
export interface IncomingStep {
  step: string;
  role: string;
  act?: StepAct;
}

/** By the ids of their elements in the file. */
export const INCOMING_STEPS = {
  receive: { step: 'Tiếp nhận văn bản đến', role: 'Văn thư' },
  refuse: { step: 'Từ chối tiếp nhận và báo nơi gửi', role: 'Văn thư' },
  register: { step: 'Đăng ký số đến', role: 'Văn thư' },
  submit: { step: 'Trình người có thẩm quyền', role: 'Văn thư' },
  direct: { step: 'Cho ý kiến chỉ đạo và phân công', role: 'Lãnh đạo', act: 'assigned' },
  opinion: { step: 'Cho ý kiến phối hợp', role: 'Đơn vị phối hợp', act: 'opinion-given' },
  settle: { step: 'Giải quyết văn bản', role: 'Đơn vị chủ trì', act: 'drafted' },
  report: { step: 'Báo cáo kết quả giải quyết', role: 'Đơn vị chủ trì', act: 'submitted' },
  file: { step: 'Lập hồ sơ và lưu', role: 'Đơn vị chủ trì', act: 'filed' },
} as const satisfies Record<string, IncomingStep>;

export interface IncomingWalk {
  /** It is sent back, and nothing more comes. */
  isRefused?: boolean;
  /** The supporting unit is passed over. */
  isWithoutOpinion?: boolean;
  /** It is handed up first and registered afterwards. */
  isRegisteredLate?: boolean;
}

/** A made-up walk through the process, whole and in its order but for what is chosen. The one place where whoever makes up such matters has its steps from. */
export function walkIncomingDocument({ isRefused, isWithoutOpinion, isRegisteredLate }: IncomingWalk = {}): IncomingStep[] {
  const { receive, refuse, register, submit, direct, opinion, settle, report, file } = INCOMING_STEPS;
  if (isRefused) return [receive, refuse];
  const clerk = isRegisteredLate ? [submit, register] : [register, submit];
  return [receive, ...clerk, direct, ...(isWithoutOpinion ? [] : [opinion]), settle, report, file];
}
