import { readFileSync } from 'node:fs';
import { Organisation, type UnitEvent } from '@par/administration';
import { type AnyEvent } from '@par/contracts';
import { type EdxmlMessage, readEdxml, STATUS_CODES, writeDocument, writeStatus, type OutgoingDocument, type StatusCode } from '@par/edxml';

/**
 * Two units for specs. Identifiers of Huế's units are published nowhere that we could find (domain 7.4), so these are of our own making: no real body has them.
 */
export const OFFICE = { unit: 'spec-office', organ: 'H57.901', name: 'Phòng Mẫu' };
export const WARD = { unit: 'spec-ward', organ: 'H57.902', name: 'Phường Mẫu' };
/** Of the sample messages: the Government Office issues, the province of Nghệ An receives. */
export const GOVERNMENT = { unit: 'spec-government', organ: 'G22', name: 'Văn phòng Chính phủ' };
export const NGHE_AN = { unit: 'spec-nghe-an', organ: 'H41', name: 'UBND tỉnh Nghệ An' };

export const DOCUMENT_ID = 'H57.901,2021/07/05,12/PM-CCHC';

/** What opens the units above in a city of their own, and one without an identifier. */
export function specOrganisationEvents(): AnyEvent[] {
  const opened = (id: string, data: object): AnyEvent =>
    ({
      specversion: '1.0',
      source: 'urn:spec:organisation',
      id: `opened-${id}`,
      type: 'vn.par.unit.opened.v1',
      subject: id,
      unit: id,
      time: '2010-01-01T00:00:00.000Z',
      received: '2010-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { validFrom: '2010-01-01', agency: true, kind: 'department', parent: 'spec-city', ...data },
    }) as unknown as AnyEvent;
  return [
    opened('spec-city', {
      name: 'Thành phố Mẫu',
      kind: 'city',
      parent: undefined,
      agency: false,
      timeZone: 'Asia/Ho_Chi_Minh',
      dossierCodes: 'local',
    }),
    ...[OFFICE, WARD, GOVERNMENT, NGHE_AN].map(({ unit, organ, name }) => opened(unit, { name, organ })),
    opened('spec-nobody', { name: 'Đơn vị không có mã định danh', code: '99' }),
    opened('spec-new', { name: 'Phường mới', organ: 'H57.903', validFrom: '2021-07-20' }),
  ];
}

export function specOrganisation(): Organisation {
  return Organisation.fold(specOrganisationEvents() as UnitEvent[]);
}

/** A document from the office to the ward. */
export function specDocument(change: Partial<OutgoingDocument> = {}): OutgoingDocument {
  return {
    from: { code: '000.00.901.H57', name: OFFICE.name },
    to: [{ code: WARD.organ, name: WARD.name }],
    documentId: DOCUMENT_ID,
    code: { number: '12', notation: 'PM-CCHC' },
    place: 'Huế',
    promulgatedOn: '2021-07-05',
    type: { name: 'Công văn' },
    subject: 'V/v cải cách hành chính',
    sentAt: '2021-07-05T10:00:00',
    files: [{ contentId: 'f1', name: '12.pdf', mediaType: 'application/pdf', content: [Buffer.from('nội dung')] }],
    ...change,
  };
}

export async function specDocumentXml(change: Partial<OutgoingDocument> = {}): Promise<string> {
  let xml = '';
  for await (const piece of writeDocument(specDocument(change))) xml += piece;
  return xml;
}

/** What the ward says of the office's document; all nine have the same time stamp, before the document's date, as in messages that are in use. */
export function specStatusXml(status: StatusCode, documentId = DOCUMENT_ID): string {
  return writeStatus({
    from: { code: WARD.organ, name: WARD.name },
    of: { organ: OFFICE.organ, code: '12/PM-CCHC', documentId, promulgatedOn: '2021-07-05' },
    status,
    statedAt: '2021-07-01T11:08:36',
  });
}

export const allStatusXml = (documentId?: string): string[] => STATUS_CODES.map((status) => specStatusXml(status, documentId));

export async function readXml(xml: string | Buffer): Promise<EdxmlMessage> {
  const reading = await readEdxml([Buffer.from(xml)], () => false);
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes));
  return reading.message;
}

/** A message that is in use somewhere, from the shared data. */
export function sampleXml(name: string): Buffer {
  return readFileSync(new URL(`../../../../shared/data/edxml/${name}`, import.meta.url));
}
