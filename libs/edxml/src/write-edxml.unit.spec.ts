import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { validateXML } from 'xmllint-wasm';
import { BUSINESS_TYPES, type EdxmlMessage, PRIORITIES, STATUS_CODES, STEERING_TYPES } from './edxml-message.ts';
import { readEdxml } from './read-edxml.ts';
import { type OutgoingDocument, writeDocument, writeStatus } from './write-edxml.ts';

const SCHEMA = readFileSync(new URL('../schema/edxml-qcvn-102.xsd', import.meta.url), 'utf8');

const whole = async (document: OutgoingDocument): Promise<string> => {
  let written = '';
  for await (const piece of writeDocument(document)) written += piece;
  return written;
};
const readBack = async (xml: string): Promise<EdxmlMessage> => {
  const reading = await readEdxml([Buffer.from(xml)], () => false);
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes));
  return reading.message;
};
const faultsOf = async (...messages: string[]): Promise<string[]> => {
  const { errors } = await validateXML({
    xml: messages.map((contents, n) => ({ fileName: `${n}.xml`, contents })),
    schema: [SCHEMA],
  });
  return errors.map(({ message }) => message);
};
/** Texts of a message by another parser: element names and what they hold, in order. */
const textsOf = (xml: string): [string, string][] => {
  const texts: [string, string][] = [];
  const open: { name: string; text: string; hasChildren: boolean }[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local }) => {
    if (open.length > 0) open.at(-1)!.hasChildren = true;
    open.push({ name: local, text: '', hasChildren: false });
  });
  parser.on('text', (text) => {
    if (open.length > 0) open.at(-1)!.text += text;
  });
  parser.on('closetag', () => {
    const { name, text, hasChildren } = open.pop()!;
    if (!hasChildren) texts.push([name, text]);
  });
  parser.write(xml).close();
  return texts;
};

const FILE = Buffer.from(Array.from({ length: 10_001 }, (_, n) => n % 256));
const DOCUMENT: OutgoingDocument = {
  from: { code: '000.00.21.H57', name: 'Phòng Nội vụ', inCharge: 'UBND thành phố Huế' },
  to: [
    { code: 'H57.22', name: 'Phòng Tư pháp' },
    { code: '000.00.23.H57', name: 'UBND phường Vỹ Dạ' },
  ],
  documentId: '000.00.21.H57,2021/07/05,12/PNV-CCHC',
  code: { number: '12', notation: 'PNV-CCHC' },
  place: 'Huế',
  promulgatedOn: '2021-07-05',
  type: { code: '1', name: 'Công văn' },
  subject: 'V/v <cải cách> & "chuyển đổi số"',
  dueOn: '2021-07-31',
  priority: 'express',
  pages: 3,
  answers: [{ organ: 'H57', code: '7/UBND-CC', documentId: 'g-7', promulgatedOn: '2021-07-01' }],
  steering: 'reports',
  business: { type: 'update', documentId: 'g-8', reason: 'Sửa nơi nhận', receivers: [{ organ: 'H57.24', change: 'removed' }] },
  sentAt: '2021-07-05T10:00:00',
  files: [{ contentId: 'cid:1', name: '12.pdf', mediaType: 'application/pdf', content: [FILE.subarray(0, 4), FILE.subarray(4)] }],
};

