import { describe, expect, it } from '@jest/globals';
import { CONFIDENTIALITIES } from '@par/contracts';
import fc from 'fast-check';
import { isMarkedJson, isMarkedProse, isMarkedSecret, isMarkedText, mayHoldMark, SECRECY_MARKERS } from './secrecy.ts';

const MARKS = [
  'MẬT',
  'mật',
  ' Mật ',
  'TỐI MẬT',
  'TOI MAT',
  'tối_mật',
  'Tuyệt mật',
  'TUYETMAT',
  'T Ố I  M Ậ T',
  'MẬT'.normalize('NFD'),
  'ＭẬＴ',
];
const NO_MARKS = [
  ...[
    'bảo mật',
    'mật khẩu',
    'Đổi mật khẩu',
    'An toàn, bảo mật thông tin',
    'mat',
    'MAT',
    'mặt',
    'Mất',
    'mật ong',
    'format',
    'Kế hoạch bí mật',
  ],
  ...['Tôi mất giấy tờ', 'thông tin mật thiết', 'automatic', 'T05 Print and send confirmation of receipt', 'security:portal', ''],
];

describe('a text', () => {
  it.each(MARKS)('%j is a mark', (text) => expect(isMarkedText(text)).toBe(true));
  it.each(['Văn bản TỐI MẬT số 5', 'hồ sơ (tuyệt-mật)', 'Độ khẩn: tối mật.', 'cong van toi mat'])('%j contains a mark', (text) =>
    expect(isMarkedText(text)).toBe(true),
  );
  it.each([
    '{"doMat":"2"}',
    '<DoMat>Mật</DoMat>',
    '{"a":"\\u004d\\u1eact"}',
    '{"a":"M\\u1eacT"}',
    '<loaiDoMat>2</loaiDoMat>',
    '<doMat lang="vi">2</doMat>',
  ])('%j holds a marked document', (text) => expect(isMarkedText(text)).toBe(true));
  it.each(NO_MARKS)('%j is none', (text) => expect(isMarkedText(text)).toBe(false));
});

describe('a field', () => {
  const MARKED: object[] = [
    { doMat: 'MẬT' },
    { do_mat: 1 },
    { mucDoMat: 'A' },
    { 'Độ mật': 'Mat' },
    { mat: 'MAT' },
    { secrecy: true },
    { SecrecyLevel: 'secret' },
    { security: {} },
    { classification: [] },
    { urgencySecret: '2' },
    { 'đ.ộ.m.ậ.t': 'x' },
    { 'TỐI MẬT': 1 },
    { classification: 'restricted' },
    { Confidentiality: 'restricted' },
    { confidentiality: 'Restricted' },
    { confidentiality: 'confidential' },
    JSON.parse('{"__proto__":{"doMat":"M"}}') as object,
  ];
  it.each(MARKED)('%j is marked', (value) => expect(isMarkedSecret(value)).toBe(true));

  const PLAIN: object[] = [
    { doMat: null },
    { doMat: false },
    { doMat: 0 },
    { doMat: '' },
    { doMat: 'Thường' },
    { doMat: 'KHÔNG' },
    { secrecy: 'none' },
    { security: 'Normal' },
    { classification: 'public' },
    { doMat: 'Lưu hành nội bộ' },
    { matKhau: 'x' },
    { baoMat: 'cao' },
    { format: 'mat' },
    ...CONFIDENTIALITIES.map((confidentiality) => ({ files: [{ confidentiality }] })),
  ];
  it.each(PLAIN)('%j is not', (value) => expect(isMarkedSecret(value)).toBe(false));
});

it('sees a marked field that the parser drops because its name comes twice', () => {
  const json = '{"data":{"doMat":"MẬT","doMat":"thường"}}';
  expect(isMarkedSecret(JSON.parse(json))).toBe(false);
  expect(isMarkedJson(json)).toBe(true);
  expect(isMarkedJson('{"a":{"doMat":"thường"},"b":["mat","1"],"mat":null}')).toBe(false);
});

