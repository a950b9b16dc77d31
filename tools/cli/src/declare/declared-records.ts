import { ANSWER_SCALES, INSPECTION_SUBJECTS, type AnswerScale, type InspectionSubject } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import {
  countColumn,
  dayOf,
  numberOf,
  textOf,
  UNIT_COLUMN,
  type Choice,
  type Column,
  type DeclarationKind,
  type Draft,
  type DraftFault,
} from './declaration-kind.ts';

/** As the front door takes it: narrow, so that no name of a person can stand in it. */
const RECORD_ID = /^[a-z0-9./-]{1,80}$/;

function recordColumn(title: Bilingual, required: boolean, help: Bilingual): Column {
  return { key: 'record', title, type: { kind: 'code', pattern: RECORD_ID, lower: true }, required, help };
}

const SUBJECTS: Record<InspectionSubject, Bilingual> = {
  reform: { vi: 'Cải cách hành chính', en: 'Administrative reform' },
  'home-affairs': { vi: 'Nội vụ', en: 'Home affairs' },
  'procedure-control': { vi: 'Kiểm soát thủ tục hành chính', en: 'Control of procedures' },
  'iso-9001': { vi: 'TCVN ISO 9001:2015', en: 'TCVN ISO 9001:2015' },
  discipline: { vi: 'Kỷ luật, kỷ cương', en: 'Discipline' },
  'directive-06': { vi: 'Chỉ thị 06/CT-UBND', en: 'Directive 06/CT-UBND' },
};

/** Completed inspections (goal 7). */
export const INSPECTIONS: DeclarationKind = {
  name: 'inspections',
  title: { vi: 'Kiểm tra đã hoàn thành', en: 'Completed inspections' },
  columns: [
    UNIT_COLUMN,
    {
      key: 'date',
      title: { vi: 'Ngày kết thúc kiểm tra', en: 'Completed on' },
      type: { kind: 'date' },
      required: true,
      help: { vi: 'Ngày kết thúc cuộc kiểm tra tại đơn vị.', en: 'Day on which the inspection of the unit ended.' },
    },
    {
      key: 'subjects',
      title: { vi: 'Nội dung kiểm tra', en: 'Subjects' },
      type: { kind: 'choices', of: INSPECTION_SUBJECTS.map((value): Choice => ({ value, label: SUBJECTS[value] })) },
      required: true,
      help: { vi: 'Một hoặc nhiều nội dung, cách nhau bằng dấu chấm phẩy.', en: 'One or more, separated by semicolons.' },
    },
    recordColumn({ vi: 'Số văn bản', en: 'Record' }, false, {
      vi: 'Số kết luận hoặc biên bản (12/kl-ubnd); bỏ trống thì lấy theo đơn vị và ngày.',
      en: 'Number of the conclusion or minutes (12/kl-ubnd); made of unit and day where empty.',
    }),
  ],
  days: ['date'],
  takesAsOf: false,
  examples: [
    { unit: 'Phường Gia Hội', date: '15/09/2021', subjects: 'Cải cách hành chính; Kỷ luật, kỷ cương', record: '12/kl-ubnd' },
    { unit: 'Phòng Nội vụ', date: '20/10/2021', subjects: 'reform', record: '' },
  ],
  drafts: ([row]) => {
    const { values } = row!;
    const unit = textOf(values, 'unit');
    const at = textOf(values, 'date');
    const subject = textOf(values, 'record') || `${unit}/${dayOf(at)}`;
    return [
      { type: 'vn.par.inspection.completed.v1', subject, unit, at, about: `${unit}/${dayOf(at)}`, data: { subjects: values.subjects } },
    ];
  },
};

/** Reviews of functions and tasks, planned and done (goal 5). */
export const FUNCTION_REVIEWS: DeclarationKind = {
  name: 'function-reviews',
  title: { vi: 'Rà soát chức năng, nhiệm vụ', en: 'Reviews of functions and tasks' },
  columns: [
    recordColumn({ vi: 'Mã rà soát', en: 'Review' }, true, {
      vi: 'Mã của lần rà soát, giữ nguyên khi khai hoàn thành: rs-2021-01.',
      en: 'Id of the review, the same when it is completed: rs-2021-01.',
    }),
    UNIT_COLUMN,
    {
      key: 'planned',
      title: { vi: 'Ngày theo kế hoạch', en: 'Planned for' },
      type: { kind: 'date' },
      required: true,
      help: {
        vi: 'Ngày mà kế hoạch giao; chỉ khai khi ngày này đã đến.',
        en: 'Day that the plan sets; declared once that day has come.',
      },
    },
    {
      key: 'completed',
      title: { vi: 'Ngày hoàn thành', en: 'Completed on' },
      type: { kind: 'date' },
      required: false,
      help: { vi: 'Bỏ trống khi chưa hoàn thành.', en: 'Empty while it is not done.' },
    },
  ],
  days: ['planned', 'completed'],
  takesAsOf: false,
  examples: [
    { record: 'rs-2021-01', unit: 'Phòng Nội vụ', planned: '01/06/2021', completed: '28/06/2021' },
    { record: 'rs-2021-02', unit: 'Phòng Tư pháp', planned: '01/09/2021', completed: '' },
  ],
  drafts: ([row]) => {
    const { values } = row!;
    const [subject, unit] = [textOf(values, 'record'), textOf(values, 'unit')];
    const [planned, completed] = [textOf(values, 'planned'), textOf(values, 'completed')];
    const drafts: Draft[] = [{ type: 'vn.par.function-review.planned.v1', subject, unit, at: planned, about: dayOf(planned), data: {} }];
    if (completed === '') return drafts;
    return [...drafts, { type: 'vn.par.function-review.completed.v1', subject, unit, at: completed, about: dayOf(completed), data: {} }];
  },
};

