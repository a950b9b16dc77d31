import { CONNECTION_LOSS_REASONS, LEVEL_SCHEMES, PROCEDURE_CODE, TERM_UNITS, type ConnectionLossReason } from '@par/contracts';
import type { Bilingual } from '@par/service-kit';
import {
  dayOf,
  numberOf,
  textOf,
  UNIT_COLUMN,
  type Choice,
  type Column,
  type DeclarationKind,
  type Draft,
  type Values,
} from './declaration-kind.ts';

const SCHEMES: Record<(typeof LEVEL_SCHEMES)[number], Bilingual> = {
  '1-4': { vi: 'Mức độ 1-4', en: 'Levels 1-4' },
  '2022': { vi: 'Một phần, toàn trình', en: 'Partial, whole' },
};
const TERMS: Record<(typeof TERM_UNITS)[number], Bilingual> = {
  'working-day': { vi: 'Ngày làm việc', en: 'Working days' },
  'working-hour': { vi: 'Giờ làm việc', en: 'Working hours' },
};

function optionalDay(key: string, title: Bilingual, help: Bilingual): Column {
  return { key, title, type: { kind: 'date' }, required: false, help };
}

function level(key: string, title: Bilingual, required: boolean, help: Bilingual): Column {
  return { key, title, type: { kind: 'integer', least: 1, most: 4 }, required, help };
}

function amount(key: string, title: Bilingual, help: Bilingual): Column {
  return { key, title, type: { kind: 'integer', least: 1, most: 2_000 }, required: false, help };
}

const PROCEDURE_COLUMNS: Column[] = [
  {
    key: 'code',
    title: { vi: 'Mã thủ tục', en: 'Procedure' },
    type: { kind: 'code', pattern: PROCEDURE_CODE },
    required: true,
    help: {
      vi: 'Mã thủ tục hành chính, dạng chữ: 1.005120 (số 0 ở cuối có nghĩa; trong bảng tính phải định dạng ô là văn bản).',
      en: 'Code of the procedure as text: 1.005120 (its zeros matter; in a workbook the cell must be text).',
    },
  },
  UNIT_COLUMN,
  {
    key: 'published',
    title: { vi: 'Ngày có hiệu lực', en: 'In force from' },
    type: { kind: 'date' },
    required: true,
    help: { vi: 'Ngày thủ tục được công bố và có hiệu lực.', en: 'Day on which the procedure comes into force.' },
  },
  {
    key: 'scheme',
    title: { vi: 'Cách phân mức', en: 'Scheme of levels' },
    type: { kind: 'choice', of: LEVEL_SCHEMES.map((value): Choice => ({ value, label: SCHEMES[value] })) },
    required: true,
    help: {
      vi: 'Mức độ 1-4: Nghị định 43/2011. Một phần, toàn trình: Nghị định 42/2022.',
      en: 'Levels 1-4: Decree 43/2011. Partial, whole: Decree 42/2022.',
    },
  },
  level('level', { vi: 'Mức độ', en: 'Level' }, true, {
    vi: '1 đến 4; theo Nghị định 42/2022: 1 cung cấp thông tin, 2 một phần, 3 toàn trình.',
    en: '1 to 4; by Decree 42/2022: 1 information, 2 partial, 3 whole.',
  }),
  amount(
    'term',
    { vi: 'Thời hạn', en: 'Term' },
    { vi: 'Số ngày hoặc giờ làm việc; trống nếu chưa biết.', en: 'Working days or hours; empty where not known.' },
  ),
  {
    key: 'termUnit',
    title: { vi: 'Đơn vị thời hạn', en: 'Term in' },
    type: { kind: 'choice', of: TERM_UNITS.map((value): Choice => ({ value, label: TERMS[value] })) },
    required: false,
    help: { vi: 'Trống là ngày làm việc.', en: 'Working days where empty.' },
  },
  {
    key: 'fee',
    title: { vi: 'Có phí, lệ phí', en: 'Fee' },
    type: { kind: 'yes-no' },
    required: false,
    help: { vi: 'Có hoặc Không; trống nếu chưa biết.', en: 'Yes or no; empty where not known.' },
  },
  level('newLevel', { vi: 'Mức độ mới', en: 'New level' }, false, {
    vi: 'Khi mức độ thay đổi, cùng cách phân mức.',
    en: 'Where the level changed, in the same scheme.',
  }),
  optionalDay('levelChanged', { vi: 'Ngày đổi mức độ', en: 'Level changed on' }, { vi: 'Đi cùng mức độ mới.', en: 'With the new level.' }),
  amount(
    'newTerm',
    { vi: 'Thời hạn mới', en: 'New term' },
    { vi: 'Khi cắt giảm thời hạn, cùng đơn vị.', en: 'Where the term was cut, in the same unit.' },
  ),
  optionalDay('termCut', { vi: 'Ngày cắt giảm', en: 'Term cut on' }, { vi: 'Đi cùng thời hạn mới.', en: 'With the new term.' }),
  optionalDay(
    'isoIssued',
    { vi: 'Ngày ban hành quy trình ISO', en: 'ISO process issued on' },
    { vi: 'Trống nếu chưa có quy trình ISO 9001:2015.', en: 'Empty where there is no ISO 9001:2015 process.' },
  ),
  optionalDay('abolished', { vi: 'Ngày bãi bỏ', en: 'Abolished on' }, { vi: 'Trống nếu còn hiệu lực.', en: 'Empty while in force.' }),
];

