import { type Label } from '@par/administration';
import type { Confidentiality, DocumentRefusal, Signer, Urgency } from '@par/contracts';
import { type DocumentEventType } from './document-event.ts';
import { type DocumentFindingCode } from './document-findings.ts';
import type { DocumentState, RecipientState } from './document-shape.ts';

/** What people call the state of a document, Decree 30/2020 art. 10–19. */
export const STATE_LABELS: Readonly<Record<DocumentState, Label>> = {
  unknown: { vi: 'Chưa rõ trạng thái', en: 'State not known' },
  draft: { vi: 'Đang soạn thảo', en: 'Draft' },
  submitted: { vi: 'Đã trình', en: 'Submitted' },
  approved: { vi: 'Đã duyệt', en: 'Approved' },
  'signed-by-person': { vi: 'Người có thẩm quyền đã ký', en: 'Signed by the person in charge' },
  signed: { vi: 'Cơ quan đã ký', en: 'Signed by the organisation' },
  numbered: { vi: 'Đã cấp số', en: 'Numbered' },
  issued: { vi: 'Đã phát hành', en: 'Issued' },
  filed: { vi: 'Đã lưu', en: 'Filed' },
  recalled: { vi: 'Đã thu hồi', en: 'Recalled' },
  replaced: { vi: 'Đã được thay thế', en: 'Replaced' },
};

/** Meanings of the status codes of QCVN 102:2016, and of no status yet. */
export const RECIPIENT_LABELS: Readonly<Record<RecipientState, Label>> = {
  sent: { vi: 'Đã gửi, chưa có phản hồi', en: 'Sent, nothing heard yet' },
  arrived: { vi: 'Đã đến', en: 'Arrived' },
  refused: { vi: 'Từ chối tiếp nhận', en: 'Refused' },
  registered: { vi: 'Đã tiếp nhận, vào sổ', en: 'Registered' },
  assigned: { vi: 'Đã phân công', en: 'Assigned' },
  'in-process': { vi: 'Đang xử lý', en: 'In process' },
  completed: { vi: 'Hoàn thành', en: 'Completed' },
  'recall-requested': { vi: 'Được yêu cầu lấy lại', en: 'Recall requested' },
  'recall-accepted': { vi: 'Đồng ý cập nhật, lấy lại', en: 'Recall or update accepted' },
  'recall-refused': { vi: 'Từ chối cập nhật, lấy lại', en: 'Recall or update refused' },
  removed: { vi: 'Đã rút khỏi nơi nhận', en: 'Removed from its receivers' },
};

export const DOCUMENT_EVENT_LABELS: Readonly<Record<DocumentEventType, Label>> = {
  'vn.par.document.drafted.v1': { vi: 'Soạn thảo', en: 'Drafted' },
  'vn.par.document.submitted.v1': { vi: 'Trình ký', en: 'Submitted' },
  'vn.par.document.approved.v1': { vi: 'Duyệt', en: 'Approved' },
  'vn.par.document.returned.v1': { vi: 'Trả lại để chỉnh sửa', en: 'Returned for rework' },
  'vn.par.document.signed.v1': { vi: 'Ký', en: 'Signed' },
  'vn.par.document.numbered.v1': { vi: 'Cấp số', en: 'Numbered' },
  'vn.par.document.issued.v1': { vi: 'Phát hành', en: 'Issued' },
  'vn.par.document.filed.v1': { vi: 'Lưu', en: 'Filed' },
  'vn.par.document.arrived.v1': { vi: 'Văn bản đến', en: 'Arrived' },
  'vn.par.document.refused.v1': { vi: 'Từ chối tiếp nhận', en: 'Refused' },
  'vn.par.document.registered.v1': { vi: 'Tiếp nhận, vào sổ', en: 'Registered' },
  'vn.par.document.assigned.v1': { vi: 'Phân công', en: 'Assigned' },
  'vn.par.document.in-process.v1': { vi: 'Đang xử lý', en: 'In process' },
  'vn.par.document.completed.v1': { vi: 'Hoàn thành', en: 'Completed' },
  'vn.par.document.recall-requested.v1': { vi: 'Yêu cầu lấy lại', en: 'Recall requested' },
  'vn.par.document.recall-accepted.v1': { vi: 'Đồng ý cập nhật, lấy lại', en: 'Recall accepted' },
  'vn.par.document.recall-refused.v1': { vi: 'Từ chối cập nhật, lấy lại', en: 'Recall refused' },
  'vn.par.document.recalled.v1': { vi: 'Thu hồi', en: 'Recalled' },
  'vn.par.document.updated.v1': { vi: 'Cập nhật', en: 'Updated' },
  'vn.par.document.replaced.v1': { vi: 'Thay thế', en: 'Replaced' },
  'vn.par.document.corrected.v1': { vi: 'Đính chính', en: 'Correction' },
};

