import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localTime } from '@par/administration';
import { type EdxmlStatus } from '@par/edxml';
import { OrganisationRegister } from '@par/organisation';
import { eventually } from '@par/testing';
import { DeliverEdxml } from '../deliver-edxml/deliver-edxml.handler.ts';
import { EdxmlDestinations } from '../edxml-destinations.ts';
import { EdxmlStatuses } from '../edxml-statuses.ts';
import { type DeliveryView } from '../show-edxml-deliveries/show-edxml-deliveries.controller.ts';
import { OFFICE, readXml, specDocumentXml, WARD } from '../spec-edxml.ts';
import { type Answer, SpecEdxmlApp } from '../spec-edxml-app.ts';

interface Came {
  organ: string;
  xml: string;
  authorization: string | undefined;
  length: string | undefined;
}

/** The other side: an organisation's own door, or the gateway of the axis. Answers as a spec says. */
class SpecGateway {
  readonly came: Came[] = [];
  answer: (organ: string) => number = () => 200;
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const organ = request.url!.slice(1);
      const { authorization } = request.headers;
      this.came.push({ organ, xml: Buffer.concat(chunks).toString(), authorization, length: request.headers['content-length'] });
      const status = this.answer(organ);
      // 0: an answer that never comes.
      if (status !== 0) response.writeHead(status).end();
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/{organ}`;
  }

  of(organ: string): Came[] {
    return this.came.filter((each) => each.organ === organ);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

describe('sending edXML, with two processes on one database', () => {
  const gateway = new SpecGateway();
  let spec: SpecEdxmlApp;
  beforeAll(async () => {
    const url = await gateway.open();
    spec = await SpecEdxmlApp.open(
      {
        EDXML_DESTINATIONS: `*=${url}`,
        EDXML_TOKEN: 'shown',
        EDXML_POLL_MS: '20',
        EDXML_RETRY_MS: '20',
        EDXML_TIMEOUT_MS: '4000',
        EDXML_GIVE_UP_DAYS: '7',
      },
      2,
    );
  });
  afterAll(async () => {
    await spec.close();
    await gateway.close();
    for (const name of ['EDXML_DESTINATIONS', 'EDXML_TOKEN', 'EDXML_POLL_MS', 'EDXML_RETRY_MS', 'EDXML_TIMEOUT_MS', 'EDXML_GIVE_UP_DAYS'])
      delete process.env[name];
  });

  let serial = 0;
  const newId = (): string => `H57.901,2021/07/05,${(serial += 1)}/PM`;
  const send = (id: string, change: object = {}, key?: string): Promise<Answer> => {
    const request = {
      from: { organ: OFFICE.organ, name: OFFICE.name },
      to: [{ organ: WARD.organ, name: WARD.name }],
      code: { number: '12', notation: 'PM-CCHC' },
      place: 'Huế',
      promulgatedOn: '2021-07-05',
      type: { name: 'Công văn' },
      subject: 'V/v SUBJECT4711',
      sentAt: '2021-07-05T10:00:00',
      files: [{ name: 'a.pdf', mediaType: 'application/pdf', content: Buffer.from('FILE4711').toString('base64') }],
      ...change,
    };
    return spec.post(`/v1/documents/${encodeURIComponent(id)}/edxml`, JSON.stringify(request), 'application/json', key);
  };
  const deliveriesOf = async (document: string): Promise<DeliveryView[]> =>
    (await spec.get<{ deliveries: DeliveryView[] }>(`/v1/edxml/deliveries?document=${encodeURIComponent(document)}`)).deliveries;
  const states = async (document: string): Promise<string[]> => (await deliveriesOf(document)).map(({ state }) => state);
  const piecesOf = async (document: string): Promise<number> =>
    (await spec.sql.query('SELECT 1 FROM edxml_piece p JOIN edxml_message m ON m.id = p.message WHERE m.document = $1', [document])).length;
  const xmlOf = (organ: string, id: string): string[] => gateway.of(organ).flatMap(({ xml }) => (xml.includes(`>${id}<`) ? [xml] : []));

  it('takes the event and delivers the message to each receiver once, then forgets its text', async () => {
    const id = newId();
    const to = ['H57.902', '000.00.00.H41'].map((organ) => ({ organ, name: 'Nơi nhận' }));
    const answer = await send(id, { to });
    expect(answer).toMatchObject({ status: 202, body: { documentId: id, destinations: ['H57.902', 'H41'], summary: { accepted: 1 } } });
    await eventually(async () => expect(await states(id)).toEqual(['delivered', 'delivered']));
    for (const organ of ['H57.902', 'H41']) expect(xmlOf(organ, id)).toHaveLength(1);
    expect(gateway.of('H41')[0]).toMatchObject({ authorization: 'Bearer shown', length: String(Buffer.byteLength(xmlOf('H41', id)[0]!)) });
    expect(await readXml(xmlOf('H41', id)[0]!)).toMatchObject({ subject: 'V/v SUBJECT4711', attachments: [{ name: 'a.pdf', bytes: 8 }] });
    expect((await spec.accepted()).filter(({ subject }) => subject === id)).toMatchObject([
      { type: 'vn.par.document.issued.v1', unit: 'spec-office', data: { issuer: 'H57.901', recipients: ['H57.902', 'H41'] } },
    ]);
    expect(await piecesOf(id)).toBe(0);
    expect(await spec.tablesWith('SUBJECT4711')).toEqual([]);
  });

  it('sent again is a duplicate and is not delivered again; sent otherwise is a conflict of which nothing is kept', async () => {
    const id = newId();
    await send(id);
    await eventually(async () => expect(await states(id)).toEqual(['delivered']));
    expect(await send(id)).toMatchObject({ status: 202, body: { summary: { duplicate: 1 } } });
    const conflict = await send(id, { to: [{ organ: 'H41', name: 'x' }] });
    expect([conflict.status, conflict.body.code]).toEqual([409, 'event.conflict']);
    expect(await deliveriesOf(id)).toMatchObject([{ destination: 'H57.902', attempts: 1, state: 'delivered' }]);
    expect(xmlOf('H57.902', id)).toHaveLength(1);
    expect(xmlOf('H41', id)).toHaveLength(0);
  });

  it('recalls, updates and replaces', async () => {
    const [id, by] = [newId(), newId()];
    await send(id);
    for (const type of ['update', 'recall']) await send(id, { business: { type } });
    await send(by, { business: { type: 'replace', documentId: id } });
    await eventually(async () => expect([...(await states(id)), ...(await states(by))]).toEqual(Array(4).fill('delivered')));
    const said = (await spec.accepted())
      .filter(({ subject }) => subject === id || subject === by)
      .map(({ type, subject }) => `${type} ${subject}`);
    expect(said.sort()).toEqual(
      [
        `vn.par.document.issued.v1 ${id}`,
        `vn.par.document.recalled.v1 ${id}`,
        `vn.par.document.replaced.v1 ${id}`,
        `vn.par.document.updated.v1 ${id}`,
        `vn.par.document.issued.v1 ${by}`,
      ].sort(),
    );
    const businesses = await Promise.all(xmlOf('H57.902', id).map(async (xml) => (await readXml(xml)) as { business: { type: string } }));
    // What is about one document comes in the order in which it was said.
    expect(businesses.map(({ business }) => business.type).filter((type) => type !== 'replace')).toEqual(['new', 'update', 'recall']);
  });

  it('tries again after a failure, keeps the order meanwhile, and takes up what another receiver has long got', async () => {
    const id = newId();
    let failures = 0;
    gateway.answer = (organ) => (organ === 'H57.902' && failures++ < 3 ? [503, 429, 0][failures - 1]! : 200);
    await send(id, {
      to: [
        { organ: 'H57.902', name: 'x' },
        { organ: 'H41', name: 'y' },
      ],
    });
    await send(id, { business: { type: 'recall' } });
    await eventually(async () => expect(await states(id)).toEqual(['delivered', 'delivered', 'delivered']));
    gateway.answer = () => 200;
    const [late] = await deliveriesOf(id);
    expect(late).toMatchObject({ destination: 'H57.902', attempts: 4, error: null });
    const order = await Promise.all(
      xmlOf('H57.902', id).map(async (xml) => ((await readXml(xml)) as { business: { type: string } }).business.type),
    );
    expect(order).toEqual(['new', 'new', 'new', 'new', 'recall']);
    expect(await piecesOf(id)).toBe(0);
  });

  it('gives up at a refusal, says so, forgets the text, and tries again when it is sent again', async () => {
    const id = newId();
    gateway.answer = () => 422;
    await send(id);
    await eventually(async () => expect(await states(id)).toEqual(['given-up']));
    expect(await deliveriesOf(id)).toMatchObject([{ error: 'http.422', attempts: 1, nextAt: null }]);
    expect(await piecesOf(id)).toBe(0);
    expect(await (await fetch(`${spec.url}/metrics`)).text()).toMatch(/par_edxml_deliveries\{[^}]*state="given-up"[^}]*\} 1/);
    gateway.answer = () => 200;
    expect((await send(id)).body).toMatchObject({ summary: { duplicate: 1 } });
    await eventually(async () => expect(await states(id)).toEqual(['delivered']));
    expect(xmlOf('H57.902', id)).toHaveLength(2);
  });

  it('gives up what could not be delivered for so many days', async () => {
    const id = newId();
    gateway.answer = () => 500;
    await send(id);
    await eventually(async () => expect((await deliveriesOf(id))[0]).toMatchObject({ error: 'http.500' }));
    await spec.sql.query(`UPDATE edxml_delivery SET since = now() - interval '7 days', next_at = now() WHERE document = $1`, [id]);
    await eventually(async () => expect(await states(id)).toEqual(['given-up']));
    gateway.answer = () => 200;
  });

  it('is not sent before its event is accepted, and what a crash left behind is removed', async () => {
    const id = newId();
    await send(id);
    await eventually(async () => expect(await states(id)).toEqual(['delivered']));
    // As a crash between the two steps leaves it.
    await spec.sql.query(
      `WITH m AS (INSERT INTO edxml_message (event_source, event_id, content_hash, document, says, sender, unit, bytes)
                  SELECT event_source, 'never-accepted', content_hash, 'g-left', says, sender, unit, bytes FROM edxml_message WHERE document = $1 RETURNING id)
       INSERT INTO edxml_delivery (message, document, destination) SELECT id, 'g-left', 'H57.902' FROM m`,
      [id],
    );
    const deliver = spec.app.get(DeliverEdxml);
    // What is due is claimed in order, so another one that is delivered shows that this one was passed over.
    const after = newId();
    await send(after);
    await eventually(async () => expect(await states(after)).toEqual(['delivered']));
    expect(await states('g-left')).toEqual(['waiting']);
    await deliver.forgetLeftBehind();
    expect(await states('g-left')).toEqual(['waiting']);
    await spec.sql.query(`UPDATE edxml_message SET created_at = now() - interval '2 hours' WHERE document = 'g-left'`);
    await deliver.forgetLeftBehind();
    expect(await states('g-left')).toEqual([]);
  });

  it('carries a file of many megabytes', async () => {
    const id = newId();
    const content = Buffer.alloc(12_000_000, 'xyz').toString('base64');
    expect(await send(id, { files: [{ name: 'a.bin', mediaType: 'a/b', content }] })).toMatchObject({ status: 202 });
    await eventually(async () => expect(await states(id)).toEqual(['delivered']));
    expect(await readXml(xmlOf('H57.902', id)[0]!)).toMatchObject({ attachments: [{ bytes: 12_000_000 }] });
  });

  it.each([
    ['an unknown field', { applicant: 'x' }, 422, 'schema.unknown-field', 'applicant'],
    ['a date that is none', { promulgatedOn: '2021-02-30' }, 422, 'edxml.impossible-date', 'promulgatedOn'],
    ['an issuer that is no unit of ours', { from: { organ: 'H99', name: 'x' } }, 422, 'unit.unknown', 'from.organ'],
    ['a secrecy mark', { subject: 'TUYỆT MẬT' }, 422, 'secrecy.marked', undefined],
    ['a secrecy mark in a field that is not ours', { doMat: '1' }, 422, 'secrecy.marked', undefined],
  ])('refuses %s and keeps nothing', async (_name, change, status, code, field) => {
    const before = await spec.rows();
    const answer = await send(newId(), change);
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field]);
    expect(await spec.rows()).toEqual(before);
  });

  it('refuses who may not speak for the unit, and keeps nothing', async () => {
    const key = await spec.addKey({ name: 'ward', units: ['spec-ward'] });
    const before = await spec.rows();
    const answer = await send(newId(), {}, key);
    expect([answer.status, answer.body.code]).toEqual([422, 'producer.not-for-unit']);
    expect((await send(newId(), {}, 'wrong')).status).toBe(401);
    expect(await spec.rows()).toEqual(before);
  });

  it('takes identities of the longest kind in its path', async () => {
    const id = `H57.901,2021/07/05,${'ố'.repeat(101)}`;
    expect(id).toHaveLength(120);
    expect(await send(id)).toMatchObject({ status: 202, body: { documentId: id } });
  });

  describe('of statuses', () => {
    const said = (document: string, type: string, change: object = {}): object => ({
      specversion: '1.0',
      source: 'urn:spec:ward',
      id: `${document} ${type}`,
      type: `vn.par.document.${type}.v1`,
      subject: document,
      unit: 'spec-ward',
      time: '2021-07-06T10:00:00+07:00',
      data: { recipient: 'H57.902' },
      ...change,
    });
    const post = async (events: object[]): Promise<void> => {
      const answer = await spec.post('/v1/events', JSON.stringify(events), 'application/cloudevents-batch+json');
      expect(answer).toMatchObject({ status: 202, body: { summary: { refused: 0, conflict: 0 } } });
    };
    const told = async (document: string): Promise<string[]> =>
      (await deliveriesOf(document)).map(({ says, destination }) => `${says} ${destination}`);
    /** Until the consumer that follows documents has heard of everything that was accepted of one. */
    const followed = async (document: string): Promise<void> => {
      const events = (await spec.accepted()).filter(({ subject }) => subject === document);
      await eventually(async () => {
        const [row] = await spec.sql.query<{ n: number }>('SELECT jsonb_array_length(events) AS n FROM document WHERE id = $1', [document]);
        expect(row?.n).toBe(events.length);
      });
    };
    /** The same events heard of again, by both processes at once. */
    const heardAgain = async (document: string): Promise<void> => {
      const events = (await spec.accepted()).filter(({ subject }) => subject === document);
      const statuses = spec.apps.map((app) => app.get(EdxmlStatuses));
      await Promise.all(statuses.map((each) => spec.sql.transaction((tx) => each.put(tx, events))));
    };

    it('tells the issuer of a document that came as edXML what the receiver says, once, whatever is heard of first', async () => {
      const id = newId();
      await post([said(id, 'registered')]);
      await followed(id);
      expect(await told(id)).toEqual([]);
      await spec.postXml(await specDocumentXml({ documentId: id }), '?unit=spec-ward');
      await post([said(id, 'assigned')]);
      await followed(id);
      await heardAgain(id);
      expect((await told(id)).sort()).toEqual(['01 H57.901', '03 H57.901', '04 H57.901']);
      await eventually(async () => expect(await states(id)).toEqual(['delivered', 'delivered', 'delivered']));
      const came = (await Promise.all(xmlOf('H57.901', id).map(readXml))) as EdxmlStatus[];
      expect(came.find(({ status }) => status === '03')).toMatchObject({
        kind: 'status',
        from: { canonical: 'H57.902' },
        of: { documentId: id },
        statedAt: '2021-07-06T10:00:00',
      });
      expect(await piecesOf(id)).toBe(0);
    });

    it('tells the issuer that a document has come, once, however often it comes and whoever says so too', async () => {
      const id = newId();
      const before = new Date();
      for (let time = 0; time < 3; time += 1) await spec.postXml(await specDocumentXml({ documentId: id }), '?unit=spec-ward');
      await post([said(id, 'arrived')]);
      await followed(id);
      await heardAgain(id);
      expect(await told(id)).toEqual(['01 H57.901']);
      await eventually(async () => expect(await states(id)).toEqual(['delivered']));
      expect(xmlOf('H57.901', id)).toHaveLength(1);
      const { status, statedAt } = (await readXml(xmlOf('H57.901', id)[0]!)) as EdxmlStatus;
      // When it was received, on the clocks of the unit, and not when it was sent.
      expect([status, statedAt! >= localTime(before, 'Asia/Ho_Chi_Minh')]).toEqual(['01', true]);
    });

    it('writes the same where a process has not heard of the unit yet', async () => {
      const id = newId();
      await spec.postXml(await specDocumentXml({ documentId: id }), '?unit=spec-ward');
      await post([said(id, 'registered')]);
      const behind = (): EdxmlStatuses => new EdxmlStatuses(new OrganisationRegister(spec.sql), spec.app.get(EdxmlDestinations));
      const event = { source: 'urn:spec:ward', id: `${id} registered` };
      const xml = await spec.sql.transaction((tx) => behind().textOf(tx, id, event));
      expect(await readXml(xml!)).toMatchObject({ statedAt: '2021-07-06T10:00:00' });
      expect(xml).toContain(`>${WARD.name}<`);
    });

    describe('that were given up', () => {
      const again = async (id: number | string, key: string | null = spec.key): Promise<Answer> => {
        const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
        const response = await fetch(`${spec.url}/v1/edxml/deliveries/${id}/again`, { method: 'POST', headers });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      };
      const codeOf = ({ status, body }: Answer): unknown[] => [status, body.code];

      /** A document that came to the ward, and was registered there; the issuer's system refuses to hear of it. */
      async function givenUp(): Promise<{ id: string; registered: DeliveryView }> {
        const id = newId();
        gateway.answer = () => 403;
        await spec.postXml(await specDocumentXml({ documentId: id }), '?unit=spec-ward');
        await post([said(id, 'registered')]);
        await eventually(async () => expect(await states(id)).toEqual(['given-up', 'given-up']));
        gateway.answer = () => 200;
        expect(await piecesOf(id)).toBe(0);
        return { id, registered: (await deliveriesOf(id)).find(({ says }) => says === '03')! };
      }

      it.each([
        ['the system of the unit', (): Promise<string> => spec.addKey({ name: 'ward', units: ['spec-ward'] })],
        ['an operator', (): null => null],
      ])('are sent again when %s asks, as they were, and nothing else is', async (_name, key) => {
        const { id, registered } = await givenUp();
        expect(await again(registered.id, await key())).toEqual({
          status: 202,
          body: { id: registered.id, document: id, says: '03', destination: 'H57.901', state: 'waiting' },
        });
        await eventually(async () => expect((await states(id)).sort()).toEqual(['delivered', 'given-up']));
        const ofRegistered = (
          await Promise.all(xmlOf('H57.901', id).map(async (xml) => [((await readXml(xml)) as EdxmlStatus).status, xml] as const))
        ).flatMap(([status, xml]) => (status === '03' ? [xml] : []));
        expect(ofRegistered).toHaveLength(2);
        expect(ofRegistered[1]).toBe(ofRegistered[0]);
        expect(await piecesOf(id)).toBe(0);
        expect(codeOf(await again(registered.id))).toEqual([409, 'edxml.delivered']);
      });

      it('wait once, however often it is asked', async () => {
        const { id, registered } = await givenUp();
        gateway.answer = () => 503;
        const answers = await Promise.all([again(registered.id), again(registered.id), again(registered.id)]);
        expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
        expect(await piecesOf(id)).toBe(1);
        gateway.answer = () => 200;
        await eventually(async () => expect((await states(id)).sort()).toEqual(['delivered', 'given-up']));
      });

      it('are not sent again by who may not speak for the unit, nor what is unknown', async () => {
        const { id, registered } = await givenUp();
        const office = await spec.addKey({ name: 'office', units: ['spec-office'] });
        expect(codeOf(await again(registered.id, office))).toEqual([422, 'producer.not-for-unit']);
        expect(codeOf(await again(registered.id, 'wrong'))).toEqual([401, 'producer.unknown-key']);
        for (const unknown of [999_999_999, 'x']) expect(codeOf(await again(unknown))).toEqual([404, 'edxml.delivery-unknown']);
        expect(await states(id)).toEqual(['given-up', 'given-up']);
      });

      it('are not of a document whose text is gone: that its issuer sends again; what another receiver waits for is still there', async () => {
        const id = newId();
        let ward = 422;
        gateway.answer = (organ) => (organ === 'H57.902' ? ward : 503);
        await send(id, { to: ['H57.902', 'H41'].map((organ) => ({ organ, name: 'x' })) });
        await eventually(async () => expect(await states(id)).toEqual(['given-up', 'waiting']));
        const [{ id: toWard }] = (await deliveriesOf(id)) as [DeliveryView];
        expect(await again(toWard)).toMatchObject({ status: 202 });
        await eventually(async () => expect(await states(id)).toEqual(['given-up', 'waiting']));
        gateway.answer = (organ) => (organ === 'H57.902' ? ward : 200);
        await eventually(async () => expect(await states(id)).toEqual(['given-up', 'delivered']));
        expect(codeOf(await again(toWard))).toEqual([409, 'edxml.text-gone']);
        ward = 200;
        await send(id, { to: ['H57.902', 'H41'].map((organ) => ({ organ, name: 'x' })) });
        await eventually(async () => expect(await states(id)).toEqual(['delivered', 'delivered']));
        gateway.answer = () => 200;
      });
    });

    it('tells nothing of what came as edXML itself: no echo', async () => {
      const id = newId();
      await spec.postXml(await specDocumentXml({ documentId: id }), '?unit=spec-ward');
      await spec.postXml(await specDocumentXml({ documentId: id }), '?unit=spec-office');
      await post([said(id, 'completed')]);
      await followed(id);
      await eventually(async () => expect(await states(id)).toEqual(['delivered', 'delivered']));
      // The issuer's door takes the statuses; what it makes of them is told to nobody.
      for (const xml of xmlOf('H57.901', id)) expect((await spec.postXml(xml, '?unit=spec-office')).status).toBe(202);
      await followed(id);
      expect((await told(id)).sort()).toEqual(['01 H57.901', '06 H57.901']);
    });
  });
});