describe('a written edXML message', () => {
  it('is valid, and is read back by ourselves and by another parser as it was', async () => {
    const xml = await whole(DOCUMENT);
    expect(await faultsOf(xml)).toEqual([]);
    expect(await readBack(xml)).toEqual({
      kind: 'document',
      dialect: 'qcvn-102',
      from: { text: '000.00.21.H57', canonical: 'H57.21' },
      to: [
        { text: 'H57.22', canonical: 'H57.22' },
        { text: '000.00.23.H57', canonical: 'H57.23' },
      ],
      documentId: DOCUMENT.documentId,
      code: DOCUMENT.code,
      promulgatedOn: '2021-07-05',
      type: DOCUMENT.type,
      subject: DOCUMENT.subject,
      dueOn: '2021-07-31',
      priority: 'express',
      steering: 'reports',
      pages: 3,
      answers: [{ organ: { text: 'H57', canonical: 'H57' }, code: '7/UBND-CC', documentId: 'g-7', promulgatedOn: '2021-07-01' }],
      business: {
        type: 'update',
        documentId: 'g-8',
        reason: 'Sửa nơi nhận',
        receivers: [{ organ: { text: 'H57.24', canonical: 'H57.24' }, change: 'removed' }],
      },
      trace: [{ text: '000.00.21.H57', canonical: 'H57.21' }],
      sentAt: '2021-07-05T10:00:00',
      attachments: [
        {
          contentId: 'cid:1',
          name: '12.pdf',
          mediaType: 'application/pdf',
          bytes: FILE.length,
          sha256: createHash('sha256').update(FILE).digest('hex'),
        },
      ],
      signed: false,
    });
    const texts = textsOf(xml);
    expect(texts).toContainEqual(['Subject', DOCUMENT.subject]);
    expect(texts).toContainEqual(['ContentTransferEncoded', FILE.toString('base64')]);
  });

  it('of every status is valid and read back', async () => {
    const statuses = STATUS_CODES.map((status) => ({
      status,
      xml: writeStatus({
        from: { code: 'H57.22', name: 'Phòng Tư pháp' },
        of: { organ: '000.00.21.H57', code: '12/PNV-CCHC', documentId: 'g-1', promulgatedOn: '2021-07-05' },
        status,
        statedAt: '2021-07-05T10:30:00',
      }),
    }));
    expect(await faultsOf(...statuses.map(({ xml }) => xml))).toEqual([]);
    for (const { status, xml } of statuses) {
      expect(await readBack(xml)).toEqual({
        kind: 'status',
        dialect: 'qcvn-102',
        from: { text: 'H57.22', canonical: 'H57.22' },
        of: { organ: { text: '000.00.21.H57', canonical: 'H57.21' }, code: '12/PNV-CCHC', documentId: 'g-1', promulgatedOn: '2021-07-05' },
        status,
        statedAt: '2021-07-05T10:30:00',
      });
    }
  });

  it('is not valid where something is missing or wrong: the schema can say no', async () => {
    const xml = await whole(DOCUMENT);
    const broken = [
      xml.replace(/<Subject>.*<\/Subject>/, ''),
      xml.replace('<PromulgationDate>2021/07/05', '<PromulgationDate>2021/13/05'),
      xml.replace('<Priority>3', '<Priority>7'),
      xml.replace('<To>', '<Too>').replace('</To>', '</Too>'),
      xml.replace('<ContentId>cid:1</ContentId>', ''),
    ];
    const faults = await Promise.all(broken.map((each) => faultsOf(each)));
    expect(faults.map(({ length }) => length > 0)).toEqual(broken.map(() => true));
  });

  const said = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => `a${text}z`);

  it('says whatever is said in it, whatever the characters', async () => {
    await fc.assert(
      fc.asyncProperty(
        said,
        said,
        fc.constantFrom(...PRIORITIES),
        fc.constantFrom(...STEERING_TYPES),
        fc.constantFrom(...BUSINESS_TYPES),
        fc.uint8Array({ maxLength: 200 }),
        async (subject, reason, priority, steering, type, content) => {
          const business = { type, reason, ...(type === 'new' ? {} : { documentId: 'g-9' }) };
          const files = [{ contentId: 'c', name: 'n', mediaType: 'm/m', content: [content] }];
          const message = await readBack(await whole({ ...DOCUMENT, subject, priority, steering, business, files }));
          // What XML cannot hold is left out.
          const kept = (text: string): string => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
          expect(message).toMatchObject({
            subject: kept(subject),
            priority,
            steering,
            business: { type, reason: kept(reason) },
            attachments: [{ bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }],
          });
        },
      ),
    );
  });
});