/** The catalogue of procedures: publication, and what became of each. */
export const PROCEDURES: DeclarationKind = {
  name: 'procedures',
  title: { vi: 'Danh mục thủ tục hành chính', en: 'Catalogue of procedures' },
  columns: PROCEDURE_COLUMNS,
  days: ['published'],
  takesAsOf: false,
  examples: [
    {
      ...{ code: '1.005120', unit: 'Phòng Tư pháp', published: '01/01/2021', scheme: 'Mức độ 1-4', level: '2', term: '15' },
      ...{ termUnit: 'Ngày làm việc', fee: 'Có', newLevel: '4', levelChanged: '01/06/2021', newTerm: '10', termCut: '01/06/2021' },
      ...{ isoIssued: '15/03/2021', abolished: '' },
    },
    {
      code: '2.000815',
      unit: 'Phường Gia Hội',
      published: '01/07/2021',
      scheme: '1-4',
      level: '3',
      term: '4',
      termUnit: 'Giờ làm việc',
      fee: 'Không',
    },
  ],
  drafts: ([row]) => {
    const { values } = row!;
    if (textOf(values, 'scheme') === '2022') {
      const column = ['level', 'newLevel'].find((key) => numberOf(values, key) > 3);
      if (column)
        return { column, text: { vi: 'theo Nghị định 42/2022 chỉ có mức 1 đến 3', en: 'by Decree 42/2022 the levels are 1 to 3' } };
    }
    for (const [left, right] of [
      ['newLevel', 'levelChanged'],
      ['newTerm', 'termCut'],
    ] as const) {
      const missing = values[left] === undefined ? left : right;
      if ((values[left] === undefined) !== (values[right] === undefined)) {
        return {
          column: missing,
          text: { vi: 'hai cột này phải cùng có hoặc cùng trống', en: 'the two columns are filled together or not at all' },
        };
      }
    }
    return procedureDrafts(values);
  },
};

function procedureDrafts(values: Values): Draft[] {
  const [subject, unit, scheme] = [textOf(values, 'code'), textOf(values, 'unit'), textOf(values, 'scheme')];
  const term = (key: string): object => ({ amount: numberOf(values, key), unit: textOf(values, 'termUnit') || 'working-day' });
  const draft = (type: Draft['type'], key: string, data: Draft['data']): Draft[] => {
    const at = textOf(values, key);
    return at === '' ? [] : [{ type, subject, unit, at, about: dayOf(at), data }];
  };
  return [
    ...draft('vn.par.procedure.published.v1', 'published', {
      level: { scheme, level: numberOf(values, 'level') },
      ...(values.term !== undefined && { term: term('term') }),
      ...(values.fee !== undefined && { fee: values.fee }),
    }),
    ...draft('vn.par.procedure.level-changed.v1', 'levelChanged', { level: { scheme, level: numberOf(values, 'newLevel') } }),
    ...draft('vn.par.procedure.term-cut.v1', 'termCut', { term: term('newTerm') }),
    ...draft('vn.par.procedure.iso-issued.v1', 'isoIssued', {}),
    ...draft('vn.par.procedure.abolished.v1', 'abolished', {}),
  ];
}

