import { dayOf, numberOf, textOf, UNIT_COLUMN, type Column, type DeclarationKind } from './declaration-kind.ts';
import { otherThanFirst } from './declared-records.ts';

const YEAR: Column = {
  key: 'year',
  title: { vi: 'Năm đánh giá', en: 'Year' },
  type: { kind: 'year' },
  required: true,
  help: { vi: 'Năm được đánh giá, không phải năm công bố.', en: 'The year that the score is for, not that of its publication.' },
};
const PUBLISHED: Column = {
  key: 'date',
  title: { vi: 'Ngày công bố', en: 'Published on' },
  type: { kind: 'date' },
  required: true,
  help: { vi: 'Nếu công bố lại thì bản muộn nhất có hiệu lực.', en: 'Where it is published again the latest holds.' },
};

/** Published scores of the PAR index (goals 9 and 10). */
export const ASSESSMENTS: DeclarationKind = {
  name: 'assessments',
  title: { vi: 'Điểm chỉ số cải cách hành chính', en: 'PAR index scores' },
  columns: [
    UNIT_COLUMN,
    YEAR,
    {
      key: 'framework',
      title: { vi: 'Bộ tiêu chí', en: 'Framework' },
      type: { kind: 'code', pattern: /^[a-z0-9][a-z0-9-]{0,31}$/, lower: true },
      required: true,
      help: { vi: 'Mã bộ tiêu chí: qd-1963-2021.', en: 'Id of the set of criteria: qd-1963-2021.' },
    },
    {
      key: 'awarded',
      title: { vi: 'Điểm đạt', en: 'Points awarded' },
      type: { kind: 'points' },
      required: true,
      help: { vi: 'Tối đa ba chữ số thập phân: 84,186.', en: 'Up to three decimals: 84.186.' },
    },
    {
      key: 'applicable',
      title: { vi: 'Điểm áp dụng', en: 'Points applicable' },
      type: { kind: 'points' },
      required: true,
      help: {
        vi: 'Tổng điểm tối đa của các tiêu chí thuộc nhiệm vụ của đơn vị, thường là 100.',
        en: 'What the criteria that are the unit’s task could give, mostly 100.',
      },
    },
    PUBLISHED,
  ],
  days: ['date'],
  takesAsOf: false,
  examples: [
    { unit: 'Phường Gia Hội', year: '2021', framework: 'qd-1963-2021', awarded: '78,5', applicable: '95', date: '14/01/2022' },
    { unit: 'Thành phố Huế', year: '2021', framework: 'qd-1963-2021', awarded: '84,186', applicable: '100', date: '05/01/2022' },
  ],
  drafts: ([row]) => {
    const { values } = row!;
    const [unit, at] = [textOf(values, 'unit'), textOf(values, 'date')];
    const data = {
      year: numberOf(values, 'year'),
      framework: textOf(values, 'framework'),
      awarded: numberOf(values, 'awarded'),
      applicable: numberOf(values, 'applicable'),
    };
    if (data.applicable === 0) return { column: 'applicable', text: { vi: 'phải lớn hơn 0', en: 'must be more than 0' } };
    if (data.awarded > data.applicable) {
      return { column: 'awarded', text: { vi: 'lớn hơn điểm áp dụng', en: 'more than the points applicable' } };
    }
    return [{ type: 'vn.par.assessment.published.v1', subject: unit, unit, at, about: `${data.year}/${dayOf(at)}`, data }];
  },
};

/** The published ranking of the city among its peers, a row per peer (goal 10). */
export const RANKINGS: DeclarationKind = {
  name: 'rankings',
  title: { vi: 'Xếp hạng chỉ số cải cách hành chính', en: 'PAR index ranking' },
  columns: [
    {
      ...UNIT_COLUMN,
      title: { vi: 'Thành phố', en: 'City' },
      help: {
        vi: 'Thành phố của hệ thống này; mỗi dòng là một đơn vị được xếp hạng cùng.',
        en: 'The city of this system; a row is one of the units that are ranked together.',
      },
    },
    YEAR,
    PUBLISHED,
    {
      key: 'peers',
      title: { vi: 'Số đơn vị xếp hạng', en: 'Peers' },
      type: { kind: 'integer', least: 1, most: 1_000 },
      required: true,
      help: { vi: 'Kể cả thành phố: 9.', en: 'The city among them: 9.' },
    },
    {
      key: 'code',
      title: { vi: 'Mã đơn vị', en: 'Code of the peer' },
      type: { kind: 'code', pattern: /^[0-9A-Za-z][0-9A-Za-z.-]{0,34}$/ },
      required: true,
      help: {
        vi: 'Mã chính thức (474 là thành phố Huế). Phải có dòng của chính thành phố.',
        en: 'Official code (474 is Huế city). The city’s own row must be there.',
      },
    },
    {
      key: 'score',
      title: { vi: 'Điểm', en: 'Score' },
      type: { kind: 'points' },
      required: true,
      help: { vi: 'Tối đa ba chữ số thập phân: 84,186.', en: 'Up to three decimals: 84.186.' },
    },
    {
      key: 'rank',
      title: { vi: 'Hạng công bố', en: 'Published rank' },
      type: { kind: 'integer', least: 1, most: 1_000 },
      required: false,
      help: { vi: 'Cần khi không biết điểm của mọi đơn vị.', en: 'Needed where not all scores are known.' },
    },
  ],
  days: ['date'],
  takesAsOf: false,
  together: (values) => [textOf(values, 'unit'), textOf(values, 'year'), textOf(values, 'date')].join('\n'),
  examples: [
    { unit: 'Thành phố Huế', year: '2021', date: '05/01/2022', peers: '9', code: '480', score: '87,17', rank: '1' },
    { unit: 'Thành phố Huế', year: '2021', date: '05/01/2022', peers: '9', code: '474', score: '84,186', rank: '2' },
  ],
  drafts: (rows) => {
    const { values } = rows[0]!;
    if (rows.some((row) => row.values.peers !== values.peers)) return otherThanFirst('peers');
    const peers = numberOf(values, 'peers');
    const codes = rows.map((row) => textOf(row.values, 'code'));
    if (new Set(codes).size < codes.length) return { column: 'code', text: { vi: 'mã bị lặp', en: 'the same code twice' } };
    if (codes.length > peers) return { column: 'peers', text: { vi: 'ít hơn số dòng', en: 'less than there are rows' } };
    const scores = rows.map((row) => ({
      code: textOf(row.values, 'code'),
      score: numberOf(row.values, 'score'),
      ...(row.values.rank !== undefined && { rank: numberOf(row.values, 'rank') }),
    }));
    const [unit, at, year] = [textOf(values, 'unit'), textOf(values, 'date'), numberOf(values, 'year')];
    return [{ type: 'vn.par.ranking.published.v1', subject: unit, unit, at, about: `${year}/${dayOf(at)}`, data: { year, peers, scores } }];
  },
};
