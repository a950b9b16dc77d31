import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type EdxmlDocument, type EdxmlMessage, type EdxmlReading } from './edxml-message.ts';
import { EDXML_LIMITS, type EdxmlLimits } from './edxml-stream.ts';
import { readEdxml } from './read-edxml.ts';

const SAMPLES = new URL('../../../../shared/data/edxml/', import.meta.url);
const sample = (name: string): Buffer => readFileSync(new URL(name, SAMPLES));
const NS = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

const read = (text: string | Buffer, limits: Partial<EdxmlLimits> = {}, pieceLength = 1_000): Promise<EdxmlReading> => {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceLength) }, (_, n) =>
    bytes.subarray(n * pieceLength, (n + 1) * pieceLength),
  );
  return readEdxml(pieces, (name, said) => name === 'DoMat' || said === 'MẬT', { ...EDXML_LIMITS, ...limits });
};
const messageOf = async (text: string | Buffer): Promise<EdxmlMessage> => {
  const reading = await read(text);
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes, null, 1));
  return reading.message;
};
const mistakesOf = async (text: string | Buffer, limits?: Partial<EdxmlLimits>): Promise<string[]> => {
  const reading = await read(text, limits);
  return reading.ok ? [] : reading.mistakes.map(({ code, field, line }) => `${code} ${field} ${line}`);
};

const FILE = Buffer.from('Nội dung của văn bản, một trăm lần. '.repeat(100));
const HEADER = `<MessageHeader>
  <From><OrganId>000.00.21.H57</OrganId><OrganName>Phòng Nội vụ</OrganName><Email>a@b.vn</Email></From>
  <To><OrganId>H57.22</OrganId></To><To><OrganId>000.00.23.H57</OrganId></To>
  <DocumentId>000.00.21.H57,2021/07/05,12/PNV-CCHC</DocumentId>
  <Code><CodeNumber>12</CodeNumber><CodeNotation>PNV-CCHC</CodeNotation></Code>
  <PromulgationInfo><Place>Huế</Place><PromulgationDate>2021/07/05</PromulgationDate></PromulgationInfo>
  <DocumentType><Type>1</Type><TypeName>Công văn</TypeName></DocumentType>
  <Subject>V/v cải cách hành chính &amp; chuyển đổi số</Subject>
  <SignerInfo><FullName>Nguyễn Văn A</FullName></SignerInfo>
  <DueDate>2021/07/31</DueDate>
  <OtherInfo><Priority>2</Priority><PageAmount>3</PageAmount></OtherInfo>
  <ResponseFor><OrganId></OrganId><Code></Code></ResponseFor>
  <ResponseFor><OrganId>H57</OrganId><Code>7/UBND-CC</Code><DocumentId>g-7</DocumentId><PromulgationDate>2021/07/01</PromulgationDate></ResponseFor>
  <SteeringType>2</SteeringType>
</MessageHeader>`;
const TRACE = `<TraceHeaderList><TraceHeader><OrganId>000.00.21.H57</OrganId><Timestamp>2021/07/05 10:00:00</Timestamp></TraceHeader>
  <Bussiness><BussinessDocType>0</BussinessDocType></Bussiness></TraceHeaderList>`;
const ATTACHED = `<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId><AttachmentName>12.pdf</AttachmentName><ContentType>application/pdf</ContentType>
  <ContentTransferEncoded>${FILE.toString('base64').replace(/(.{76})/g, '$1\n')}</ContentTransferEncoded></Attachment></AttachmentEncoded>`;
const wrapped = (header = HEADER, trace = TRACE, files = ATTACHED): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${NS}"><edXMLEnvelope><edXMLHeader>\n${header}\n${trace}</edXMLHeader></edXMLEnvelope>${files}</edXML>`;
const without = (pattern: RegExp): string => wrapped(HEADER.replace(pattern, ''));

/** How many changed messages are tried: 2,000, or as many as `npm run test:long` says. */
const MUTATIONS = Number(process.env.EDXML_MUTATIONS ?? 2_000);

