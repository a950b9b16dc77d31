import { describe, expect, it } from '@jest/globals';
import { hueOrganisation, Organisation, type UnitEvent } from '@par/administration';
import { resultOf } from './event-result.ts';
import { judge, type Judgement } from './judgement.ts';
import { type Producer } from './producer.ts';

const dalat = {
  source: 'urn:spec',
  id: 'dalat',
  type: 'vn.par.unit.opened.v1',
  subject: 'dalat',
  unit: 'dalat',
  time: '2021-01-01T00:00:00.000Z',
  received: '2021-01-01T00:00:00.000Z',
  data: { name: 'Đà Lạt', kind: 'city', validFrom: '2021-01-01', agency: false, timeZone: 'Asia/Ho_Chi_Minh', dossierCodes: 'local' },
} as UnitEvent;
const organisation = Organisation.fold([...hueOrganisation().map((posted) => ({ ...posted, received: posted.time }) as UnitEvent), dalat]);
const everything: Producer = { name: 'spec', sources: ['*'], units: ['*'], declares: true };
const WARD = 'hue-19756-gia-hoi';
const OFFICE = 'hue-phong-noi-vu';

/** Judged on 30/09/2021 at 23:54 in Huế, six minutes before the last quarter begins. */
function judged(type: string, change: object, producer = everything): Judgement {
  const posted = {
    specversion: '1.0',
    id: 'e1',
    source: 'urn:spec',
    type: `vn.par.${type}.v1`,
    time: '2021-07-05T08:00:00+07:00',
    unit: WARD,
    ...change,
  };
  const now = new Date('2021-09-30T16:54:00.000Z');
  return judge(posted, { door: 'dossier-intake', producer, organisation, now, network: 'tslcd', opened: new Map() });
}
const dossier = { subject: 'H57.132-210705-0001' };
const score = { year: 2021, framework: 'qd-1963-2021', awarded: 1, applicable: 2 };
const survey = { issued: 1, collected: 1, questions: [{ question: 'q1', scale: 'other', best: 1, middle: 0, worst: 0 }] };
const peers = (...codes: string[]): object[] => codes.map((code) => ({ code, score: 80_000 }));
const ofCity = { subject: 'hue', unit: 'hue' };

const REFUSED: [string, string, string, object][] = [
  ['procedure.bad-code', 'subject', 'procedure.abolished', { subject: 'Cấp giấy phép', data: {} }],
  ['procedure.bad-code', 'subject', 'procedure.abolished', { subject: `1.${'0'.repeat(31)}`, data: {} }],
  [
    'procedure.bad-code',
    'subject',
    'procedure.corrected',
    { subject: '1 2', data: { source: 'urn:spec', id: 'e0', reason: 'wrong-time' } },
  ],
  ['unit.not-its-subject', 'subject', 'paper-work.declared', { subject: OFFICE, data: { period: '2021-06', count: 1 } }],
  ['unit.not-its-subject', 'subject', 'paper-work.declared', { subject: '19756', unit: '19756', data: { period: '2021-06', count: 1 } }],
  ['unit.not-its-subject', 'subject', 'secret-count.declared', { subject: OFFICE, data: { period: '2021', count: 1 } }],
  ['unit.not-its-subject', 'subject', 'staff-standard.declared', { subject: OFFICE, data: { staff: 1, meeting: 1 } }],
  ['unit.not-its-subject', 'subject', 'assessment.published', { subject: OFFICE, data: score }],
  ['unit.not-its-subject', 'subject', 'ranking.published', { subject: 'hue', data: { year: 2021, peers: 9, scores: peers('474') } }],
  ['unit.not-its-subject', 'subject', 'network.heartbeat-sent', { subject: OFFICE, data: { link: 'up', software: 'up' } }],
  ['declaration.bad-subject', 'subject', 'inspection.completed', { subject: 'Kiểm tra ông A', data: { subjects: ['reform'] } }],
  ['declaration.bad-subject', 'subject', 'function-review.planned', { subject: 'x'.repeat(81), data: {} }],
  ['declaration.bad-subject', 'subject', 'function-review.completed', { subject: 'A', data: {} }],
  ['declaration.bad-subject', 'subject', 'survey.declared', { subject: 'survey 1', data: survey }],
  [
    'declaration.bad-subject',
    'subject',
    'declaration.corrected',
    { subject: 'Ủy', data: { source: 'urn:spec', id: 'e0', reason: 'wrong-time' } },
  ],
  ['unit.unknown', 'data.responsible', 'dossier.received', { ...dossier, data: { channel: 'online', responsible: 'hue-nowhere' } }],
  ['unit.unknown', 'data.responsible', 'dossier.received', { ...dossier, data: { channel: 'online', responsible: 'dalat' } }],
  ['unit.unknown', 'data.unit', 'dossier.transferred', { ...dossier, data: { to: 'unit', unit: 'hue-nowhere' } }],
  ['unit.unknown', 'data.unit', 'dossier.transferred', { ...dossier, data: { to: 'unit', unit: 'dalat' } }],
  ['schema.missing-field', 'data.unit', 'dossier.transferred', { ...dossier, data: { to: 'unit' } }],
  ['schema.bad-value', 'data.unit', 'dossier.transferred', { ...dossier, data: { to: 'authority', unit: OFFICE } }],
  ['dossier.bad-code', 'data.to', 'dossier.linked', { ...dossier, data: { to: 'Nguyễn Văn A', relation: 'follows' } }],
  ['declaration.impossible-count', 'data.meeting', 'staff-standard.declared', { subject: WARD, data: { staff: 17, meeting: 18 } }],
  ['time.in-the-future', 'data.period', 'paper-work.declared', { subject: WARD, data: { period: '2021-10', count: 1 } }],
  ['time.in-the-future', 'data.period', 'secret-count.declared', { subject: WARD, data: { period: '2021-Q4', count: 1 } }],
  ['time.in-the-future', 'data.period', 'secret-count.declared', { subject: WARD, data: { period: '2022', count: 1 } }],
  ['time.in-the-future', 'data.year', 'assessment.published', { subject: WARD, data: { ...score, year: 2022 } }],
  ['time.in-the-future', 'data.year', 'ranking.published', { ...ofCity, data: { year: 2022, peers: 9, scores: peers('474') } }],
  [
    'declaration.impossible-count',
    'data.scores',
    'ranking.published',
    { ...ofCity, data: { year: 2021, peers: 1, scores: peers('474', '480') } },
  ],
  [
    'declaration.impossible-count',
    'data.scores',
    'ranking.published',
    { ...ofCity, data: { year: 2021, peers: 9, scores: peers('474', '474') } },
  ],
];

