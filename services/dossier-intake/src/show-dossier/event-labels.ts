import { type DossierEventType, type Label } from '@par/administration';

/** What a type is called between prefix and version. */
export type EventName = DossierEventType extends `vn.par.dossier.${infer Name}.v1` ? Name : never;

/** What each event of a dossier is called on its timeline. */
export const EVENT_LABELS: Readonly<Record<DossierEventType, Label>> = {
  'vn.par.dossier.registered.v1': { vi: 'Đăng ký hồ sơ', en: 'Dossier registered' },
  'vn.par.dossier.received.v1': { vi: 'Tiếp nhận hồ sơ', en: 'Dossier received' },
  'vn.par.dossier.intake-refused.v1': { vi: 'Từ chối tiếp nhận', en: 'Intake refused' },
  'vn.par.dossier.supplement-requested.v1': { vi: 'Yêu cầu bổ sung giấy tờ', en: 'Supplement requested' },
  'vn.par.dossier.supplemented.v1': { vi: 'Đã bổ sung hồ sơ', en: 'Dossier supplemented' },
  'vn.par.dossier.transferred.v1': { vi: 'Chuyển hồ sơ', en: 'Dossier transferred' },
  'vn.par.dossier.fee-requested.v1': { vi: 'Yêu cầu thực hiện nghĩa vụ tài chính', en: 'Payment requested' },
  'vn.par.dossier.fee-paid.v1': { vi: 'Đã thực hiện nghĩa vụ tài chính', en: 'Payment made' },
  'vn.par.dossier.paused.v1': { vi: 'Tạm dừng xử lý', en: 'Paused' },
  'vn.par.dossier.resumed.v1': { vi: 'Tiếp tục xử lý', en: 'Resumed' },
  'vn.par.dossier.extended.v1': { vi: 'Xin lỗi và hẹn lại ngày trả kết quả', en: 'Apology and new appointment' },
  'vn.par.dossier.result-ready.v1': { vi: 'Xử lý xong', en: 'Result ready' },
  'vn.par.dossier.returned.v1': { vi: 'Trả kết quả', en: 'Result returned' },
  'vn.par.dossier.refused.v1': { vi: 'Từ chối giải quyết', en: 'Result refused' },
  'vn.par.dossier.withdrawn.v1': { vi: 'Rút hồ sơ', en: 'Withdrawn' },
  'vn.par.dossier.rated.v1': { vi: 'Đánh giá mức độ hài lòng', en: 'Rated by the applicant' },
  'vn.par.dossier.linked.v1': { vi: 'Liên thông với hồ sơ khác', en: 'Linked with another dossier' },
  'vn.par.dossier.state-reported.v1': { vi: 'Báo trạng thái', en: 'State reported' },
  'vn.par.dossier.corrected.v1': { vi: 'Đính chính', en: 'Correction' },
};
