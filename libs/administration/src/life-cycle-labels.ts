import { type Label } from './labels.ts';
import { type FindingCode, type LifeCycle, type Stop, type StopCause } from './life-cycle-shape.ts';

/** What people read of a finding on a dossier. */
export const FINDING_LABELS: Readonly<Record<FindingCode, Label>> = {
  'unknown-national-code': { vi: 'Mã trạng thái không có trong danh mục quốc gia', en: 'State code that the national list does not have' },
  'received-twice': { vi: 'Tiếp nhận hai lần với nội dung khác nhau', en: 'Received twice with different content' },
  'intake-refused-twice': { vi: 'Từ chối tiếp nhận hai lần', en: 'Intake refused twice' },
  'result-ready-twice': { vi: 'Xử lý xong hai lần ở thời điểm khác nhau', en: 'Result ready twice, at different times' },
  'returned-twice': { vi: 'Trả kết quả hai lần với nội dung khác nhau', en: 'Result returned twice with different content' },
  'refused-twice': { vi: 'Từ chối giải quyết hai lần ở thời điểm khác nhau', en: 'Refused twice, at different times' },
  'withdrawn-twice': { vi: 'Rút hồ sơ hai lần ở thời điểm khác nhau', en: 'Withdrawn twice, at different times' },
  'extended-twice': { vi: 'Hẹn lại quá một lần (NĐ 61/2018 điều 19.9)', en: 'Extended more than once (Decree 61/2018 art. 19.9)' },
  'supplement-requested-twice': {
    vi: 'Yêu cầu bổ sung quá một lần (NĐ 61/2018 điều 11.2c)',
    en: 'Supplement requested more than once (Decree 61/2018 art. 11.2c)',
  },
  'ended-in-two-ways': { vi: 'Kết thúc theo hai cách', en: 'Ended in two ways' },
  'intake-refused-and-received': { vi: 'Vừa bị từ chối tiếp nhận vừa được tiếp nhận', en: 'Both refused at intake and received' },
  'ready-before-received': { vi: 'Xử lý xong trước khi tiếp nhận', en: 'Result ready before it was received' },
  'returned-before-received': { vi: 'Trả kết quả trước khi tiếp nhận', en: 'Result returned before it was received' },
  'returned-before-ready': { vi: 'Trả kết quả trước khi xử lý xong', en: 'Result returned before it was ready' },
  'registered-after-received': { vi: 'Đăng ký sau khi tiếp nhận', en: 'Registered after it was received' },
  'processed-before-received': { vi: 'Từ chối hoặc hẹn lại trước khi tiếp nhận', en: 'Refused or extended before it was received' },
  'supplemented-without-request': { vi: 'Bổ sung khi không có yêu cầu', en: 'Supplemented without a request' },
  'fee-paid-without-request': { vi: 'Nộp tiền khi không có yêu cầu', en: 'Paid without a request' },
  'resumed-without-pause': { vi: 'Tiếp tục khi không tạm dừng', en: 'Resumed without a pause' },
  'extended-after-due': {
    vi: 'Xin lỗi muộn hơn một ngày trước khi hết hạn (NĐ 61/2018 điều 19.9)',
    en: 'Apology later than one day before the term ends (Decree 61/2018 art. 19.9)',
  },
  'due-before-receipt': { vi: 'Ngày hẹn trả trước ngày tiếp nhận', en: 'Appointment before the receipt' },
  'event-after-end': { vi: 'Sự kiện xảy ra sau khi hồ sơ kết thúc', en: 'Event after the dossier ended' },
  'code-date-differs': { vi: 'Ngày trong mã hồ sơ khác ngày tiếp nhận', en: 'Date in the dossier code differs from the receipt' },
  'correction-without-target': { vi: 'Đính chính một sự kiện chưa nhận được', en: 'Correction of an event that has not come in' },
  'happened-after-sent': { vi: 'Thời điểm xảy ra sau thời điểm gửi', en: 'Happened after it was sent' },
};

/** What a dossier was stopped by. */
export const STOP_LABELS: Readonly<Record<Stop['by'], Label>> = {
  supplement: { vi: 'Chờ bổ sung hồ sơ', en: 'Waiting for a supplement' },
  fee: { vi: 'Chờ thực hiện nghĩa vụ tài chính', en: 'Waiting for payment' },
  pause: { vi: 'Tạm dừng xử lý', en: 'Paused' },
};

/** Whom it waited for. */
export const STOP_CAUSE_LABELS: Readonly<Record<StopCause, Label>> = {
  applicant: { vi: 'Công dân, tổ chức', en: 'The applicant' },
  tax: { vi: 'Cơ quan thuế', en: 'The tax office' },
  'other-body': { vi: 'Cơ quan khác', en: 'Another body' },
  other: { vi: 'Lý do khác', en: 'Another reason' },
};

/** How a dossier ended. */
export const END_LABELS: Readonly<Record<NonNullable<LifeCycle['ended']>['as'], Label>> = {
  result: { vi: 'Có kết quả', en: 'With a result' },
  refused: { vi: 'Từ chối giải quyết', en: 'Refused' },
  withdrawn: { vi: 'Công dân rút hồ sơ', en: 'Withdrawn by the applicant' },
};