describe('is refused', () => {
  it.each(REFUSED)('%s %s: %s %j', (code, field, type, change) => {
    const judgement = judged(type, change);
    const result = resultOf(0, judgement, 'refused');
    expect(result).toMatchObject({ code, field, message: { vi: expect.stringMatching(/./), en: expect.stringMatching(/./) } });
    expect(result.message!.vi).not.toBe(result.message!.en);
    // What only the organisation speaks against may have been accepted before it changed.
    expect('contentHash' in judgement).toBe(code.startsWith('unit.'));
  });
});

describe('is taken', () => {
  it.each<[string, object]>([
    ['dossier.received', { ...dossier, data: { channel: 'online', responsible: OFFICE } }],
    // A unit that is no more may still be responsible for what it received.
    ['dossier.received', { ...dossier, data: { channel: 'online', responsible: 'hue-19771-phu-cat' } }],
    ['dossier.received', { ...dossier, unit: 'hue', data: { channel: 'online', responsible: 'hue' } }],
    ['dossier.received', { subject: 'any_code', unit: 'dalat', data: { channel: 'online', responsible: 'dalat' } }],
    ['dossier.transferred', { ...dossier, data: { to: 'unit', unit: OFFICE } }],
    ['dossier.transferred', { ...dossier, data: { to: 'authority' } }],
    ['dossier.linked', { ...dossier, data: { to: 'H57.132-210705-0002', relation: 'part-of' } }],
    ['procedure.published', { subject: '1.005129', data: { level: { scheme: '2022', level: 3 } } }],
    ['inspection.completed', { subject: '12/kh-ubnd.2021-07', data: { subjects: ['reform'] } }],
    ['paper-work.declared', { subject: WARD, unit: '19756', data: { period: '2021-09', count: 1 } }],
    ['paper-work.declared', { subject: WARD, data: { period: '2021-Q3', count: 1 } }],
    ['secret-count.declared', { subject: WARD, data: { period: '2021', count: 0 } }],
    ['staff-standard.declared', { subject: WARD, data: { staff: 17, meeting: 17 } }],
    ['ranking.published', { ...ofCity, data: { year: 2021, peers: 2, scores: peers('474', '480') } }],
    // A count is taken back under the unit, which is its subject; a record under its own id.
    ['declaration.corrected', { subject: WARD, data: { source: 'urn:spec', id: 'e0', reason: 'wrong-time' } }],
    ['declaration.corrected', { subject: 'survey/2021.q1', data: { source: 'urn:spec', id: 'e0', reason: 'wrong-time' } }],
  ])('%s %j', (type, change) => {
    const judgement = judged(type, change);
    expect(judgement.kind === 'taken' ? judgement.event.type : judgement.refusal).toBe(`vn.par.${type}.v1`);
  });

  it('for a month that begins within the five minutes that clocks may differ', () => {
    const october = { subject: WARD, data: { period: '2021-10', count: 1 } };
    const at = (now: string) =>
      judge(
        { specversion: '1.0', id: 'e', source: 'urn:spec', type: 'vn.par.paper-work.declared.v1', unit: WARD, time: now, ...october },
        {
          door: 'dossier-intake',
          producer: everything,
          organisation,
          now: new Date(now),
          network: 'internet',
          opened: new Map(),
        },
      ).kind;
    expect([at('2021-09-30T16:54:59Z'), at('2021-09-30T16:55:00Z')]).toEqual(['refused', 'taken']);
  });
});

describe('a key', () => {
  it.each([
    ['dossier.corrected', dossier.subject],
    ['procedure.corrected', '1.005129'],
    ['declaration.corrected', 'inspection-1'],
  ])('takes back by %s what its own sources said, and nothing else', (type, subject) => {
    const own: Producer = { ...everything, sources: ['urn:spec'] };
    const correct = (source: string): Judgement => judged(type, { subject, data: { source, id: 'e0', reason: 'wrong-content' } }, own);
    expect(correct('urn:spec').kind).toBe('taken');
    expect(correct('urn:other')).toMatchObject({ refusal: { code: 'producer.not-for-source', field: 'data.source' } });
  });

  it('that may not declare sends what systems send, and declares nothing', () => {
    const system: Producer = { ...everything, declares: false };
    expect(judged('network.heartbeat-sent', { subject: WARD, data: { link: 'up', software: 'up' } }, system).kind).toBe('taken');
    const counted = resultOf(0, judged('paper-work.declared', { subject: WARD, data: { period: '2021-06', count: 1 } }, system), 'refused');
    expect(counted).toMatchObject({ code: 'producer.may-not-declare', field: 'type' });
    expect(counted.message).toEqual({ vi: expect.stringContaining('khai báo'), en: expect.stringContaining('declare') });
  });
});