describe('an edXML message', () => {
  it('is read for what it is: without persons, addresses and files', async () => {
    const message = (await messageOf(wrapped())) as EdxmlDocument;
    expect(message).toEqual({
      kind: 'document',
      dialect: 'qcvn-102',
      from: { text: '000.00.21.H57', canonical: 'H57.21' },
      to: [
        { text: 'H57.22', canonical: 'H57.22' },
        { text: '000.00.23.H57', canonical: 'H57.23' },
      ],
      documentId: '000.00.21.H57,2021/07/05,12/PNV-CCHC',
      code: { number: '12', notation: 'PNV-CCHC' },
      promulgatedOn: '2021-07-05',
      type: { code: '1', name: 'Công văn' },
      subject: 'V/v cải cách hành chính & chuyển đổi số',
      dueOn: '2021-07-31',
      priority: 'very-urgent',
      steering: 'directs',
      pages: 3,
      answers: [{ organ: { text: 'H57', canonical: 'H57' }, code: '7/UBND-CC', documentId: 'g-7', promulgatedOn: '2021-07-01' }],
      business: { type: 'new', receivers: [] },
      trace: [{ text: '000.00.21.H57', canonical: 'H57.21' }],
      sentAt: '2021-07-05T10:00:00',
      attachments: [
        {
          name: '12.pdf',
          mediaType: 'application/pdf',
          bytes: FILE.length,
          sha256: createHash('sha256').update(FILE).digest('hex'),
          contentId: 'cid:1',
        },
      ],
      signed: false,
    });
    expect(JSON.stringify(message)).not.toMatch(/Nguyễn|a@b/);
  });

  it('reads the same in pieces of any length', async () => {
    const whole = await read(wrapped(), {}, 1_000_000);
    for (const length of [1, 2, 3, 7, 64]) expect(await read(wrapped(), {}, length)).toEqual(whole);
  });

  it('takes an identity in one normal form, whichever way its letters are written', async () => {
    const id = (text: string): string => wrapped(HEADER.replace('12/PNV-CCHC</D', `${text}</D`));
    const [composed, decomposed] = await Promise.all(['12/TTĐT-Ố', '12/TTĐT-Ố'.normalize('NFD')].map((text) => messageOf(id(text))));
    expect(composed).toMatchObject({ documentId: '000.00.21.H57,2021/07/05,12/TTĐT-Ố' });
    expect(decomposed).toEqual(composed);
  });

  it.each([
    ['of another organisation', TRACE.replace('000.00.21.H57', 'H57.22')],
    ['that is none', TRACE.replace('10:00:00', '25:00:00')],
    ['that is not there', TRACE.replace(/<Timestamp>.*<\/Timestamp>/, '')],
  ])('does not know when it was sent by a time %s', async (_name, trace) => {
    expect(await messageOf(wrapped(HEADER, trace))).not.toHaveProperty('sentAt');
  });

  it('reads the older dialect', async () => {
    const text = wrapped()
      .replace(NS, 'http://www.go.vn/eDoc')
      .replaceAll('edXMLEnvelope', 'EdXMLEnvelope')
      .replaceAll('edXML>', 'EdXMLEnvelope>');
    const older = text.replace('<edXML ', '<EdXMLEnvelope ');
    expect(await messageOf(older)).toEqual({ ...(await messageOf(wrapped())), dialect: 'go-vn' });
  });

  it.each([
    ['status.edxml', '01', '2018-09-28T17:25:11'],
    ['status_inbox_01.edxml', '01', '2015-09-20T11:08:36'],
    ['status_acceptance_03.edxml', '03', '2015-09-20T11:08:36'],
    ['status_processing_05.edxml', '05', '2015-09-20T11:08:36'],
    ['status_finish_06.edxml', '06', '2015-09-20T11:08:36'],
  ])('%s says %s', async (name, status, statedAt) => {
    const message = await messageOf(sample(name));
    expect(message).toMatchObject({ kind: 'status', status, statedAt });
    expect(JSON.stringify(message)).not.toMatch(/Trâm|84912|@/);
  });

  it('of the samples names an impossible date with its field and line, and what is not well-formed', async () => {
    expect(await mistakesOf(sample('edoc_update.edxml'))).toEqual(['edxml.impossible-date TraceHeaderList/Bussiness/DocumentId 91']);
    const [mistake] = await mistakesOf(sample('edoc.edxml'));
    expect(mistake).toMatch(/^edxml\.not-well-formed {2}\d+$/);
  });

  it('of the samples is whole once its date is one', async () => {
    const text = sample('edoc_update.edxml').toString().replace('2014/02/30', '2014/02/28');
    expect(await messageOf(text)).toMatchObject({
      kind: 'document',
      business: {
        type: 'update',
        documentId: '000.00.00.G22,2014/02/28,7806/VPCP-TTĐT',
        receivers: [
          { organ: { canonical: 'H41' }, change: 'removed' },
          { organ: { canonical: 'H14' }, change: 'added' },
        ],
      },
      attachments: [{ mediaType: expect.any(String) as unknown }],
      signed: true,
    });
  });

  it.each([
    ['no receiver', without(/<To>.*<\/To>/), ['edxml.missing-field MessageHeader/To 3']],
    [
      'more receivers and files than an event can name',
      wrapped(
        HEADER.replace(/<To>.*<\/To>/, '<To><OrganId>H57.22</OrganId></To>'.repeat(501)),
        TRACE,
        ATTACHED.replace(/<Attachment>.*<\/Attachment>/s, (one) => one.repeat(51)),
      ),
      ['edxml.too-many-elements MessageHeader/To 5', 'edxml.too-many-elements AttachmentEncoded/Attachment 19'],
    ],
    [
      'an identity that no event could be about',
      wrapped(HEADER.replace('<DocumentId>000', '<DocumentId>#000')),
      ['edxml.bad-document-id MessageHeader/DocumentId 6'],
    ],
    ['no receiver identifier', without(/<OrganId>H57\.22<\/OrganId>/), ['edxml.missing-field MessageHeader/To/OrganId 5']],
    [
      'three mistakes at once',
      wrapped(HEADER.replace('H57.22', '57').replace('2021/07/05</Prom', '2021/02/29</Prom').replace('<Priority>2', '<Priority>9')),
      [
        'edxml.bad-organ-code MessageHeader/To/OrganId 5',
        'edxml.impossible-date MessageHeader/PromulgationInfo/PromulgationDate 8',
        'edxml.unknown-choice MessageHeader/OtherInfo/Priority 13',
      ],
    ],
    [
      'a recall that does not say of what',
      wrapped(HEADER, TRACE.replace('>0<', '>1<')),
      ['edxml.missing-field TraceHeaderList/Bussiness/DocumentId 19'],
    ],
    [
      'a replacement of itself',
      wrapped(
        HEADER,
        TRACE.replace('<BussinessDocType>0<', '<DocumentId>000.00.21.H57,2021/07/05,12/PNV-CCHC</DocumentId><BussinessDocType>3<'),
      ),
      ['edxml.replaces-itself TraceHeaderList/Bussiness/DocumentId 19'],
    ],
    [
      'a status nobody knows',
      wrapped(
        `<MessageHeader><From><OrganId>H57</OrganId></From><ResponseFor><OrganId>H58</OrganId><Code>1/A</Code><DocumentId>g</DocumentId></ResponseFor><StatusCode>07</StatusCode></MessageHeader>`,
      ),
      ['edxml.unknown-status MessageHeader/StatusCode 3'],
    ],
    ['a DTD', wrapped().replace('?>\n', '?>\n<!DOCTYPE edXML [<!ENTITY x "y">]>'), ['edxml.doctype  2']],
    ['an entity', wrapped(HEADER.replace('&amp;', '&xxe;')), ['edxml.not-well-formed  10']],
    ['another vocabulary', '<edXML xmlns="urn:x"/>', ['edxml.not-edxml  1']],
    ['another encoding', wrapped().replace('UTF-8', 'windows-1258'), ['edxml.encoding  1']],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('<edXML xmlns="'), Buffer.from([0xff, 0xfe])]), ['edxml.encoding  1']],
    ['nothing', '', ['edxml.empty  1']],
    ['text before it', `abc${wrapped()}`, ['edxml.not-well-formed  1']],
    ['an end too early', wrapped().slice(0, -4), ['edxml.not-well-formed  104']],
    [
      'a file that is no base64',
      wrapped(HEADER, TRACE, ATTACHED.replace('>\n', '>\n').replace(FILE.toString('base64').slice(0, 8), '!!!!')),
      ['edxml.bad-base64 AttachmentEncoded/Attachment/ContentTransferEncoded 20'],
    ],
  ])('with %s is refused', async (_name, text, mistakes) => expect(await mistakesOf(text)).toEqual(mistakes));

  it.each([
    ['bytes', { bytes: 500 }, 'edxml.too-large'],
    ['elements', { elements: 10 }, 'edxml.too-many-elements'],
    ['levels', { depth: 3 }, 'edxml.too-deep'],
    ['characters in an element', { text: 20 }, 'edxml.text-too-long'],
  ])('with too many %s is refused', async (_name, limits, code) => {
    expect((await mistakesOf(wrapped(), limits))[0]).toMatch(new RegExp(`^${code} `));
  });

  it.each([
    ['as text', HEADER.replace('Công văn', 'MẬT')],
    ['as a field', HEADER.replace('<DueDate>', '<DoMat>1</DoMat><DueDate>')],
    ['as an attribute', HEADER.replace('<DueDate>', '<DueDate DoMat="x">')],
    ['in a comment', HEADER.replace('<DueDate>', '<!--MẬT--><DueDate>')],
    ['in another vocabulary', HEADER.replace('<DueDate>', '<x xmlns="urn:x">MẬT</x><DueDate>')],
  ])('with a secrecy mark %s is refused and nothing of it told', async (_name, header) => {
    const reading = await read(wrapped(header));
    expect(reading).toMatchObject({ ok: false, mistakes: [{ code: 'message.secrecy-mark', field: '' }] });
    expect(JSON.stringify(reading)).not.toContain('cải cách');
  });

  it(
    'never crashes and never hangs, whatever is changed in it',
    async () => {
      const text = wrapped();
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.tuple(
              fc.nat(text.length),
              fc.nat(30),
              fc.oneof(fc.string(), fc.constantFrom('<', '>', '&', ']]>', '<!--', '<![CDATA[', '\0', '<x>', '</x>')),
            ),
            {
              minLength: 1,
              maxLength: 5,
            },
          ),
          fc.integer({ min: 1, max: 5_000 }),
          async (changes, pieceLength) => {
            let changed = text;
            for (const [at, gone, come] of changes) changed = changed.slice(0, at) + come + changed.slice(at + gone);
            const reading = await read(changed, {}, pieceLength);
            expect(reading.ok || reading.mistakes.length > 0).toBe(true);
          },
        ),
        { numRuns: MUTATIONS },
      );
    },
    60_000 + 20 * MUTATIONS,
  );
});
