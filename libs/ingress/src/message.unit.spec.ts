import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LIMITS, type Message, readMessage } from './message.ts';
import { NetworkStamp } from './network-stamp.ts';

const limits = { ...DEFAULT_LIMITS, maxEvents: 3, maxBytes: 1_000 };
const read = (contentType: string | undefined, body: string, headers: Message['headers'] = {}): ReturnType<typeof readMessage> =>
  readMessage({ contentType, body, headers }, limits);
const ONE = 'application/cloudevents+json';
const MANY = 'application/cloudevents-batch+json';

describe('a message is read', () => {
  it('in structured mode', () =>
    expect(read(`${ONE}; charset=UTF-8`, '{"id":"1"}')).toEqual({ ok: true, batch: false, events: [{ raw: { id: '1' }, marked: false }] }));
  it('as a batch', () => expect(read(MANY, '[1,{}]')).toMatchObject({ ok: true, batch: true, events: [{ raw: 1 }, { raw: {} }] }));
  it('in binary mode, headers percent-decoded', () => {
    const headers = { 'ce-id': '1', 'ce-subject': 'h%E1%BB%93%20s%C6%A1', host: 'x', 'ce-source': '100%' };
    expect(read('application/json', '{"channel":"post"}', headers)).toMatchObject({
      events: [{ raw: { id: '1', subject: 'hồ sơ', source: '100%', datacontenttype: 'application/json', data: { channel: 'post' } } }],
    });
    expect(read('application/json', '', headers)).toMatchObject({ ok: true });
  });
});

describe('a message is refused', () => {
  const CASES: { status: number; code: string; contentType?: string; body: string; headers?: Message['headers'] }[] = [
    { status: 415, code: 'request.media-type', body: '' },
    { status: 415, code: 'request.media-type', contentType: 'text/plain', body: 'x' },
    { status: 415, code: 'request.media-type', contentType: `${ONE}; charset=utf-16`, body: '{}' },
    { status: 415, code: 'request.no-event-mode', contentType: 'application/json', body: '{}' },
    { status: 415, code: 'request.content-encoding', contentType: ONE, body: '{}', headers: { 'content-encoding': 'gzip' } },
    { status: 413, code: 'request.too-large', contentType: ONE, body: `"${'x'.repeat(1_000)}"` },
    { status: 413, code: 'request.too-many-events', contentType: MANY, body: '[1,2,3,4]' },
    { status: 400, code: 'request.not-json', contentType: ONE, body: '{"id":' },
    { status: 400, code: 'request.not-json', contentType: ONE, body: '' },
    { status: 400, code: 'request.not-a-batch', contentType: MANY, body: '{}' },
    { status: 400, code: 'request.empty-batch', contentType: MANY, body: '[]' },
  ];
  it.each(CASES)('$status $code $body', ({ status, code, contentType, body, headers }) =>
    expect(read(contentType, body, headers)).toEqual({ ok: false, status, code }),
  );
});

describe('a secrecy mark', () => {
  it('marks its event only, of which nothing is handed on', () =>
    expect(read(MANY, '[{"id":"1"},{"id":"2","data":{"doMat":"MẬT"}},{"id":"3"}]')).toEqual({
      ok: true,
      batch: true,
      events: [
        { raw: { id: '1' }, marked: false },
        { raw: undefined, marked: true },
        { raw: { id: '3' }, marked: false },
      ],
    }));
  it('under a name given twice marks every event of the call', () =>
    expect(read(MANY, '[{"id":"1"},{"doMat":"MẬT","doMat":""}]')).toMatchObject({ events: [{ marked: true }, { marked: true }] }));
  it.each<[string, Message['headers']]>([
    ['an attribute of binary mode', { 'ce-id': '1', 'ce-domat': 'M%E1%BA%ACT' }],
    ['its value', { 'ce-id': '1', 'ce-subject': 'T%E1%BB%90I%20M%E1%BA%ACT' }],
    ['a header of the caller', { 'ce-id': '1', 'x-do-mat': '2' }],
  ])('in %s marks the event', (_, headers) =>
    expect(read('application/json', '{}', headers)).toMatchObject({ events: [{ marked: true, raw: undefined }] }),
  );
  it('is all that is said of a body that cannot be read', () => {
    expect(read(ONE, '{"doMat":"MẬT","id":')).toEqual({ ok: false, status: 422, code: 'secrecy.marked' });
    expect(read(MANY, '{"doMat":"MẬT"}')).toEqual({ ok: false, status: 422, code: 'secrecy.marked' });
  });
});

describe('the network of a call', () => {
  const stamp = new NetworkStamp(['10.57.0.0/16', '2001:db8::/32', '192.168.1.7'], ['tslcd-hue']);
  it.each([
    ['10.57.3.4', 'tslcd'],
    ['::ffff:10.57.3.4', 'tslcd'],
    ['10.58.3.4', 'internet'],
    ['2001:db8::7', 'tslcd'],
    ['2001:db9::7', 'internet'],
    ['192.168.1.7', 'tslcd'],
    ['192.168.1.8', 'internet'],
    ['no address', 'internet'],
    [undefined, 'internet'],
  ])('%s is %s', (address, network) => expect(stamp.ofAddress(address)).toBe(network));
  it('is known of broker users', () =>
    expect([stamp.ofBrokerUser('tslcd-hue'), stamp.ofBrokerUser('guest'), stamp.ofBrokerUser(undefined)]).toEqual([
      'tslcd',
      'internet',
      'internet',
    ]));
  it('cannot be configured by mistake', () => expect(() => new NetworkStamp(['10.57.0.0/99'], [])).toThrow('10.57.0.0/99'));
});
