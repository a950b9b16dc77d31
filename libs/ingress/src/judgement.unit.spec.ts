import { describe, expect, it } from '@jest/globals';
import { hueOrganisation, Organisation, type UnitEvent } from '@par/administration';
import { type UnitOpenedV1 } from '@par/contracts';
import fc from 'fast-check';
import { resultOf, summaryOf } from './event-result.ts';
import { type Circumstances, judge, refuseSecret } from './judgement.ts';
import { type Producer } from './producer.ts';

const organisation = Organisation.fold(hueOrganisation().map((posted) => ({ ...posted, received: posted.time }) as UnitEvent));
const all: Producer = { name: 'spec', sources: ['*'], units: ['*'], declares: true };
const now = new Date('2021-07-06T03:00:00.000Z');

const dossier = {
  specversion: '1.0',
  id: 'e1',
  source: 'urn:one-stop',
  type: 'vn.par.dossier.received.v1',
  subject: 'H57.132-210705-0001',
  time: '2021-07-05T08:00:00+07:00',
  unit: '19756',
  data: { channel: 'online' },
};
const opened = {
  ...dossier,
  type: 'vn.par.unit.opened.v1',
  subject: 'hue-new',
  unit: 'hue-new',
  data: { name: 'Phòng Mới', kind: 'department', parent: 'hue', validFrom: '2021-07-01', agency: true },
};
const city = {
  ...opened,
  subject: 'dalat',
  unit: 'dalat',
  data: { name: 'Đà Lạt', kind: 'city', validFrom: '2021-01-01', agency: false, timeZone: 'Asia/Ho_Chi_Minh' },
};

function judged(raw: unknown, change: Partial<Circumstances> = {}): ReturnType<typeof judge> {
  return judge(raw, { door: 'dossier-intake', producer: all, organisation, now, network: 'internet', opened: new Map(), ...change });
}
function refusalOf(raw: unknown, change: Partial<Circumstances> = {}): { code: string; field?: string } | undefined {
  const judgement = judged(raw, change);
  if (judgement.kind === 'taken') return undefined;
  const { code, field } = judgement.refusal;
  return { code, ...(field === undefined ? {} : { field }) };
}

it('takes an event in and stamps it: UTC, internal unit id, received, network', () => {
  const judgement = judged(
    { ...dossier, sent: '2021-07-05T08:00:05+07:00', datacontenttype: 'application/json; charset=utf-8' },
    { network: 'tslcd' },
  );
  expect(judgement).toMatchObject({
    kind: 'taken',
    event: {
      ...dossier,
      time: '2021-07-05T01:00:00.000Z',
      sent: '2021-07-05T01:00:05.000Z',
      unit: 'hue-19756-gia-hoi',
      received: '2021-07-06T03:00:00.000Z',
      network: 'tslcd',
      datacontenttype: 'application/json',
    },
  });
});

it('gives an official code to the unit that had it in force at the time of the event', () => {
  const june = judged({ ...dossier, time: '2021-06-30T23:59:59+07:00' });
  expect(june).toMatchObject({ event: { unit: expect.stringContaining('phu-hiep') } });
});

