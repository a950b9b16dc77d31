import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type ProducerEvent, validateData } from '@par/contracts';
import { type EdxmlDocument, type EdxmlMessage, readEdxml, STATUS_CODES } from '@par/edxml';
import { isMarkedSecret } from '@par/ingress/secrecy';
import { judge } from '@par/ingress/judgement';
import fc from 'fast-check';
import { edxmlEvents } from './edxml-events.ts';
import { partiesOf } from './edxml-parties.ts';
import { DOCUMENT_ID, NGHE_AN, readXml, sampleXml, specDocumentXml, specOrganisation, specStatusXml, WARD } from './spec-edxml.ts';

const organisation = specOrganisation();
type MayWrite = (unit: string) => boolean;
const anyUnit: MayWrite = () => true;
const eventsOf = (message: EdxmlMessage, asked?: string, mayWrite: MayWrite = anyUnit): ProducerEvent[] => {
  const found = partiesOf(message, organisation, { asked, mayWrite });
  if (!found.ok) throw new Error(found.fault.code);
  return edxmlEvents(message, found.parties);
};
const faultOf = (message: EdxmlMessage, asked?: string, mayWrite: MayWrite = anyUnit): string | undefined => {
  const found = partiesOf(message, organisation, { asked, mayWrite });
  return found.ok ? undefined : `${found.fault.code} ${found.fault.field}`;
};
const short = ({ type, subject, unit, time, data }: ProducerEvent): unknown[] => [
  type.slice('vn.par.'.length, -3),
  subject,
  unit,
  time,
  data,
];
const FACTS = {
  issuer: 'H57.901',
  code: '12/PM-CCHC',
  promulgatedOn: '2021-07-05',
  documentType: 'Công văn',
  urgency: 'normal',
  recipients: ['H57.902'],
  files: [{ name: '12.pdf', mediaType: 'application/pdf', bytes: 10, sha256: createHash('sha256').update('nội dung').digest('hex') }],
};
const MIDNIGHT = '2021-07-04T17:00:00.000Z';
const SENT = '2021-07-05T03:00:00.000Z';
const OLD = 'H57.901,2021/07/01,9/PM-CCHC';

/** How many changed messages are tried: 2,000, or as many as `npm run test:long` says. */
const MUTATIONS = Number(process.env.EDXML_MUTATIONS ?? 2_000);