export const DOCUMENT_FINDING_LABELS: Readonly<Record<DocumentFindingCode, Label>> = {
  'approved-before-submitted': { vi: 'Duyệt trước khi trình', en: 'Approved before it was submitted' },
  'signed-before-approved': { vi: 'Ký trước khi duyệt', en: 'Signed before it was approved' },
  'numbered-before-signed': { vi: 'Cấp số trước khi người có thẩm quyền ký', en: 'Numbered before the person in charge signed' },
  'numbered-twice': { vi: 'Được cấp số hai lần', en: 'Numbered twice' },
  'issued-before-signed': {
    vi: 'Phát hành khi chưa có chữ ký của người có thẩm quyền',
    en: 'Issued before the person in charge signed',
  },
  'issued-before-organisation-signed': { vi: 'Phát hành khi cơ quan chưa ký số', en: 'Issued before the organisation signed' },
  'issued-before-numbered': { vi: 'Phát hành khi chưa cấp số', en: 'Issued before it was numbered' },
  'issued-twice': { vi: 'Phát hành hai lần', en: 'Issued twice' },
  'issuer-differs': { vi: 'Cơ quan ban hành không thống nhất', en: 'Told with different issuers' },
  'filed-before-issued': { vi: 'Lưu trước khi phát hành', en: 'Filed before it was issued' },
  'returned-after-issue': { vi: 'Trả lại sau khi đã phát hành', en: 'Returned after it was issued' },
  'not-by-its-issuer': {
    vi: 'Thu hồi hoặc thay thế bởi cơ quan không ban hành văn bản; không có hiệu lực',
    en: 'Recalled or replaced by another than its issuer; without effect',
  },
  'word-of-stranger': { vi: 'Phản hồi của nơi không nhận văn bản', en: 'Word of an organisation that it does not go to' },
  'word-before-issue': { vi: 'Phản hồi có thời điểm trước khi phát hành', en: 'Word of a receiver from before the issue' },
  'refused-and-taken': { vi: 'Vừa từ chối vừa tiếp nhận', en: 'Both refused and taken in by one receiver' },
  'registered-twice': { vi: 'Vào sổ hai lần với số khác nhau', en: 'Registered twice by one receiver' },
  'recall-answered-unasked': { vi: 'Trả lời thu hồi khi chưa được yêu cầu', en: 'Recall answered that nobody asked for' },
  'correction-without-target': { vi: 'Đính chính một sự kiện chưa nhận được', en: 'Correction of an event that has not come in' },
};

export const URGENCY_LABELS: Readonly<Record<Urgency, Label>> = {
  normal: { vi: 'Thường', en: 'Normal' },
  urgent: { vi: 'Khẩn', en: 'Urgent' },
  'very-urgent': { vi: 'Thượng khẩn', en: 'Very urgent' },
  express: { vi: 'Hỏa tốc', en: 'Express' },
  'express-at-hour': { vi: 'Hỏa tốc hẹn giờ', en: 'Express, at a set hour' },
};

export const CONFIDENTIALITY_LABELS: Readonly<Record<Confidentiality, Label>> = {
  public: { vi: 'Công khai', en: 'Public' },
  internal: { vi: 'Lưu hành nội bộ', en: 'Internal' },
  restricted: { vi: 'Hạn chế tiếp cận', en: 'Restricted' },
};

export const REFUSAL_LABELS: Readonly<Record<DocumentRefusal, Label>> = {
  'not-ours': { vi: 'Không thuộc thẩm quyền', en: 'Not for this receiver' },
  'broken-file': { vi: 'Tệp hỏng', en: 'Broken file' },
  'bad-signature': { vi: 'Chữ ký số không hợp lệ', en: 'Bad digital signature' },
  'wrong-form': { vi: 'Sai thể thức', en: 'Wrong form' },
  other: { vi: 'Lý do khác', en: 'Other' },
};

export const SIGNER_LABELS: Readonly<Record<Signer, Label>> = {
  person: { vi: 'Người có thẩm quyền', en: 'Person in charge' },
  organisation: { vi: 'Cơ quan, tổ chức', en: 'Organisation' },
};
