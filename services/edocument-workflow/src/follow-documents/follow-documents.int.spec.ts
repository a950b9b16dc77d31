import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventIdentity } from '@par/contracts';
import { BatchTransport } from '@par/messaging';
import { eventually } from '@par/testing';
import { type DocumentEvent } from '../document-event.ts';
import { foldDocument } from '../document.ts';
import { type ShownDocument } from '../show-document/shown-document.ts';
import { OFFICE, posted, SpecOffice, WARD } from '../spec-office.ts';

const DOCUMENT = '000.00.21.H57,2021/07/08,412/UBND-NV';
const time = (minute: number): { time: string } => ({ time: new Date(Date.UTC(2021, 6, 8, 2, minute)).toISOString() });
const FILE = { name: 'cv-412.pdf', mediaType: 'application/pdf', bytes: 184_211, sha256: 'a'.repeat(64), retentionYears: 20 };
const FACTS = {
  issuer: 'H57.21',
  code: '412/UBND-NV',
  promulgatedOn: '2021-07-08',
  documentType: 'Công văn',
  urgency: 'urgent',
  recipients: ['H57.31', 'H57.5'],
  files: [{ ...FILE, confidentiality: 'restricted' }],
};

/** A document on its way out of the ward and in to the office. */
function wayOf(document: string): Record<string, unknown>[] {
  return [
    posted('drafted', document, {}, time(1)),
    posted('submitted', document, {}, time(2)),
    posted('approved', document, {}, time(3)),
    posted('signed', document, { by: 'person', signature: 'digital' }, time(4)),
    posted('signed', document, { by: 'organisation', signature: 'digital' }, time(5)),
    posted('numbered', document, { register: 'cong-van' }, time(6)),
    posted('issued', document, FACTS, time(7)),
    posted('arrived', document, { recipient: 'H57.31', document: FACTS }, { ...time(8), unit: OFFICE }),
    posted('registered', document, { recipient: 'H57.31', register: 'cong-van' }, { ...time(9), unit: OFFICE }),
    posted('refused', document, { recipient: 'H57.5', reason: 'not-ours' }, time(10)),
  ];
}