describe('a body that is no JSON', () => {
  it.each([
    '{"doMat":"MẬT", "id":',
    'doMat=2&id=1',
    'do_mat=M%E1%BA%ACT',
    '<a><doMat>TOI MAT</doMat></a>',
    'công văn tuyệt mật',
    'id: 1\nđộ mật: Mật\n',
  ])('%j is marked', (text) => expect(isMarkedProse(text)).toBe(true));
  it.each(['{"doMat":"thường", "id":', 'doMat=0&id=1', '<doMat>Thường</doMat><id>4</id>', 'mật khẩu=1', '{"step":"bảo mật"'])(
    '%j is not',
    (text) => expect(isMarkedProse(text)).toBe(false),
  );
});

describe('any JSON', () => {
  const at = (value: unknown, place: number, mark: object): unknown =>
    place % 3 === 0 ? { ...mark, zz: value } : place % 3 === 1 ? [value, mark] : { a: { b: [1, value, { c: mark }] } };

  it('is refused when a mark is placed anywhere in it', () => {
    const mark = fc.oneof(
      fc.constantFrom(...MARKS).map((text): object => ({ note: text })),
      fc
        .tuple(fc.constantFrom(...SECRECY_MARKERS), fc.constantFrom<unknown>('2', 1, true, 'Mật', {}, 'MAT'))
        .map(([name, value]): object => ({ [name]: value })),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), mark, (value, place, marked) => {
        const whole = at(value, place, marked);
        const json = JSON.stringify(whole);
        expect(isMarkedSecret(whole)).toBe(true);
        expect(isMarkedJson(json)).toBe(true);
        expect(mayHoldMark(json)).toBe(true);
      }),
    );
  });

  it('is seen alike by the walk over its values and by the walk over its tokens', () => {
    const text = fc.constantFrom(...MARKS, ...NO_MARKS, 'doMat', 'mat', 'x');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.constantFrom(0, null, true, 7),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(fc.property(tree, (value) => expect(isMarkedJson(JSON.stringify(value))).toBe(isMarkedSecret(value))));
  });
});

it('looks closely at every body that can hold a mark', () => {
  for (const name of SECRECY_MARKERS) expect([name, mayHoldMark(`{"${name}":1}`)]).toEqual([name, true]);
  expect(mayHoldMark('{"s_e-c r.e.t":1}')).toBe(true);
  expect(mayHoldMark('{"id":"1","type":"vn.par.dossier.received.v1","data":{"channel":"online"}}')).toBe(false);
});

it('looks closely at whatever is marked, however it is written', () => {
  const pieces = ['m', 'M', 'ｍ', 'a', 'A', 'ậ', 'Ａ', 'ẩ', 't', 'T', 'ｔ', '\u0323', '\u0302', 'đ', 'Đ', 'd', 'o', 'ộ', 'ố', 'i', 'ó'];
  const longer = [
    'tuyệt',
    'tối',
    'to',
    'secre',
    'ſecret',
    'conﬁ',
    'confi',
    'dential',
    'ential',
    'ⅽlassified',
    'ô tô',
    'ф',
    ' ',
    '_',
    '-',
    '.',
    '7',
    'ⅶ',
    ' ',
    '=',
  ];
  let marked = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces, ...longer), { maxLength: 9 }), (parts) => {
      const text = parts.join('');
      // A text that may be escaped is always looked at closely, so this is what a close look at the text says.
      const isMarked = isMarkedProse(`${text} %`) || isMarkedSecret([`${text} %`]) || isMarkedSecret({ [text]: 'x' });
      marked += Number(isMarked);
      if (isMarked) expect([text, mayHoldMark(text)]).toEqual([text, true]);
    }),
    {
      numRuns: 20_000,
      examples: [
        [['m', 'ậ', 't']],
        [['tối', ' ', 'm', 'Ａ', 't']],
        [['conﬁ', 'dential']],
        [['confi', 'đ', 'ential']],
        [['đ', 'o', 'm', 'a', 't']],
      ],
    },
  );
  expect(marked).toBeGreaterThan(10);
});

it('does not look closely at Vietnamese because it is no ASCII', () => {
  expect(mayHoldMark('{"data":{"step":"thụ lý hồ sơ, trình lãnh đạo ký, phát hành văn bản","medium":"network"}}')).toBe(false);
});

it('does not overflow on depth', () => {
  const deep = `${'['.repeat(200_000)}"MẬT"${']'.repeat(200_000)}`;
  expect(isMarkedSecret(JSON.parse(deep))).toBe(true);
});
