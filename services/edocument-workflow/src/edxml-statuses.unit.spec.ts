import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Organisation } from '@par/administration';
import { type AnyEvent } from '@par/contracts';
import { STATUS_CODES } from '@par/edxml';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { validateXML } from 'xmllint-wasm';
import { edxmlEvents, STATUS_EVENTS } from './edxml-events.ts';
import { partiesOf } from './edxml-parties.ts';
import { statusesOf, writtenOrgan } from './edxml-statuses.ts';
import { DOCUMENT_ID, readXml, specDocumentXml, specOrganisation } from './spec-edxml.ts';

const SCHEMA = readFileSync(new URL('../../../libs/edxml/schema/edxml-qcvn-102.xsd', import.meta.url), 'utf8');
const organisation = specOrganisation();

async function arrival(): Promise<AnyEvent> {
  const message = await readXml(await specDocumentXml());
  const found = partiesOf(message, organisation, { asked: 'spec-ward', mayWrite: () => true });
  if (!found.ok) throw new Error(found.fault.code);
  return { ...edxmlEvents(message, found.parties)[0], received: '2021-07-05T04:30:00.000Z' } as unknown as AnyEvent;
}
const said = (type: string, change: object = {}): AnyEvent =>
  ({
    source: 'urn:spec:ward',
    id: `said-${type}`,
    type,
    subject: DOCUMENT_ID,
    unit: 'spec-ward',
    time: '2021-07-06T03:00:00.000Z',
    data: { recipient: 'H57.902' },
    ...change,
  }) as unknown as AnyEvent;

describe('what is told to the issuer', () => {
  it('is put off where the unit that speaks is not known yet', async () => {
    const events = [await arrival(), said(STATUS_EVENTS['03'])];
    expect(() => statusesOf(events, Organisation.fold([]))).toThrow('edxml.unit-not-heard-of');
  });

  it('is that it came, and each thing that the receiver says itself, valid, and read back by two readers', async () => {
    const events = [await arrival(), ...STATUS_CODES.map((status) => said(STATUS_EVENTS[status]))];
    const messages = statusesOf(events, organisation);
    expect(messages.map(({ status, sender, destination }) => [status, sender, destination])).toEqual(
      STATUS_CODES.map((status) => [status, 'H57.902', 'H57.901']),
    );
    const { errors } = await validateXML({
      xml: messages.map(({ xml }, n) => ({ fileName: `${n}.xml`, contents: xml })),
      schema: [SCHEMA],
    });
    expect(errors).toEqual([]);
    for (const { xml, status } of messages) {
      expect(await readXml(xml)).toEqual({
        kind: 'status',
        dialect: 'qcvn-102',
        from: { text: '000.00.902.H57', canonical: 'H57.902' },
        of: {
          organ: { text: '000.00.901.H57', canonical: 'H57.901' },
          code: '12/PM-CCHC',
          documentId: DOCUMENT_ID,
          promulgatedOn: '2021-07-05',
        },
        status,
        statedAt: status === '01' ? '2021-07-05T11:30:00' : '2021-07-06T10:00:00',
      });
      const texts: string[] = [];
      const parser = new SaxesParser({ xmlns: true });
      parser.on('text', (text) => void (text.trim() === '' || texts.push(text)));
      parser.write(xml).close();
      expect(texts).toEqual(expect.arrayContaining(['000.00.902.H57', 'Phường Mẫu', '000.00.901.H57', DOCUMENT_ID, status]));
    }
  });

  it.each([
    ['what came as edXML itself', {}, { source: 'urn:par:edxml:H57.902' }, ['01']],
    ['what another unit says in its place', {}, { unit: 'spec-office' }, ['01']],
    ['what is said for another receiver', {}, { data: { recipient: 'H57.903' } }, ['01']],
    ['what is said of another document', {}, { subject: 'g-other' }, ['01']],
    ['anything of a document that did not come as edXML', { source: 'urn:spec:other' }, {}, []],
    ['anything where only a status told the arrival', { data: { recipient: 'H57.902' } }, {}, []],
  ])('is not %s', async (_name, ofArrival, ofWord, told) => {
    const events = [{ ...(await arrival()), ...ofArrival } as AnyEvent, said('vn.par.document.registered.v1', ofWord)];
    // An arrival that is no edXML is a word of the unit itself, about a document whose arrival nobody told as edXML.
    expect(statusesOf(events, organisation).map(({ status }) => status)).toEqual(told);
  });

  it('is not what the document itself goes through', async () => {
    const events = [await arrival(), said('vn.par.document.filed.v1'), said('vn.par.document.recalled.v1')];
    expect(statusesOf(events, organisation).map(({ status }) => status)).toEqual(['01']);
  });

  it('is once that it came, also where the unit says so itself, and before all else', async () => {
    const came = await arrival();
    const events = [
      said('vn.par.document.registered.v1', { time: '2021-07-01T00:00:00.000Z' }),
      said('vn.par.document.arrived.v1'),
      came,
      came,
    ];
    expect(statusesOf(events, organisation).map(({ status, event }) => [status, event.id])).toEqual([
      ['01', came.id],
      ['03', 'said-vn.par.document.registered.v1'],
    ]);
  });

  it('is the same in any order', async () => {
    const events = [await arrival(), ...STATUS_CODES.map((status) => said(STATUS_EVENTS[status]))];
    const texts = (list: readonly AnyEvent[]): string[] =>
      statusesOf(list, organisation)
        .map(({ xml }) => xml)
        .sort();
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (order) => expect(texts(order)).toEqual(texts(events))),
    );
  });

  it.each([
    ['H57.902', '000.00.902.H57'],
    ['H57', '000.00.00.H57'],
    ['H57.1.2.3', '3.2.1.H57'],
    ['H57.1.2.3.4', 'H57.1.2.3.4'],
    // Both ends would look like the highest level.
    ['H57.1.2.B03', 'H57.1.2.B03'],
  ])('names %s as %s', (canonical, written) => expect(writtenOrgan(canonical)).toBe(written));
});
