import { describe, expect, it } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { filingOf, fingerprint, isUnreadable, readDelivery, readMessage } from './delivery.ts';

const event = {
  specversion: '1.0',
  id: 'e1',
  source: 'urn:spec',
  type: 'vn.par.dossier.result-ready.v1',
  subject: 'H57.1-210705-0001',
  time: '2021-07-05T02:00:00.000Z',
  unit: 'hue-phong-noi-vu',
  received: '2021-07-05T23:59:59.999Z',
  datacontenttype: 'application/json',
  data: {},
};

const message = (body: string): ConsumeMessage =>
  ({ content: Buffer.from(body), properties: { appId: 'dossier-intake' }, fields: {} }) as unknown as ConsumeMessage;

describe('a message off the queue', () => {
  it('is read with the service that sent it', () => {
    expect(readDelivery(JSON.stringify(event), 'dossier-intake', 0)).toEqual({ event, origin: 'dossier-intake', attempt: 0 });
  });

  it.each([
    ['no JSON', '{', 'message.unreadable'],
    ['no object', '7', 'message.unreadable'],
    ['null', 'null', 'message.unreadable'],
    ['no stamp', JSON.stringify({ ...event, received: undefined }), 'message.unreadable'],
    ['a type from the future', JSON.stringify({ ...event, type: 'vn.par.dossier.invented.v9' }), 'event.unknown-type'],
  ])('with %s is unreadable, and filed as such', (_name, body, code) => {
    const read = readDelivery(body, 'dossier-intake', 0);
    expect(isUnreadable(read) && read.code).toBe(code);
    expect(filingOf(read)).toMatchObject({ type: code, unit: '', body });
  });

  it('may be a pack, of which each event stands for itself', () => {
    const second = { ...event, id: 'e2' };
    const read = readMessage(message(JSON.stringify([event, { nonsense: true }, second])));
    expect(read).toEqual([
      { event, origin: 'dossier-intake', attempt: 0 },
      { code: 'message.unreadable', cause: 'not a stamped CloudEvent', body: '{"nonsense":true}', origin: 'dossier-intake' },
      { event: second, origin: 'dossier-intake', attempt: 0 },
    ]);
  });

  it('is unreadable as a whole when a pack is cut off', () => {
    expect(readMessage(message('[{"id":1},'))).toEqual([
      { code: 'message.unreadable', cause: 'not JSON', body: '[{"id":1},', origin: 'dossier-intake' },
    ]);
  });

  it('is filed under the UTC day of its receipt', () => {
    expect(filingOf(readDelivery(JSON.stringify(event), 'dossier-intake', 0))).toMatchObject({
      day: '2021-07-05',
      unit: 'hue-phong-noi-vu',
      origin: 'dossier-intake',
    });
  });

  it('has one fingerprint per content', () => {
    expect(fingerprint('a').equals(fingerprint('a'))).toBe(true);
    expect(fingerprint('a').equals(fingerprint('b'))).toBe(false);
  });
});
