import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EDXML_LIMITS } from '@par/edxml';
import { validateXML } from 'xmllint-wasm';
import { requestFieldOf, writtenMessage } from '../outgoing-message.ts';
import { specDocument } from '../spec-edxml.ts';
import { withoutFiles } from './send-edxml.controller.ts';
import { isBase64, readRequest } from './send-edxml.dto.ts';

const SCHEMA = readFileSync(new URL('../../../../libs/edxml/schema/edxml-qcvn-102.xsd', import.meta.url), 'utf8');
const REQUEST = {
  from: { organ: 'H57.901', name: 'Phòng Mẫu' },
  to: [{ organ: 'H57.902', name: 'Phường Mẫu' }],
  code: { number: '12', notation: 'PM-CCHC' },
  place: 'Huế',
  promulgatedOn: '2021-07-05',
  type: { name: 'Công văn' },
  subject: 'V/v cải cách hành chính',
  sentAt: '2021-07-05T10:00:00',
};

describe('a request to send', () => {
  it('is taken with the least and with all that it may hold', () => {
    expect(readRequest(REQUEST)).toEqual({ ok: true, request: REQUEST });
    const whole = {
      ...REQUEST,
      dueOn: '2021-07-31',
      priority: 'express',
      pages: 3,
      steering: 'directs',
      answers: [{ organ: 'H41', code: '1/A', documentId: 'g-1', promulgatedOn: '2021-07-01' }],
      business: { type: 'update', documentId: 'g-2', reason: 'x', receivers: [{ organ: 'H41', change: 'added' }] },
      files: [{ name: 'a.pdf', mediaType: 'application/pdf', content: 'YQ==' }],
    };
    expect(readRequest(whole)).toEqual({ ok: true, request: whole });
  });

  it.each([
    ['nothing', null, ['schema.bad-value ']],
    ['an unknown field', { ...REQUEST, signerName: 'x' }, ['schema.unknown-field signerName']],
    ['a field less', { ...REQUEST, subject: undefined }, ['schema.missing-field subject']],
    ['nobody to go to', { ...REQUEST, to: [] }, ['schema.bad-value to']],
    ['a name too long', { ...REQUEST, to: [{ organ: 'H57', name: 'x'.repeat(256) }] }, ['schema.bad-value to[0].name']],
    ['a person in an organisation', { ...REQUEST, from: { ...REQUEST.from, email: 'a@b' } }, ['schema.unknown-field from.email']],
    ['a business nobody knows', { ...REQUEST, business: { type: 'delete' } }, ['schema.bad-value business.type']],
    [
      'a file that is no base64',
      { ...REQUEST, files: [{ name: 'a', mediaType: 'a/b', content: 'MẬT' }] },
      ['schema.bad-value files[0].content'],
    ],
    [
      'base64 that is not whole',
      { ...REQUEST, files: [{ name: 'a', mediaType: 'a/b', content: 'YQ' }] },
      ['schema.bad-value files[0].content'],
    ],
    [
      'several mistakes at once',
      { ...REQUEST, promulgatedOn: '5/7/2021', sentAt: '10:00', pages: -1 },
      ['schema.bad-value promulgatedOn', 'schema.bad-value pages', 'schema.bad-value sentAt'],
    ],
  ])('with %s is refused by name', (_name, posted, expected) => {
    const reading = readRequest(JSON.parse(JSON.stringify(posted)));
    expect(reading.ok ? [] : reading.mistakes.map(({ code, field }) => `${code} ${field}`)).toEqual(expected);
    expect(JSON.stringify(reading)).not.toMatch(/MẬT|a@b/);
  });
});

describe('the content of files', () => {
  it.each([
    ['', true],
    ['YQ==', true],
    ['YWI=', true],
    ['YWJj', true],
    ['YQ', false],
    ['Y===', false],
    ['Y=Q=', false],
    ['YQ==YQ==', false],
    ['MẬT=', false],
  ])('%s is base64: %s', (text, expected) => expect(isBase64(text)).toBe(expected));

  it('is left out before words are looked for, and nothing else is', () => {
    const long = 'YWJj'.repeat(5_000_000);
    expect(isBase64(long)).toBe(true);
    const posted = {
      subject: 'a "tối mật" b',
      files: [
        { name: 'YWJj', content: long },
        { content: long, doMat: `${'x'.repeat(300)} mật` },
      ],
    };
    expect(JSON.parse(withoutFiles(JSON.stringify(posted)))).toEqual({
      ...posted,
      files: [
        { name: 'YWJj', content: '' },
        { content: '', doMat: `${'x'.repeat(300)} mật` },
      ],
    });
    expect(withoutFiles('{"a')).toBe('{"a');
    expect(withoutFiles('')).toBe('');
  });
});

describe('a message that is written', () => {
  it('is cut into pieces that are together valid and the message', async () => {
    const content = Array.from({ length: 5 }, () => Buffer.alloc(700_000, 'abcd'));
    const writing = await writtenMessage(specDocument({ files: [{ contentId: 'f', name: 'a.bin', mediaType: 'a/b', content }] }));
    if (!writing.ok) throw new Error(JSON.stringify(writing.mistakes));
    const { pieces, bytes, message } = writing.written;
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(1 << 20);
    const whole = Buffer.concat(pieces);
    expect([whole.length, message.attachments[0]!.bytes]).toEqual([bytes, 3_500_000]);
    const { errors } = await validateXML({ xml: [{ fileName: 'a.xml', contents: whole.toString() }], schema: [SCHEMA] });
    expect(errors).toEqual([]);
  });

  it('is refused at the largest message, whatever still comes', async () => {
    let read = 0;
    const endless = function* (): Generator<Buffer> {
      for (;;) {
        read += 1;
        yield Buffer.alloc(1_000_000);
      }
    };
    const writing = await writtenMessage(specDocument({ files: [{ contentId: 'f', name: 'a', mediaType: 'a/b', content: endless() }] }));
    expect(writing).toMatchObject({ ok: false, mistakes: [{ code: 'edxml.too-large' }] });
    expect(read).toBeLessThan(EDXML_LIMITS.bytes / 1_000_000 + 5);
  });

  it.each([
    ['MessageHeader/To/OrganId', 'to[0].organ'],
    ['MessageHeader/To[3]/OrganId', 'to[3].organ'],
    ['MessageHeader/DocumentId', 'id'],
    ['AttachmentEncoded/Attachment[2]/AttachmentName', 'files[2].name'],
    ['Elsewhere', 'Elsewhere'],
  ])('tells a mistake at %s as one of %s', (path, field) => expect(requestFieldOf(path)).toBe(field));

  it.each([
    [{ from: { code: '57', name: 'x' } }, 'edxml.bad-organ-code from.organ'],
    [{ promulgatedOn: '2021-02-30' }, 'edxml.impossible-date promulgatedOn'],
    [{ dueOn: '2021-02-30' }, 'edxml.impossible-date dueOn'],
    [{ documentId: '#1' }, 'edxml.bad-document-id id'],
    [{ business: { type: 'recall' as const } }, 'edxml.missing-field business.documentId'],
    [
      { business: { type: 'update' as const, documentId: 'g', receivers: [{ organ: '5', change: 'added' as const }] } },
      'edxml.bad-organ-code business.receivers[0].organ',
    ],
  ])('%j: %s', async (change, expected) => {
    const writing = await writtenMessage(specDocument(change));
    expect(writing.ok ? [] : writing.mistakes.map(({ code, field }) => `${code} ${requestFieldOf(field)}`)).toContain(expected);
  });
});