describe('the events of a document', () => {
  it.each([
    ['new', 'issuer', [['document.issued', DOCUMENT_ID, 'spec-office', SENT, FACTS]]],
    ['new', 'recipient', [['document.arrived', DOCUMENT_ID, 'spec-ward', SENT, { recipient: 'H57.902', document: FACTS }]]],
    ['recall', 'issuer', [['document.recalled', OLD, 'spec-office', SENT, { issuer: 'H57.901' }]]],
    ['recall', 'recipient', [['document.recalled', OLD, 'spec-ward', SENT, { issuer: 'H57.901' }]]],
    ['update', 'issuer', [['document.updated', OLD, 'spec-office', SENT, FACTS]]],
    [
      'replace',
      'recipient',
      [
        ['document.replaced', OLD, 'spec-ward', SENT, { issuer: 'H57.901', by: DOCUMENT_ID }],
        ['document.arrived', DOCUMENT_ID, 'spec-ward', SENT, { recipient: 'H57.902', document: FACTS }],
      ],
    ],
    [
      'replace',
      'issuer',
      [
        ['document.replaced', OLD, 'spec-office', SENT, { issuer: 'H57.901', by: DOCUMENT_ID }],
        ['document.issued', DOCUMENT_ID, 'spec-office', SENT, FACTS],
      ],
    ],
  ] as const)('%s, on behalf of the %s', async (type, role, expected) => {
    const business = type === 'new' ? { type } : { type, documentId: OLD };
    const events = eventsOf(await readXml(await specDocumentXml({ business })), role === 'issuer' ? 'spec-office' : 'spec-ward');
    expect(events.map(short)).toEqual(expected);
    for (const event of events) {
      expect(event.source).toBe('urn:par:edxml:H57.901');
      expect(validateData(event.type, event.data)).toEqual([]);
    }
  });

  it('tell who was added and who was removed, and leave these out of the receivers, unless that leaves nobody', async () => {
    const receivers = [
      { organ: 'H57.902', change: 'removed' },
      { organ: '000.00.904.H57', change: 'added' },
    ] as const;
    const recipients = async (given: typeof receivers | [(typeof receivers)[0]]): Promise<unknown> => {
      const business = { type: 'update', documentId: OLD, receivers: given } as const;
      return eventsOf(await readXml(await specDocumentXml({ business })), 'spec-office')[0]!.data;
    };
    expect(await recipients(receivers)).toMatchObject({ recipients: ['H57.904'], removed: ['H57.902'] });
    expect(await recipients([receivers[0]])).toMatchObject({ recipients: ['H57.902'], removed: ['H57.902'] });
  });

  it('tell until when to act, how urgent it is, and leave out what is written unlike any code, kind or media type', async () => {
    const change = {
      dueOn: '2021-07-31',
      priority: 'express',
      code: { number: '12', notation: 'A&B' },
      type: { name: '7 Công văn' },
      files: [{ contentId: 'f', name: 'ố'.repeat(250), mediaType: 'Application/PDF; x=1', content: [Buffer.from('a')] }],
    } as const;
    const [event] = eventsOf(await readXml(await specDocumentXml(change)), 'spec-office');
    expect(event!.data).toMatchObject({ due: '2021-07-31T16:59:59.000Z', urgency: 'express', files: [{ mediaType: 'application/pdf' }] });
    expect(event!.data).not.toHaveProperty('code');
    expect(event!.data).not.toHaveProperty('documentType');
    expect(validateData(event!.type, event!.data)).toEqual([]);
  });

  it('are placed when the sender sent it, and on the day of the document where that was before it or is not told', async () => {
    const timeOf = async (sentAt: string): Promise<string> =>
      eventsOf(await readXml(await specDocumentXml({ sentAt })), 'spec-ward')[0]!.time;
    expect(await timeOf('2021-07-06T08:30:00')).toBe('2021-07-06T01:30:00.000Z');
    expect(await timeOf('2021-07-04T08:30:00')).toBe(MIDNIGHT);
    const untold = (await specDocumentXml()).replace(/<Timestamp>.*<\/Timestamp>/, '');
    expect(eventsOf(await readXml(untold), 'spec-ward')[0]!.time).toBe(MIDNIGHT);
  });

  it('are placed on the first day of a unit that is younger than the document', async () => {
    const events = eventsOf(await readXml(await specDocumentXml({ to: [{ code: 'H57.903', name: 'Phường mới' }] })), 'spec-new');
    expect(events.map(({ unit, time }) => [unit, time])).toEqual([['spec-new', '2021-07-19T17:00:00.000Z']]);
  });

  it('have the same identities and content whenever the same message comes, and others for other messages', async () => {
    const identity = ({ source, id }: ProducerEvent): string => `${source} ${id}`;
    const all = new Set<string>();
    let count = 0;
    for (const business of [{ type: 'new' }, { type: 'recall', documentId: OLD }, { type: 'update', documentId: OLD }] as const)
      for (const unit of ['spec-office', 'spec-ward'])
        for (const sentAt of ['2021-07-05T10:00:00', '2021-07-06T10:00:00']) {
          const xml = await specDocumentXml({ business, sentAt });
          const [first, second] = [eventsOf(await readXml(xml), unit), eventsOf(await readXml(xml), unit)];
          expect(first).toEqual(second);
          for (const each of first) all.add(identity(each));
          count += first.length;
        }
    // A document comes to be once, and told at another time it is a conflict; what happens to one may happen twice.
    expect([count, all.size]).toEqual([12, 10]);
    const long = await readXml(
      await specDocumentXml({ documentId: 'H'.repeat(120), business: { type: 'update', documentId: 'G'.repeat(120) } }),
    );
    for (const { id } of eventsOf(long, 'spec-ward')) expect(id.length).toBeLessThanOrEqual(200);
  });
});