describe('following documents, with two processes on one database and one broker', () => {
  let office: SpecOffice;
  beforeAll(async () => {
    office = await SpecOffice.open();
  });
  afterAll(() => office.close());

  const show = async (id: string): Promise<ShownDocument> =>
    (await office.get<ShownDocument>(`/v1/documents/${encodeURIComponent(id)}`)).body;
  const post = async (events: readonly object[]): Promise<void> => {
    const { status, body } = await office.post(events);
    expect([status, status === 202 ? '' : body]).toEqual([202, '']);
  };
  const settled = (): Promise<boolean> =>
    eventually(async () => (await office.apps[0]!.get(BatchTransport).queues()).every(({ ready, inHand }) => ready + inHand === 0));

  it('shows a document whose id holds slashes and commas, with both numbers and every delivery', async () => {
    await post(wayOf(DOCUMENT).reverse());
    await eventually(async () => expect((await show(DOCUMENT)).timeline).toHaveLength(10));
    const shown = await show(DOCUMENT);
    expect(shown).toMatchObject({
      id: DOCUMENT,
      state: { name: 'issued', label: { vi: 'Đã phát hành', en: 'Issued' } },
      facts: { issuer: 'H57.21', code: '412/UBND-NV', urgency: { name: 'urgent', label: { vi: 'Khẩn' } } },
      delivery: [
        { recipient: 'H57.31', state: { name: 'registered' }, status: '03', registered: { register: 'cong-van' } },
        { recipient: 'H57.5', state: { name: 'refused', label: { vi: 'Từ chối tiếp nhận' } }, refusal: { name: 'not-ours' } },
      ],
      units: [
        { unit: WARD, direction: 'outgoing', state: { name: 'issued' } },
        { unit: OFFICE, direction: 'incoming', state: { name: 'registered', label: { vi: 'Đã tiếp nhận, vào sổ' } } },
      ],
      registers: [
        { unit: WARD, direction: 'outgoing', register: 'cong-van', year: 2021, number: 1 },
        { unit: OFFICE, direction: 'incoming', register: 'cong-van', year: 2021, number: 1 },
      ],
      findings: [],
    });
    expect(shown.life.map(({ name }) => name)).toEqual([
      ...['drafted', 'submitted', 'approved', 'signed-by-person', 'signed-by-organisation', 'numbered', 'issued'],
    ]);
    expect(shown.facts?.files).toEqual([
      { ...FILE, confidentiality: { name: 'restricted', label: { vi: 'Hạn chế tiếp cận', en: 'Restricted' } } },
    ]);
  });

  it('shows one whose id is as long as can be', async () => {
    const longest = `Đ${'ộ/'.repeat(59)}1`;
    expect(longest).toHaveLength(120);
    await post([posted('drafted', longest, {})]);
    await eventually(async () => expect((await show(longest)).state.name).toBe('draft'));
  });

  it('answers 404 for a document that nobody knows', async () => {
    const { status, body } = await office.get<{ code: string }>('/v1/documents/nothing%2Fknown');
    expect([status, body.code]).toEqual([404, 'document.unknown']);
  });

  it('brings a document back to what it was, and out of a unit, when events are taken back', async () => {
    const [drafted, submitted] = wayOf('T-1') as [{ id: string; source: string }, { id: string; source: string }];
    const arrived = posted('arrived', 'T-1', { recipient: 'H57.31' }, { unit: OFFICE }) as unknown as EventIdentity;
    await post([drafted, submitted, arrived]);
    await eventually(async () => expect((await show('T-1')).units).toHaveLength(2));
    const takeBack = ({ source, id }: EventIdentity): object => posted('corrected', 'T-1', { source, id, reason: 'entered-by-mistake' });
    await post([takeBack(submitted), takeBack(arrived)]);
    await eventually(async () => expect((await show('T-1')).units).toMatchObject([{ unit: WARD, state: { name: 'draft' } }]));
    expect((await show('T-1')).timeline.filter(({ takenBackBy }) => takenBackBy)).toHaveLength(2);
    const rows = await office.sql.query(`SELECT unit, direction, state FROM document_of_unit WHERE document = 'T-1'`);
    expect(rows).toEqual([{ unit: WARD, direction: 'outgoing', state: 'draft' }]);
  });

  it('comes to the same whatever the order, the duplicates and the batches, and names every line of its sheet', async () => {
    const documents = Array.from({ length: 60 }, (_, n) => `M-${String(n).padStart(2, '0')}/X`);
    const events = documents.flatMap(wayOf);
    const mixed = [0, 1, 2].flatMap((offset) => events.filter((_event, index) => index % 3 === offset).reverse());
    for (let first = 0; first < mixed.length; first += 100) await post([...mixed.slice(first, first + 100), ...mixed.slice(0, 50)]);
    await eventually(async () => {
      const [row] = await office.sql.query<{ n: number }>(
        `SELECT coalesce(sum(jsonb_array_length(events)), 0)::int AS n FROM document WHERE id LIKE 'M-%'`,
      );
      return row!.n === events.length;
    });
    await settled();
    const kept = await office.sql.query<{ id: string; events: DocumentEvent[]; state: string }>(`SELECT id, events, state FROM document`);
    for (const { id, events: all, state } of kept) expect([id, foldDocument(all.toReversed()).state]).toEqual([id, state]);
    const states = await office.sql.query(
      `SELECT unit, direction, state, count(*)::int AS n FROM document_of_unit WHERE document LIKE 'M-%' GROUP BY 1, 2, 3 ORDER BY 1`,
    );
    expect(states).toEqual([
      { unit: WARD, direction: 'outgoing', state: 'issued', n: 60 },
      { unit: OFFICE, direction: 'incoming', state: 'registered', n: 60 },
    ]);

    interface Line {
      direction: string;
      origin: string;
      type: string;
      unit: string;
      day: string;
      count: number;
    }
    const { body: balance } = await office.get<{ lines: Line[]; deadLetters: unknown[] }>('/v1/balance');
    expect(balance.deadLetters).toEqual([]);
    const ofDocuments = balance.lines.filter(({ type }) => type.startsWith('vn.par.document.'));
    expect(ofDocuments.filter(({ direction }) => direction === 'in').length).toBeGreaterThan(8);
    for (const { direction, origin, type, unit, day, count } of ofDocuments) {
      const query = new URLSearchParams({ direction, origin, type, unit, day });
      const { body: named } = await office.get<EventIdentity[]>(`/v1/balance/identities?${query.toString()}`);
      expect({ type, direction, unit, named: named.length }).toEqual({ type, direction, unit, named: count });
    }
  });

  it('lists the documents of a unit, by state and direction, a page at a time', async () => {
    interface Page {
      documents: { document: string; state: string; direction: string; label: { vi: string } }[];
      next: string | null;
    }
    const list = async (query: string): Promise<Page> => (await office.get<Page>(`/v1/documents?${query}`)).body;
    const seen: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const page: Page = await list(`unit=${OFFICE}&state=registered&limit=25&after=${encodeURIComponent(after)}`);
      seen.push(...page.documents.map(({ document }) => document));
      after = page.next;
    }
    expect(seen).toHaveLength(61);
    expect(seen).toEqual([...seen].sort());
    expect((await list(`unit=${WARD}&state=draft`)).documents.map(({ document, label }) => [document, label.vi])).toContainEqual([
      'T-1',
      'Đang soạn thảo',
    ]);
    expect((await list(`unit=${WARD}&direction=incoming`)).documents).toEqual([]);
    expect((await list(`unit=${WARD}&direction=outgoing&state=issued&limit=1000`)).documents).toHaveLength(61);
  });

  it.each([
    ['', 'unit'],
    ['unit=a&state=lost', 'state'],
    ['unit=a&state=toString', 'state'],
    ['unit=a&direction=up', 'direction'],
    ['unit=a&limit=all', 'limit'],
  ])('lists nothing for %j', async (query, field) => {
    const { status, body } = await office.get<{ field: string; titleVi: string }>(`/v1/documents?${query}`);
    expect([status, body.field, body.titleVi.length > 0]).toEqual([400, field, true]);
  });

  describe('at the door', () => {
    const issued = (change: object): object => posted('issued', 'Z-1', { ...FACTS, ...change });
    const withFile = (change: object): object => issued({ files: [{ ...FILE, ...change }] });

    it.each<[string, object, string, string]>([
      ['51 files', issued({ files: Array.from({ length: 51 }, () => FILE) }), 'schema.bad-value', 'data.files'],
      ['a name of 201 characters', withFile({ name: 'x'.repeat(201) }), 'schema.bad-value', 'data.files[0].name'],
      ['a file above 50 MB', withFile({ bytes: 52_428_801 }), 'schema.bad-value', 'data.files[0].bytes'],
      ['501 receivers', issued({ recipients: Array.from({ length: 501 }, () => 'H57.31') }), 'schema.bad-value', 'data.recipients'],
      ['the content of a file', withFile({ content: 'JVBERi0=' }), 'schema.unknown-field', 'data.files[0].content'],
      ['the subject line', issued({ title: 'x' }), 'schema.unknown-field', 'data.title'],
      ['an organisation in the old order', issued({ issuer: '000.00.21.H57' }), 'schema.bad-value', 'data.issuer'],
    ])('%s is refused by name and nothing is stored', async (_name, event, code, field) => {
      const { status, body } = await office.send('/v1/events', JSON.stringify(event), 'application/cloudevents+json');
      expect([status, body.code, body.field]).toEqual([422, code, field]);
      expect(await office.sql.query(`SELECT 1 FROM ingress.accepted_event WHERE subject = 'Z-1'`)).toEqual([]);
    });

    it.each<[string, object]>([
      ['in its id', posted('drafted', 'CANARY7391 TỐI MẬT', {})],
      ['as the class of a file', posted('issued', 'CANARY7391', { ...FACTS, files: [{ ...FILE, confidentiality: 'MẬT' }] })],
      ['in the name of a file', posted('issued', 'CANARY7391', { ...FACTS, files: [{ ...FILE, name: 'tuyệt mật.pdf' }] })],
      ['in a field of its own', posted('numbered', 'CANARY7391', { register: 'cong-van', doMat: 'A' })],
    ])('a secret document has no place: %s', async (_name, event) => {
      const { status, body } = await office.send('/v1/events', JSON.stringify(event), 'application/cloudevents+json');
      expect([status, body.code]).toEqual([422, 'secrecy.marked']);
      await settled();
      const tables = await office.sql.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      for (const { name } of tables) {
        const found = await office.sql.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE '%CANARY7391%'`);
        expect([name, found.length]).toEqual([name, 0]);
      }
    });
  });
});
