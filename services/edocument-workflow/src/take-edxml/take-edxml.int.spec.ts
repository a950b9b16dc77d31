import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { type DoorTally } from '@par/contracts';
import { eventually } from '@par/testing';
import { allStatusXml, DOCUMENT_ID, sampleXml, specDocumentXml } from '../spec-edxml.ts';
import { type Answer, SpecEdxmlApp } from '../spec-edxml-app.ts';

const CANARY = 'CANARY8205';
const told = ({ status, body }: Answer): unknown[] => [status, body.code, body.field];
const results = ({ body }: Answer): unknown[] => (body.results as { result: string }[]).map(({ result }) => result);
const mistakes = ({ body }: Answer): string[] =>
  (body.mistakes as { code: string; field: string; line: number; vi: string; en: string }[]).map(({ code, field, line, vi, en }) => {
    expect([vi, en]).not.toContain('');
    return `${code} ${field} ${line}`;
  });

describe('POST /v1/edxml', () => {
  let spec: SpecEdxmlApp;
  beforeAll(async () => {
    spec = await SpecEdxmlApp.open({ EDXML_SILENCE_MS: '700' });
  });
  afterAll(() => spec.close());

  /** A call after which no table has another row. */
  async function storesNothing(call: () => Promise<Answer>): Promise<Answer> {
    const before = await spec.rows();
    const answer = await call();
    expect(await spec.rows()).toEqual(before);
    return answer;
  }

  it('takes a document for its issuer and for its receiver, and knows both again', async () => {
    const xml = await specDocumentXml();
    const issued = await spec.postXml(xml, '?unit=spec-office');
    expect(issued).toMatchObject({
      status: 202,
      body: {
        kind: 'document',
        documentId: DOCUMENT_ID,
        summary: { posted: 1, accepted: 1 },
        results: [{ source: 'urn:par:edxml:H57.901' }],
      },
    });
    expect(results(await spec.postXml(xml, '?unit=spec-ward'))).toEqual(['accepted']);
    for (const unit of ['spec-office', 'spec-ward']) expect(results(await spec.postXml(xml, `?unit=${unit}`))).toEqual(['duplicate']);
    const accepted = await spec.accepted();
    expect(accepted.map(({ type, unit, subject }) => [type, unit, subject])).toEqual([
      ['vn.par.document.arrived.v1', 'spec-ward', DOCUMENT_ID],
      ['vn.par.document.issued.v1', 'spec-office', DOCUMENT_ID],
    ]);
    expect(await spec.tablesWith('cải cách hành chính')).toEqual([]);
  });

  it.each(['text/xml', 'application/edxml+xml; charset=utf-8', 'application/octet-stream'])('takes it as %s', async (type) => {
    const documentId = `H57.901,2021/07/05,${type.replace(/\W/g, '')}`;
    const answer = await spec.post('/v1/edxml?unit=H57.901', await specDocumentXml({ documentId }), type);
    expect([answer.status, answer.body.documentId]).toEqual([202, documentId]);
  });

  it('answers a conflict where the same document is told otherwise', async () => {
    const before = await spec.rows();
    expect(told(await spec.postXml(await specDocumentXml({ priority: 'urgent' }), '?unit=spec-office'))).toEqual([
      409,
      'event.conflict',
      'id',
    ]);
    // That there was a conflict is remembered, and nothing else.
    expect(await spec.rows()).toEqual({ ...before, 'ingress.identity_conflict': before['ingress.identity_conflict']! + 1 });
  });

  it('takes all nine statuses in any order to the same events, and to a state by rank', async () => {
    const [forward, backward] = ['g-forward', 'g-backward'];
    for (const xml of allStatusXml(forward)) expect(results(await spec.postXml(xml))).toEqual(['accepted']);
    for (const xml of allStatusXml(backward).toReversed()) expect(results(await spec.postXml(xml))).toEqual(['accepted']);
    const said = (await spec.accepted()).filter(({ subject }) => subject === forward || subject === backward);
    const of = (subject: string): string[] =>
      said.filter((event) => event.subject === subject).map(({ type, unit, time, data }) => JSON.stringify([type, unit, time, data]));
    expect(of(forward)).toHaveLength(9);
    expect(of(backward).sort()).toEqual(of(forward).sort());
    // Yes and no to a recall are of one rank: of these the one that arrived last holds.
    for (const [id, state] of [
      [forward, 'recall-refused'],
      [backward, 'recall-accepted'],
    ]) {
      await eventually(async () => {
        const { delivery } = await spec.get<{ delivery: { recipient: string; state: { name: string }; said: { status: string }[] }[] }>(
          `/v1/documents/${id}`,
        );
        expect(delivery.map(({ recipient, state }) => [recipient, state.name])).toEqual([['H57.902', state]]);
        expect(delivery[0]!.said.map(({ status }) => status).sort()).toEqual(['01', '02', '03', '04', '05', '06', '13', '15', '16']);
      });
    }
  });

  it.each(['status.edxml', 'status_inbox_01.edxml', 'status_acceptance_03.edxml', 'status_processing_05.edxml', 'status_finish_06.edxml'])(
    'takes the sample %s, and keeps no person of it',
    async (name) => {
      expect(results(await spec.postXml(sampleXml(name)))).toEqual(['accepted']);
      for (const text of ['84912000001', 'ngoctram', 'Ngọc Trâm', 'vanthuvanphong', 'Văn thư'])
        expect(await spec.tablesWith(text)).toEqual([]);
    },
  );

  it('refuses the sample with an impossible date, naming field and line', async () => {
    const answer = await storesNothing(() => spec.postXml(sampleXml('edoc_update.edxml')));
    expect(told(answer)).toEqual([422, 'edxml.impossible-date', 'TraceHeaderList/Bussiness/DocumentId']);
    expect(mistakes(answer)).toEqual(['edxml.impossible-date TraceHeaderList/Bussiness/DocumentId 91']);
    const mended = sampleXml('edoc_update.edxml').toString().replace('2014/02/30', '2014/02/28');
    expect(results(await spec.postXml(mended, '?unit=spec-nghe-an'))).toEqual(['accepted']);
    expect(await spec.tablesWith('Nguyen Thanh Phuc')).toEqual([]);
  });

  it('refuses the sample that is not well-formed, naming the line', async () => {
    const answer = await storesNothing(() => spec.postXml(sampleXml('edoc.edxml')));
    expect(told(answer)).toEqual([422, 'edxml.not-well-formed', undefined]);
    expect(mistakes(answer)).toEqual(['edxml.not-well-formed  116']);
  });

  it('tells all mistakes at once', async () => {
    const xml = (await specDocumentXml())
      .replace('H57.902', '57')
      .replace('2021/07/05</Prom', '2021/02/29</Prom')
      .replace(/<Subject>.*<\/Subject>/, '');
    const answer = await storesNothing(() => spec.postXml(xml));
    expect(mistakes(answer).map((each) => each.split(' ')[0])).toEqual([
      'edxml.missing-field',
      'edxml.bad-organ-code',
      'edxml.impossible-date',
    ]);
  });

  it.each([
    ['a DTD that reads a file', '<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '&x;', 'edxml.doctype'],
    ['a DTD from elsewhere', '<!DOCTYPE edXML SYSTEM "http://127.0.0.1:9/x.dtd">', '', 'edxml.doctype'],
    [
      'a billion laughs',
      `<!DOCTYPE edXML [<!ENTITY a "ha">${'bcdefghij'.replace(/./g, (name) => `<!ENTITY ${name} "${`&${String.fromCharCode(name.charCodeAt(0) - 1)};`.repeat(10)}">`)}]>`,
      '&j;',
      'edxml.doctype',
    ],
    ['an entity without a DTD', '', '&x;', 'edxml.not-well-formed'],
  ])('refuses %s', async (_name, doctype, text, code) => {
    const xml = (await specDocumentXml({ subject: `${CANARY}` })).replace('?>\n', `?>\n${doctype}`).replace(CANARY, `${CANARY}${text}`);
    const answer = await storesNothing(() => spec.postXml(xml));
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    expect(JSON.stringify(answer.body)).not.toMatch(/CANARY|root:/);
  });

  it.each([
    ['nothing', '', '', 422, 'edxml.empty'],
    ['what is no XML', '{"a":1}', '', 422, 'edxml.not-well-formed'],
    ['a unit that nobody knows', undefined, '?unit=nobody', 422, 'unit.unknown'],
    ['a unit without an identifier', undefined, '?unit=spec-nobody', 422, 'edxml.unit-without-organ'],
    ['a unit that is no party of it', undefined, '?unit=spec-new', 422, 'edxml.not-a-party'],
    ['a message between two units of the key', undefined, '', 422, 'edxml.unit-unclear'],
    ['two units', undefined, '?unit=a&unit=b', 400, 'request.bad'],
  ])('refuses %s', async (_name, xml, query, status, code) => {
    const answer = await storesNothing(async () => spec.postXml(xml ?? (await specDocumentXml()), query));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.titleVi).not.toBe('');
  });

  it('refuses other content types, and who has no key', async () => {
    const xml = await specDocumentXml();
    expect((await storesNothing(() => spec.post('/v1/edxml', xml, 'application/pdf'))).status).toBe(415);
    expect(told(await storesNothing(() => spec.postXml(xml, '', 'wrong')))).toEqual([401, 'producer.unknown-key', undefined]);
  });

  it('lets a key speak for its own units and sources only', async () => {
    const xml = await specDocumentXml({ documentId: 'g-keys' });
    const ward = await spec.addKey({ name: 'ward', units: ['spec-ward'] });
    const stranger = await spec.addKey({ name: 'stranger', units: ['spec-new'] });
    const source = await spec.addKey({ name: 'source', sources: ['urn:par:edxml:H57.901'], units: ['spec-ward'] });
    const otherSource = await spec.addKey({ name: 'other', sources: ['urn:other'], units: ['spec-ward'] });
    expect(told(await storesNothing(() => spec.postXml(xml, '', stranger)))).toEqual([422, 'producer.not-for-unit', 'unit']);
    expect(told(await storesNothing(() => spec.postXml(xml, '?unit=spec-office', ward)))).toEqual([422, 'producer.not-for-unit', 'unit']);
    expect(told(await storesNothing(() => spec.postXml(xml, '', otherSource)))).toEqual([422, 'producer.not-for-source', 'source']);
    expect(results(await spec.postXml(xml, '', source))).toEqual(['accepted']);
    expect(results(await spec.postXml(xml, '', ward))).toEqual(['duplicate']);
  });

  describe('with a secrecy mark', () => {
    const counted = async (): Promise<number> => {
      const { rows } = await spec.get<DoorTally>('/v1/ingress/tally');
      return rows.filter((row) => row.source === '' && row.unit === '').reduce((sum, row) => sum + (row.refused['secrecy.marked'] ?? 0), 0);
    };

    it.each([
      ['in a field', (xml: string) => xml.replace('<DueDate>', '<DoMat>A</DoMat><DueDate>')],
      ['as words of the subject', (xml: string) => xml.replace(CANARY, `${CANARY} tối mật`)],
      ['in an attribute', (xml: string) => xml.replace('<Subject>', '<Subject Độ-mật="B">')],
      ['in a comment', (xml: string) => xml.replace('<Subject>', '<!-- TUYỆT MẬT --><Subject>')],
      ['in a file name', (xml: string) => xml.replace('<AttachmentName>12', '<AttachmentName>MẬT</AttachmentName><X>')],
      ['in another vocabulary', (xml: string) => xml.replace('<Subject>', '<s xmlns="urn:s">TỐI MẬT</s><Subject>')],
    ])('%s leaves nothing behind but a count', async (_name, mark) => {
      const before = await counted();
      const xml = mark(await specDocumentXml({ subject: CANARY, documentId: CANARY, dueOn: '2021-07-31' }));
      const answer = await storesNothing(() => spec.postXml(xml, '?unit=spec-office'));
      expect(told(answer)).toEqual([422, 'secrecy.marked', undefined]);
      expect(JSON.stringify(answer.body)).not.toContain(CANARY);
      await eventually(async () => (await counted()) === before + 1);
      expect(await spec.tablesWith(CANARY)).toEqual([]);
    });

    it('in what is asked for beside it is refused too', async () => {
      const answer = await storesNothing(async () => spec.postXml(await specDocumentXml(), `?unit=${encodeURIComponent('TUYỆT MẬT')}`));
      expect(told(answer)).toEqual([422, 'secrecy.marked', undefined]);
    });
  });

  describe('an upload', () => {
    const open = (headers: Record<string, string | number> = {}): ClientRequest => {
      const call = request(`${spec.url}/v1/edxml?unit=spec-office`, {
        method: 'POST',
        headers: { authorization: `Bearer ${spec.key}`, 'content-type': 'application/xml', ...headers },
      });
      // What becomes of the upload after the answer is not asked for.
      call.on('error', () => undefined);
      return call;
    };
    const answerTo = async (call: ClientRequest): Promise<Answer> => {
      const [response] = (await once(call, 'response')) as [IncomingMessage];
      let text = '';
      for await (const piece of response.setEncoding('utf8')) text += piece;
      return { status: response.statusCode!, body: JSON.parse(text) as Record<string, unknown> };
    };

    it('that says it is over 50 MB is refused before any of it came', async () => {
      const answer = await storesNothing(async () => {
        const call = open({ 'content-length': 50_000_001 });
        call.flushHeaders();
        return answerTo(call);
      });
      expect(told(answer)).toEqual([413, 'edxml.too-large', undefined]);
    });

    it('that turns out to be over 50 MB is refused at that byte', async () => {
      const [head, tail] = (await specDocumentXml()).split(Buffer.from('nội dung').toString('base64')) as [string, string];
      expect(tail).toContain('</edXML>');
      const call = open();
      const closed = new Promise((done) => call.once('close', done));
      const answer = await storesNothing(async () => {
        call.write(head);
        const answered = answerTo(call);
        let answerCame = false;
        void answered.then(() => (answerCame = true));
        const piece = Buffer.alloc(1_000_000, 'A');
        // It has no end: only a refusal on the way ends it.
        for (let sent = 0; !answerCame && sent < 200; sent += 1) {
          await new Promise((written) => call.write(piece, written));
        }
        return answered;
      });
      expect(told(answer)).toEqual([413, 'edxml.too-large', undefined]);
      // Whoever goes on sending all the same is hung up on.
      const drip = setInterval(() => call.write('A'), 20);
      await closed;
      clearInterval(drip);
    });

    it('of many megabytes is read as it comes, and its files are not kept', async () => {
      const megabyte = Buffer.alloc(1 << 20, 'xyz');
      const content = Array.from({ length: 30 }, () => megabyte);
      const xml = await specDocumentXml({ documentId: 'g-large', files: [{ contentId: 'f', name: 'a.bin', mediaType: 'a/b', content }] });
      expect(results(await spec.postXml(xml, '?unit=spec-office'))).toEqual(['accepted']);
      const [event] = (await spec.accepted()).filter(({ subject }) => subject === 'g-large');
      expect(event!.data).toMatchObject({ files: [{ name: 'a.bin', bytes: 30 << 20 }] });
      expect(JSON.stringify(event).length).toBeLessThan(2_000);
    });

    it('that is cut off stores nothing', async () => {
      const answer = await storesNothing(async () => {
        const xml = await specDocumentXml({ documentId: 'g-cut' });
        const call = open({ 'content-length': Buffer.byteLength(xml) });
        call.write(xml.slice(0, -20));
        await new Promise((written) => call.write(' ', written));
        call.destroy();
        await eventually(async () => (await (await fetch(`${spec.url}/metrics`)).text()).includes('code="edxml.cut-off"'));
        return { status: 0, body: {} };
      });
      expect(answer.status).toBe(0);
    });

    it('that stays silent is hung up on and stores nothing', async () => {
      const answer = await storesNothing(async () => {
        const call = open();
        call.write((await specDocumentXml({ documentId: 'g-slow' })).slice(0, 300));
        return answerTo(call);
      });
      expect(told(answer)).toEqual([408, 'edxml.too-slow', undefined]);
    });
  });
});