describe('the event of a status', () => {
  it.each([
    ['01', 'arrived'],
    ['02', 'refused'],
    ['03', 'registered'],
    ['04', 'assigned'],
    ['05', 'in-process'],
    ['06', 'completed'],
    ['13', 'recall-requested'],
    ['15', 'recall-accepted'],
    ['16', 'recall-refused'],
  ] as const)('%s is document.%s, told to the issuer by the receiver', async (status, said) => {
    const message = await readXml(specStatusXml(status));
    const [event, ...others] = eventsOf(message);
    expect(others).toEqual([]);
    expect(short(event!)).toEqual([`document.${said}`, DOCUMENT_ID, 'spec-office', MIDNIGHT, { recipient: 'H57.902' }]);
    expect(event!.source).toBe('urn:par:edxml:H57.902');
    expect(validateData(event!.type, event!.data)).toEqual([]);
    expect(eventsOf(message, WARD.unit)[0]).toMatchObject({ unit: 'spec-ward', type: event!.type });
    expect(eventsOf(message, WARD.unit)[0]!.id).not.toBe(event!.id);
  });

  it('has a rank of its own for each code', () => expect(new Set(STATUS_CODES).size).toBe(9));

  it.each([
    ['its own time', specStatusXml('03').replace('2021/07/01 11', '2021/07/06 11'), '2021-07-06T04:08:36.000Z'],
    ['the day of the document where its own is before that', specStatusXml('03'), MIDNIGHT],
    ['the day inside the identity', specStatusXml('03').replace(/<PromulgationDate>.*<\/PromulgationDate>/, ''), MIDNIGHT],
    ['the day of the document where it has none', specStatusXml('03').replace(/<Timestamp>.*<\/Timestamp>/, ''), MIDNIGHT],
  ])('is placed by %s', async (_name, xml, time) => expect(eventsOf(await readXml(xml))[0]!.time).toBe(time));
});

describe('whose a message is', () => {
  const document = async (): Promise<EdxmlMessage> => readXml(await specDocumentXml());
  const only =
    (unit: string): MayWrite =>
    (asked) =>
      asked === unit;

  it.each([
    ['the unit asked for, by id', 'spec-ward', anyUnit, ['spec-ward']],
    ['the unit asked for, by identifier in either form', '000.00.902.H57', anyUnit, ['spec-ward']],
    ['the issuer, where the key is its own', undefined, only('spec-office'), ['spec-office']],
    ['the receiver, where the key is its own', undefined, only('spec-ward'), ['spec-ward']],
  ])('%s', async (_name, asked, mayWrite, expected) => {
    expect(eventsOf(await document(), asked, mayWrite).map(({ unit }) => unit)).toEqual(expected);
  });

  it('of several receivers of ours, each', async () => {
    const to = [WARD.organ, 'H57.903', 'H99'].map((code) => ({ code, name: 'x' }));
    const message = await readXml(await specDocumentXml({ from: { code: 'H99.1', name: 'x' }, to }));
    expect(eventsOf(message).map(({ unit, data }) => [unit, (data as { recipient: string }).recipient])).toEqual([
      ['spec-ward', 'H57.902'],
      ['spec-new', 'H57.903'],
    ]);
  });

  it.each([
    ['both sides are of the key', undefined, anyUnit, 'edxml.unit-unclear unit'],
    ['the key is of neither side', undefined, only('spec-new'), 'producer.not-for-unit unit'],
    ['the unit asked for is unknown', 'nobody', anyUnit, 'unit.unknown unit'],
    ['the unit asked for has no identifier', 'spec-nobody', anyUnit, 'edxml.unit-without-organ unit'],
    ['the same, by its official code', '99', anyUnit, 'edxml.unit-without-organ unit'],
    ['the unit asked for is not of the message', 'spec-new', anyUnit, 'edxml.not-a-party unit'],
  ])('is refused where %s', async (_name, asked, mayWrite, fault) => expect(faultOf(await document(), asked, mayWrite)).toBe(fault));

  it('is refused where nobody in it is a unit of ours, or where no day can be told', async () => {
    const strangers = { from: { code: 'H98', name: 'x' }, to: [{ code: 'H99', name: 'x' }] };
    expect(faultOf(await readXml(await specDocumentXml(strangers)))).toBe('edxml.no-unit-of-ours MessageHeader/To');
    const timeless = specStatusXml('03', 'g-1').replace(/<(Timestamp|PromulgationDate)>[^<]*<\/\1>/g, '');
    expect(faultOf(await readXml(timeless))).toBe('edxml.missing-field MessageHeader/Timestamp');
  });
});