describe('is refused', () => {
  const CASES: [string, string | undefined, unknown][] = [
    ['event.not-an-object', undefined, []],
    ['event.not-an-object', undefined, 'x'],
    ['event.not-an-object', undefined, null],
    ['event.unknown-attribute', 'received', { ...dossier, received: '2021-07-05T08:00:00Z' }],
    ['event.unknown-attribute', 'network', { ...dossier, network: 'tslcd' }],
    ['event.unknown-attribute', 'chuHoSo', { ...dossier, chuHoSo: 'x' }],
    ['event.unknown-attribute', 'data_base64', { ...dossier, data_base64: 'x' }],
    ['event.unknown-attribute', '__proto__', JSON.parse(`{"__proto__":{},${JSON.stringify(dossier).slice(1)}`)],
    ...['id', 'source', 'type', 'subject', 'unit', 'time', 'specversion'].map((field): [string, string, unknown] => [
      'event.missing-attribute',
      field,
      { ...dossier, [field]: undefined },
    ]),
    ...['id', 'source', 'subject', 'unit'].flatMap((field): [string, string, unknown][] => [
      ['event.bad-attribute', field, { ...dossier, [field]: 7 }],
      ['event.bad-attribute', field, { ...dossier, [field]: '' }],
      ['event.bad-attribute', field, { ...dossier, [field]: 'x'.repeat(201) }],
      ['event.bad-characters', field, { ...dossier, [field]: 'a\u0000b' }],
      ['event.bad-characters', field, { ...dossier, [field]: 'a\nb' }],
      ['event.bad-characters', field, { ...dossier, [field]: 'a\u202eb' }],
      ['event.bad-characters', field, { ...dossier, [field]: 'a\ud800' }],
      ['event.bad-characters', field, { ...dossier, [field]: ' a' }],
    ]),
    ['event.bad-specversion', 'specversion', { ...dossier, specversion: '0.3' }],
    ['event.bad-datacontenttype', 'datacontenttype', { ...dossier, datacontenttype: 'application/xml' }],
    ['event.bad-traceparent', 'traceparent', { ...dossier, traceparent: 'x' }],
    ['event.unknown-type', 'type', { ...dossier, type: 'vn.par.dossier.eaten.v1' }],
    ['event.not-taken', 'type', { ...dossier, type: 'vn.par.work-dossier.closed.v1' }],
    ['event.wrong-door', 'type', { ...dossier, type: 'vn.par.work-dossier.completed.v1' }],
    ['time.malformed', 'time', { ...dossier, time: '05/07/2021' }],
    ['time.malformed', 'time', { ...dossier, time: 1625000000 }],
    ['time.no-offset', 'time', { ...dossier, time: '2021-07-05T08:00:00' }],
    ['time.impossible', 'time', { ...dossier, time: '2021-02-30T08:00:00+07:00' }],
    ['time.in-the-future', 'time', { ...dossier, time: '2021-07-06T10:05:01+07:00' }],
    ['time.in-the-future', 'sent', { ...dossier, sent: '2022-07-06T10:05:01+07:00' }],
    ['time.impossible', 'sent', { ...dossier, sent: '2021-02-30T08:00:00+07:00' }],
    ['schema.unknown-field', 'data.soDienThoai', { ...dossier, data: { channel: 'online', soDienThoai: '0905' } }],
    ['schema.missing-field', 'data.channel', { ...dossier, data: {} }],
    ['schema.bad-value', 'data.channel', { ...dossier, data: { channel: 'fax' } }],
    ['schema.bad-value', 'data', { ...dossier, data: 'x' }],
    ['unit.unknown', 'unit', { ...dossier, unit: '99999' }],
    ['unit.not-in-force', 'unit', { ...dossier, time: '2020-07-05T08:00:00+07:00' }],
    ['dossier.bad-code', 'subject', { ...dossier, subject: 'no code' }],
    ['dossier.impossible-date-in-code', 'subject', { ...dossier, subject: 'H57.132-210230-0001' }],
    ['unit.not-its-subject', 'unit', { ...opened, unit: 'hue' }],
    ['unit.unknown', 'data.parent', { ...opened, data: { ...opened.data, parent: 'nowhere' } }],
    ['unit.root-is-no-city', 'data.kind', { ...opened, data: { ...opened.data, parent: undefined } }],
    ['unit.time-zone-unknown', 'data.timeZone', { ...city, data: { ...city.data, timeZone: 'Asia/Hue' } }],
    ['unit.already-open', 'subject', { ...city, subject: 'hue', unit: 'hue' }],
    ['time.impossible', 'data.validFrom', { ...opened, data: { ...opened.data, validFrom: '2021-02-30' } }],
    ['unit.unknown', 'subject', { ...opened, type: 'vn.par.unit.closed.v1', data: { from: '2021-07-01' } }],
    ['unit.not-its-subject', 'subject', { ...dossier, type: 'vn.par.network.connection-accepted.v1', subject: '19756', data: {} }],
  ];
  it.each(CASES)('%s %s', (code, field, raw) => expect(refusalOf(raw)).toEqual({ code, ...(field === undefined ? {} : { field }) }));

  it('with a text in both languages and no value of the event in it', () => {
    for (const [code, , raw] of CASES) {
      const result = resultOf(3, judged(raw), 'refused');
      expect(result).toMatchObject({ index: 3, result: 'refused', code });
      expect(result.message?.vi).not.toBe('');
      expect(result.message?.en).not.toBe('');
      expect(JSON.stringify(result.message)).not.toContain('0905');
    }
  });

  it('never by an exception, whatever the JSON', () => {
    const changed = fc.record(
      Object.fromEntries([...Object.keys(dossier), 'sent', 'traceparent', 'datacontenttype'].map((name) => [name, fc.jsonValue()])),
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.jsonValue(), (raw) => expect(judged(raw).kind).toBe('refused')));
    fc.assert(fc.property(changed, (change) => expect(['taken', 'refused']).toContain(judged({ ...dossier, ...change }).kind)));
  });
});

