import type { NotOnlineReason, WorkDossierKind } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { type Deviation } from './conformance.ts';

export const REASON_TEXTS: Readonly<Record<NotOnlineReason, Bilingual>> = {
  'paper-step': { en: 'At least one step was taken on paper.', vi: 'Có ít nhất một bước xử lý trên giấy.' },
  'no-step-recorded': {
    en: 'No step was recorded: silence is not proof.',
    vi: 'Không có bước xử lý nào được ghi nhận nên không đủ căn cứ.',
  },
  'declared-paper': { en: 'The department declared it to be handled on paper.', vi: 'Đơn vị khai báo hồ sơ được xử lý trên giấy.' },
  'wet-signature': { en: 'It was signed by hand on paper.', vi: 'Văn bản được ký tay trên giấy.' },
  'signature-invalid': { en: 'A digital signature does not hold.', vi: 'Chữ ký số không hợp lệ.' },
  'signature-missing': { en: 'A digital signature is due, and nothing was signed.', vi: 'Bước bắt buộc ký số nhưng chưa có chữ ký nào.' },
  'signature-unverified': {
    en: 'The signed file was never shown, so its signature could not be looked at.',
    vi: 'Tệp đã ký chưa được gửi để kiểm tra chữ ký số.',
  },
  'no-electronic-file': { en: 'What was signed has no electronic file.', vi: 'Văn bản đã ký không có tệp điện tử.' },
};

/** Whether it is known until when a work dossier has to be settled. */
export type DueState = 'told' | 'no-data';
export const DUE_TEXTS: Readonly<Record<DueState, Bilingual>> = {
  told: { en: 'The due date was told.', vi: 'Đã có hạn giải quyết.' },
  'no-data': { en: 'No data: nobody told a due date.', vi: 'Chưa có dữ liệu: chưa nhận được hạn giải quyết.' },
};

export const DEVIATION_TEXTS: Readonly<Record<Deviation['kind'], Bilingual>> = {
  skipped: { en: 'The process asks for this step, and it was not taken.', vi: 'Quy trình yêu cầu bước này nhưng chưa thực hiện.' },
  'out-of-order': { en: 'The step was taken out of its order.', vi: 'Bước được thực hiện sai thứ tự.' },
  repeated: { en: 'The step was taken once more than the process has it.', vi: 'Bước bị thực hiện lặp lại ngoài quy trình.' },
  unknown: { en: 'The process has no such step.', vi: 'Quy trình không có bước này.' },
  'wrong-role': { en: 'Another role took the step than the process says.', vi: 'Bước do vai trò khác thực hiện so với quy trình.' },
  'over-time': { en: 'The step took more working time than is allowed.', vi: 'Bước vượt quá thời gian làm việc cho phép.' },
};

export const KIND_TEXTS: Readonly<Record<WorkDossierKind, Bilingual>> = {
  procedure: { en: 'Administrative procedure', vi: 'Thủ tục hành chính' },
  'incoming-document': { en: 'Incoming document', vi: 'Văn bản đến' },
  'outgoing-document': { en: 'Outgoing document', vi: 'Văn bản đi' },
  matter: { en: "A matter of the office's own", vi: 'Công việc của đơn vị' },
};