describe('the sample messages', () => {
  it.each([
    ['status.edxml', 'arrived', '2018-09-28T10:25:11.000Z'],
    ['status_inbox_01.edxml', 'arrived', '2015-09-29T17:00:00.000Z'],
    ['status_acceptance_03.edxml', 'registered', '2015-09-29T17:00:00.000Z'],
    ['status_processing_05.edxml', 'in-process', '2015-09-29T17:00:00.000Z'],
    ['status_finish_06.edxml', 'completed', '2015-09-29T17:00:00.000Z'],
  ])('%s says %s', async (name, said, time) => {
    const [event] = eventsOf(await readXml(sampleXml(name)));
    expect(event).toMatchObject({
      source: 'urn:par:edxml:H41',
      type: `vn.par.document.${said}.v1`,
      subject: '000.00.00.G22,2015/09/30,7816/VPCP-TTĐT',
      unit: 'spec-government',
      time,
      data: { recipient: 'H41' },
    });
  });

  it('edoc_update.edxml with a possible date updates the document that it names', async () => {
    const message = (await readXml(sampleXml('edoc_update.edxml').toString().replace('2014/02/30', '2014/02/28'))) as EdxmlDocument;
    const [event, ...others] = eventsOf(message, NGHE_AN.unit);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'vn.par.document.updated.v1',
      subject: '000.00.00.G22,2014/02/28,7806/VPCP-TTĐT',
      unit: NGHE_AN.unit,
      data: { issuer: 'G22', code: '7816/VPCP-TTĐT', promulgatedOn: '2018-09-28', documentType: 'Công văn', recipients: ['H14', 'G17'] },
    });
    expect(validateData(event!.type, event!.data)).toEqual([]);
    expect(JSON.stringify(event)).not.toMatch(/Phuc|vpcp\.vn|8043100|liên thông/);
  });
});

describe('whatever is changed in a message', () => {
  const producer = { name: 'spec', sources: ['*'], units: ['*'], declares: false };
  const now = new Date('2026-01-01T00:00:00.000Z');
  /** What only the message's own days can bring about. */
  const BY_DAY = new Set(['time.in-the-future', 'unit.not-in-force']);

  it(
    'it gives mistakes, a fault, or events that the front door takes: never a crash, a hang, or events of a mistake',
    async () => {
      const bases = [
        await specDocumentXml(),
        await specDocumentXml({ business: { type: 'replace', documentId: OLD, receivers: [{ organ: 'H57.903', change: 'added' }] } }),
        specStatusXml('04'),
        sampleXml('status_acceptance_03.edxml').toString(),
      ];
      const outcomes = { mistakes: 0, faults: 0, events: 0 };
      const scrap = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom(
          '<',
          '>',
          '&',
          ']]>',
          '<!--',
          '<![CDATA[',
          '\0',
          '<x>',
          '</x>',
          '<!DOCTYPE x>',
          '&x;',
          '',
          '1',
          '9',
          'H57.902',
          '2021/02/30',
          ',',
          '/',
        ),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...bases),
          fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), scrap), { maxLength: 4 }),
          fc.integer({ min: 1, max: 4_000 }),
          fc.option(fc.constantFrom('spec-office', 'spec-ward', 'H57.903', 'x'), { nil: undefined }),
          async (base, changes, length, asked) => {
            let text = base;
            for (const [place, gone, come] of changes) {
              const at = Math.floor(place * text.length);
              text = text.slice(0, at) + come + text.slice(at + gone);
            }
            const bytes = Buffer.from(text);
            const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, n) => bytes.subarray(n * length, (n + 1) * length));
            const reading = await readEdxml(pieces, (name, said) => isMarkedSecret({ [name]: said }));
            if (!reading.ok) {
              outcomes.mistakes += 1;
              return expect(reading.mistakes.length).toBeGreaterThan(0);
            }
            const found = partiesOf(reading.message, organisation, { asked, mayWrite: anyUnit });
            if (!found.ok) {
              outcomes.faults += 1;
              return expect(found.fault.text.vi).not.toBe('');
            }
            const events = edxmlEvents(reading.message, found.parties);
            expect(events.length).toBeGreaterThan(0);
            outcomes.events += 1;
            for (const event of events) {
              const circumstances = {
                door: 'edocument-workflow',
                producer,
                organisation,
                now,
                network: 'internet',
                opened: new Map(),
              } as const;
              const judgement = judge(event, circumstances);
              if (judgement.kind === 'refused' && !BY_DAY.has(judgement.refusal.code)) expect([event, judgement.refusal]).toEqual([]);
            }
            return undefined;
          },
        ),
        { numRuns: MUTATIONS },
      );
      expect(Object.values(outcomes).every((times) => times > 0)).toBe(true);
    },
    60_000 + 20 * MUTATIONS,
  );
});
