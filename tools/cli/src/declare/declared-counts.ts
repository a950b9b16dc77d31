import type { EventType } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import { countColumn, dayOf, declaredOn, numberOf, PERIOD_COLUMN, textOf, UNIT_COLUMN, type DeclarationKind } from './declaration-kind.ts';

const LATEST_HOLDS: Bilingual = {
  vi: 'Ngày người có thẩm quyền khai báo. Nếu sửa số của cùng một kỳ: ghi ngày (hoặc giờ) muộn hơn, bản muộn nhất có hiệu lực. Có thể bỏ trống khi dùng --as-of.',
  en: 'Day on which an authorised person declares it. To change the count of a period give a later day (or hour): the latest holds. May be empty with --as-of.',
};

/** Counts of a unit and a period: of one period the latest declaration holds. */
function periodCount(name: string, type: EventType, title: Bilingual, help: Bilingual, example: string): DeclarationKind {
  return {
    name,
    title,
    columns: [UNIT_COLUMN, PERIOD_COLUMN, countColumn('count', { vi: 'Số lượng', en: 'Count' }, help), declaredOn(LATEST_HOLDS)],
    days: ['date'],
    takesAsOf: true,
    examples: [
      { unit: 'Phường Gia Hội', period: '07/2021', count: example, date: '05/08/2021' },
      { unit: 'Phòng Nội vụ', period: 'Q3/2021', count: '9', date: '05/10/2021' },
    ],
    drafts: ([row]) => {
      const { values } = row!;
      const unit = textOf(values, 'unit');
      const period = textOf(values, 'period');
      return [{ type, subject: unit, unit, at: textOf(values, 'date'), about: period, data: { period, count: numberOf(values, 'count') } }];
    },
  };
}

/** Work dossiers that were handled on paper only; they enter the denominator of goals 6a and 6b. */
export const PAPER_WORK = periodCount(
  'paper-work',
  'vn.par.paper-work.declared.v1',
  { vi: 'Hồ sơ công việc xử lý trên giấy', en: 'Work dossiers handled on paper' },
  {
    vi: 'Số hồ sơ công việc đã kết thúc trong kỳ mà chỉ xử lý trên giấy. Nếu khai cả tháng và quý hoặc năm thì kỳ dài hơn là tổng số.',
    en: 'Work dossiers closed in the period that were handled on paper only. Where months and their quarter or year are declared, the longer period is the total.',
  },
  '12',
);

/** State secrets left out of the figures: an integer from the paper register and nothing else (Law 29/2018/QH14 art. 5). */
export const SECRET_COUNTS = periodCount(
  'secret-counts',
  'vn.par.secret-count.declared.v1',
  { vi: 'Số hồ sơ bí mật nhà nước không tính vào chỉ số', en: 'State secrets left out of the figures' },
  {
    vi: 'Chỉ ghi một số nguyên theo sổ đăng ký bằng giấy. Không ghi bất kỳ thông tin nào khác về hồ sơ mật.',
    en: 'An integer from the paper register only. Write nothing else about a secret dossier.',
  },
  '3',
);

/** Staff of a unit who meet the standard of their title (goal 2). */
export const STAFF_STANDARDS: DeclarationKind = {
  name: 'staff-standards',
  title: { vi: 'Cán bộ, công chức, viên chức đáp ứng tiêu chuẩn', en: 'Staff who meet the standard of their title' },
  columns: [
    UNIT_COLUMN,
    countColumn(
      'staff',
      { vi: 'Tổng số CBCCVC', en: 'Staff' },
      { vi: 'Số người tại ngày khai báo.', en: 'People on that day.' },
      1_000_000,
    ),
    countColumn(
      'meeting',
      { vi: 'Số đáp ứng tiêu chuẩn', en: 'Meeting the standard' },
      { vi: 'Không lớn hơn tổng số.', en: 'Not more than the staff.' },
      1_000_000,
    ),
    declaredOn(LATEST_HOLDS),
  ],
  days: ['date'],
  takesAsOf: true,
  examples: [{ unit: 'Phòng Nội vụ', staff: '18', meeting: '16', date: '31/12/2021' }],
  drafts: ([row]) => {
    const { values } = row!;
    const unit = textOf(values, 'unit');
    const at = textOf(values, 'date');
    const data = { staff: numberOf(values, 'staff'), meeting: numberOf(values, 'meeting') };
    if (data.meeting > data.staff) {
      return { column: 'meeting', text: { vi: 'lớn hơn tổng số CBCCVC', en: 'more than the staff' } };
    }
    return [{ type: 'vn.par.staff-standard.declared.v1', subject: unit, unit, at, about: dayOf(at), data }];
  },
};