const SCALES: Record<AnswerScale, Bilingual> = {
  satisfaction: { vi: 'Hài lòng', en: 'Satisfaction' },
  other: { vi: 'Khác', en: 'Other' },
};
const ANSWERS: [string, Bilingual, Bilingual][] = [
  ['best', { vi: 'Mức cao nhất', en: 'Best' }, { vi: 'Số câu trả lời "Rất hài lòng".', en: 'Answers "very satisfied".' }],
  ['middle', { vi: 'Mức giữa', en: 'Middle' }, { vi: 'Số câu trả lời "Hài lòng".', en: 'Answers "satisfied".' }],
  ['worst', { vi: 'Mức thấp nhất', en: 'Worst' }, { vi: 'Số câu trả lời "Không hài lòng".', en: 'Answers "not satisfied".' }],
];

/** Surveys on paper or in another system, a row per question (goal 4d). */
export const SURVEYS: DeclarationKind = {
  name: 'surveys',
  title: { vi: 'Khảo sát mức độ hài lòng', en: 'Satisfaction surveys' },
  columns: [
    recordColumn({ vi: 'Mã khảo sát', en: 'Survey' }, true, {
      vi: 'Mỗi dòng là một câu hỏi; các dòng cùng mã là một cuộc khảo sát và phải giống nhau ở đơn vị, ngày, số phiếu.',
      en: 'A row is one question; rows of one survey agree in unit, day and numbers of forms.',
    }),
    UNIT_COLUMN,
    {
      key: 'date',
      title: { vi: 'Ngày tổng hợp', en: 'Day' },
      type: { kind: 'date' },
      required: true,
      help: { vi: 'Tháng của ngày này là tháng tính chỉ số.', en: 'Counted in the month of this day.' },
    },
    countColumn('issued', { vi: 'Số phiếu phát ra', en: 'Forms given out' }, { vi: 'Số nguyên.', en: 'A whole number.' }),
    countColumn(
      'collected',
      { vi: 'Số phiếu thu về', en: 'Forms that came back' },
      { vi: 'Không lớn hơn số phát ra.', en: 'Not more than were given out.' },
    ),
    {
      key: 'question',
      title: { vi: 'Mã câu hỏi', en: 'Question' },
      type: { kind: 'code', pattern: /^[a-z0-9][a-z0-9-]{0,31}$/, lower: true },
      required: true,
      help: { vi: 'Chữ thường không dấu, số và gạch nối: cau-1.', en: 'Small letters, digits and hyphens: cau-1.' },
    },
    {
      key: 'scale',
      title: { vi: 'Thang trả lời', en: 'Scale' },
      type: { kind: 'choice', of: ANSWER_SCALES.map((value): Choice => ({ value, label: SCALES[value] })) },
      required: true,
      help: {
        vi: 'Hài lòng: rất hài lòng, hài lòng, không hài lòng. Khác: thang ba mức khác, ví dụ đúng hẹn, chậm nhưng chấp nhận được, không đúng hẹn.',
        en: 'Satisfaction: very satisfied, satisfied, not satisfied. Other: another scale of three, such as on time, late but acceptable, not on time.',
      },
    },
    ...ANSWERS.map(([key, title, help]) => countColumn(key, title, help)),
  ],
  days: ['date'],
  takesAsOf: false,
  together: (values) => textOf(values, 'record'),
  examples: [
    {
      ...{ record: 'ks-2021-q3', unit: 'Thành phố Huế', date: '30/09/2021', issued: '500', collected: '420', question: 'cau-1' },
      ...{ scale: 'Hài lòng', best: '300', middle: '110', worst: '10' },
    },
    {
      ...{ record: 'ks-2021-q3', unit: 'Thành phố Huế', date: '30/09/2021', issued: '500', collected: '420', question: 'cau-2' },
      ...{ scale: 'Khác', best: '350', middle: '60', worst: '10' },
    },
  ],
  drafts: (rows) => {
    const { values } = rows[0]!;
    const different = ['unit', 'date', 'issued', 'collected'].find((key) => rows.some((row) => row.values[key] !== values[key]));
    if (different !== undefined) return otherThanFirst(different);
    if (numberOf(values, 'collected') > numberOf(values, 'issued')) {
      return { column: 'collected', text: { vi: 'lớn hơn số phiếu phát ra', en: 'more than were given out' } };
    }
    const names = rows.map((row) => textOf(row.values, 'question'));
    if (new Set(names).size < names.length) {
      return { column: 'question', text: { vi: 'câu hỏi bị lặp trong một cuộc khảo sát', en: 'the same question twice in one survey' } };
    }
    const questions = rows.map((row) => ({
      question: textOf(row.values, 'question'),
      scale: textOf(row.values, 'scale'),
      best: numberOf(row.values, 'best'),
      middle: numberOf(row.values, 'middle'),
      worst: numberOf(row.values, 'worst'),
    }));
    const [subject, unit, at] = [textOf(values, 'record'), textOf(values, 'unit'), textOf(values, 'date')];
    const data = { issued: numberOf(values, 'issued'), collected: numberOf(values, 'collected'), questions };
    return [{ type: 'vn.par.survey.declared.v1', subject, unit, at, about: dayOf(at), data }];
  },
};

export function otherThanFirst(column: string): DraftFault {
  return {
    column,
    text: { vi: 'khác với dòng đầu của cùng bản khai', en: 'another value than in the first row of the same declaration' },
  };
}