const REASONS: Record<ConnectionLossReason, Bilingual> = {
  withdrawn: { vi: 'Thu hồi', en: 'Withdrawn' },
  moved: { vi: 'Chuyển trụ sở', en: 'Moved' },
  'unit-dissolved': { vi: 'Đơn vị giải thể', en: 'Unit dissolved' },
  'contract-ended': { vi: 'Hết hợp đồng', en: 'Contract ended' },
};

/** Accepted connections to the dedicated network (Mạng TSLCD, goal 6c). */
export const TSLCD_CONNECTIONS: DeclarationKind = {
  name: 'tslcd-connections',
  title: { vi: 'Kết nối Mạng truyền số liệu chuyên dùng', en: 'Connections to the dedicated network (TSLCD)' },
  columns: [
    UNIT_COLUMN,
    {
      key: 'accepted',
      title: { vi: 'Ngày nghiệm thu', en: 'Accepted on' },
      type: { kind: 'date' },
      required: true,
      help: { vi: 'Ngày của biên bản nghiệm thu kết nối.', en: 'Day of the acceptance record.' },
    },
    {
      key: 'record',
      title: { vi: 'Số biên bản', en: 'Record' },
      type: { kind: 'code', pattern: /^[0-9A-Za-z][0-9A-Za-z./-]{0,63}$/ },
      required: false,
      help: { vi: 'Số biên bản nghiệm thu: 05/BBNT.', en: 'Number of the acceptance record: 05/BBNT.' },
    },
    optionalDay(
      'lost',
      { vi: 'Ngày chấm dứt', en: 'Ended on' },
      {
        vi: 'Trống khi kết nối còn hiệu lực; mất mạng tạm thời không phải là chấm dứt.',
        en: 'Empty while it holds; a short outage is no end.',
      },
    ),
    {
      key: 'reason',
      title: { vi: 'Lý do chấm dứt', en: 'Reason' },
      type: { kind: 'choice', of: CONNECTION_LOSS_REASONS.map((value): Choice => ({ value, label: REASONS[value] })) },
      required: false,
      help: { vi: 'Đi cùng ngày chấm dứt.', en: 'With the day of the end.' },
    },
  ],
  days: ['accepted'],
  takesAsOf: false,
  examples: [
    { unit: 'Phường Gia Hội', accepted: '05/07/2021', record: '05/BBNT', lost: '', reason: '' },
    { unit: 'Phòng Nội vụ', accepted: '15/01/2021', record: '', lost: '30/11/2021', reason: 'Chuyển trụ sở' },
  ],
  drafts: ([row]) => {
    const { values } = row!;
    const [unit, accepted, lost, reason] = ['unit', 'accepted', 'lost', 'reason'].map((key) => textOf(values, key)) as [
      string,
      string,
      string,
      string,
    ];
    if ((lost === '') !== (reason === '')) {
      return {
        column: lost === '' ? 'lost' : 'reason',
        text: { vi: 'ngày và lý do chấm dứt phải đi cùng nhau', en: 'day and reason of the end go together' },
      };
    }
    const record = textOf(values, 'record');
    const drafts: Draft[] = [
      {
        type: 'vn.par.network.connection-accepted.v1',
        subject: unit,
        unit,
        at: accepted,
        about: dayOf(accepted),
        data: record ? { record } : {},
      },
    ];
    if (lost !== '')
      drafts.push({ type: 'vn.par.network.connection-lost.v1', subject: unit, unit, at: lost, about: dayOf(lost), data: { reason } });
    return drafts;
  },
};
