import { type Label } from './labels.ts';
import { type ProcedureFindingCode } from './procedure.ts';

/** What people read of a finding on a procedure. */
export const PROCEDURE_FINDING_LABELS: Readonly<Record<ProcedureFindingCode, Label>> = {
  'procedure.not-published': { vi: 'TTHC chưa được công bố', en: 'Procedure that was never published' },
  'procedure.published-twice': {
    vi: 'Công bố hai lần cùng một thời điểm với nội dung khác nhau',
    en: 'Published twice for one instant with different content',
  },
  'procedure.published-by-another-unit': {
    vi: 'Cơ quan khác công bố khi TTHC đang có hiệu lực',
    en: 'Published by another authority while in force',
  },
  'procedure.published-and-abolished-at-once': {
    vi: 'Công bố và bãi bỏ cùng một thời điểm',
    en: 'Published and abolished at one instant',
  },
  'procedure.changed-before-published': { vi: 'Thay đổi trước khi công bố', en: 'Changed before it was published' },
  'procedure.changed-after-abolished': { vi: 'Thay đổi sau khi bãi bỏ', en: 'Changed after it was abolished' },
  'procedure.abolished-out-of-force': { vi: 'Bãi bỏ khi không có hiệu lực', en: 'Abolished while not in force' },
  'procedure.level-told-twice': { vi: 'Hai mức độ cho cùng một thời điểm', en: 'Two levels for one instant' },
  'procedure.term-told-twice': { vi: 'Hai thời hạn cho cùng một thời điểm', en: 'Two time limits for one instant' },
  'procedure.term-not-shorter': { vi: 'Thời hạn cắt giảm không ngắn hơn trước', en: 'A term cut that is not shorter than before' },
  'procedure.iso-withdrawn-without-issue': {
    vi: 'Thu hồi quy trình ISO chưa ban hành',
    en: 'ISO process withdrawn that was not issued',
  },
  'procedure.correction-without-target': {
    vi: 'Đính chính một sự kiện chưa nhận được',
    en: 'Correction of an event that has not come in',
  },
};
