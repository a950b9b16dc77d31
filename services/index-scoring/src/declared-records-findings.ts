import { type Label } from '@par/administration';
import { type EventIdentity } from '@par/contracts';

export type DeclaredFindingCode =
  | 'paper-work.parts-exceed-total'
  | 'secret-count.parts-exceed-total'
  | 'inspection.told-differently'
  | 'function-review.completed-without-plan'
  | 'function-review.other-unit'
  | 'survey.more-answers-than-forms'
  | 'survey.more-forms-than-issued'
  | 'survey.question-twice'
  | 'survey.told-differently'
  | 'staff-standard.more-than-staff'
  | 'assessment.more-than-applicable'
  | 'ranking.city-not-listed'
  | 'ranking.more-peers-than-told'
  | 'ranking.peer-twice'
  | 'ranking.rank-differs'
  | 'declaration.correction-without-target';

/** Something in a declaration that cannot be right. It is counted as told; a person should see it. */
export interface DeclaredFinding {
  code: DeclaredFindingCode;
  event: EventIdentity;
  /** Id of the question, the period or the peer's official code that it is about. Never a count. */
  raw?: string;
}

export function findingOf(code: DeclaredFindingCode, { source, id }: EventIdentity, raw?: string): DeclaredFinding {
  return { code, event: { source, id }, ...(raw !== undefined && { raw }) };
}

/** What people read of a finding on a declaration. */
export const DECLARED_FINDING_LABELS: Readonly<Record<DeclaredFindingCode, Label>> = {
  'paper-work.parts-exceed-total': {
    vi: 'Hồ sơ giấy theo tháng, quý nhiều hơn tổng của kỳ',
    en: 'Paper work of the months or quarters exceeds the total of the period',
  },
  'secret-count.parts-exceed-total': {
    vi: 'Số hồ sơ mật theo tháng, quý nhiều hơn tổng của kỳ',
    en: 'Secret dossiers of the months or quarters exceed the total of the period',
  },
  'inspection.told-differently': { vi: 'Một cuộc kiểm tra khai hai lần khác nhau', en: 'One inspection told twice with different content' },
  'function-review.completed-without-plan': {
    vi: 'Rà soát hoàn thành nhưng không có kế hoạch',
    en: 'Review completed that was not planned',
  },
  'function-review.other-unit': { vi: 'Rà soát hoàn thành ở đơn vị khác kế hoạch', en: 'Review completed at another unit than planned' },
  'survey.more-answers-than-forms': {
    vi: 'Câu hỏi có nhiều câu trả lời hơn số phiếu thu về',
    en: 'Question with more answers than forms that came back',
  },
  'survey.more-forms-than-issued': { vi: 'Phiếu thu về nhiều hơn phiếu phát ra', en: 'More forms came back than were given out' },
  'survey.question-twice': { vi: 'Một câu hỏi có hai lần', en: 'One question twice' },
  'survey.told-differently': { vi: 'Một cuộc khảo sát khai hai lần khác nhau', en: 'One survey told twice with different content' },
  'staff-standard.more-than-staff': { vi: 'Số người đạt chuẩn nhiều hơn tổng số', en: 'More staff meet the standard than there are' },
  'assessment.more-than-applicable': { vi: 'Điểm đạt cao hơn điểm tối đa', en: 'More points awarded than the criteria can give' },
  'ranking.city-not-listed': { vi: 'Thành phố không có trong danh sách xếp hạng', en: 'The city is not among the ranked peers' },
  'ranking.more-peers-than-told': { vi: 'Nhiều đơn vị được xếp hạng hơn tổng số', en: 'More peers are ranked than there are' },
  'ranking.peer-twice': { vi: 'Một đơn vị có hai lần trong bảng xếp hạng', en: 'One peer twice in the ranking' },
  'ranking.rank-differs': { vi: 'Thứ hạng công bố không khớp với điểm', en: 'The published rank does not fit the scores' },
  'declaration.correction-without-target': {
    vi: 'Đính chính một khai báo chưa nhận được',
    en: 'Correction of a declaration that has not come in',
  },
};