describe('is taken', () => {
  it.each<[string, unknown]>([
    ['with a due date in the future', { ...dossier, data: { channel: 'online', due: '2031-07-05T08:00:00+07:00' } }],
    ['five minutes ahead of our clock', { ...dossier, time: '2021-07-06T10:05:00+07:00' }],
    ['sent before it happened', { ...dossier, sent: '2021-07-01T08:00:00+07:00' }],
    ['without data where its type has none', { ...dossier, type: 'vn.par.dossier.result-ready.v1', data: undefined }],
    ['with a new department', opened],
    ['with a new city', city],
    ['with the words bảo mật or mật khẩu in an identifier', { ...dossier, source: 'phần mềm bảo mật' }],
  ])('%s', (_, raw) => expect(refusalOf(raw)).toBeUndefined());

  it('with the same opening of a unit again, whatever its identity', () => {
    const posted = hueOrganisation().find((event) => event.subject === 'hue-19756-gia-hoi')!;
    expect(refusalOf({ ...posted, id: 'again', source: 'urn:other' })).toBeUndefined();
  });

  it('below a unit that an earlier event of the same call opened', () => {
    const circumstances = { opened: new Map<string, UnitOpenedV1>() };
    const ward = { ...opened, subject: 'dalat-1', unit: 'dalat-1', data: { ...opened.data, parent: 'dalat' } };
    expect(refusalOf(ward, circumstances)).toEqual({ code: 'unit.unknown', field: 'data.parent' });
    expect(refusalOf(city, circumstances)).toBeUndefined();
    expect(refusalOf(ward, circumstances)).toBeUndefined();
    for (const change of [{ agency: false }, { organ: 'H57.999' }]) {
      const other = { ...ward, data: { ...ward.data, ...change } };
      expect(refusalOf(other, circumstances)).toEqual({ code: 'unit.already-open', field: 'subject' });
    }
  });
});

describe('a key', () => {
  const ward: Producer = { name: 'w', sources: ['urn:one-stop', 'urn:phường:*'], units: ['hue-19756-gia-hoi'], declares: false };

  it('takes back what its own sources said, and nothing else', () => {
    const correction = {
      ...dossier,
      type: 'vn.par.dossier.corrected.v1',
      data: { source: 'urn:one-stop', id: 'e0', reason: 'wrong-time' },
    };
    expect(refusalOf(correction, { producer: ward })).toBeUndefined();
    expect(refusalOf({ ...correction, data: { ...correction.data, source: 'urn:another' } }, { producer: ward })).toEqual({
      code: 'producer.not-for-source',
      field: 'data.source',
    });
  });

  it('speaks for its own sources and units only', () => {
    expect(refusalOf(dossier, { producer: ward })).toBeUndefined();
    expect(refusalOf({ ...dossier, source: 'urn:phường:1' }, { producer: ward })).toBeUndefined();
    expect(refusalOf({ ...dossier, source: 'urn:one-stop-2' }, { producer: ward })).toEqual({
      code: 'producer.not-for-source',
      field: 'source',
    });
    expect(refusalOf({ ...dossier, unit: 'hue-phong-noi-vu' }, { producer: ward })).toEqual({
      code: 'producer.not-for-unit',
      field: 'unit',
    });
    expect(refusalOf(opened, { producer: ward })).toEqual({ code: 'producer.not-for-unit', field: 'unit' });
  });

  it('covers the units below its own, open or being opened', () => {
    const hue = { ...ward, units: ['hue'] };
    expect(refusalOf(dossier, { producer: hue })).toBeUndefined();
    expect(refusalOf(opened, { producer: hue })).toBeUndefined();
    expect(refusalOf(city, { producer: hue })).toEqual({ code: 'producer.not-for-unit', field: 'unit' });
  });

  it('writes no line of the tally under a source or unit that it may not speak for', () => {
    expect(judged({ ...dossier, source: 'urn:x' }, { producer: ward })).toMatchObject({
      tallySource: '',
      tallyUnit: 'hue-19756-gia-hoi',
      source: 'urn:x',
    });
    expect(judged({ ...dossier, unit: 'hue-phong-noi-vu' }, { producer: ward })).toMatchObject({
      tallySource: 'urn:one-stop',
      tallyUnit: '',
    });
  });
});

it('tells nothing of a secret but its place', () => {
  expect(resultOf(4, refuseSecret(), 'refused')).toEqual({
    index: 4,
    result: 'refused',
    code: 'secrecy.marked',
    message: expect.anything(),
  });
});

it('sums up a call', () => {
  const results = (['accepted', 'duplicate', 'refused', 'accepted', 'conflict'] as const).map((outcome, index) =>
    resultOf(index, judged(dossier), outcome),
  );
  expect(summaryOf(results)).toEqual({ posted: 5, accepted: 2, duplicate: 1, conflict: 1, refused: 1 });
});
