import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { type AnyEvent, balanceDay, type CloudEvent, type DoorTally, validateData } from '@par/contracts';
import { addProducerKey } from '@par/ingress';
import { IdentitySource } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { createApplication, Database } from '@par/service-kit';
import { MESSAGE, plainPdf, signPdf, signXml, SpecAuthority } from '@par/signatures/spec-signing';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { AppModule } from '../app.module.ts';

type Verified = CloudEvent<'vn.par.work-dossier.signature-verified.v1'>;

const UNIT = 'hue-phong-noi-vu';
const TYPE = 'vn.par.work-dossier.signature-verified.v1';

describe('verifying the signatures of a file', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;
  let url: string;
  let key: string;
  let wardKey: string;
  let folder: string;
  let lists: string;
  let authority: SpecAuthority;
  let signer: SpecAuthority;
  let pdf: Buffer;

  beforeAll(async () => {
    authority = await SpecAuthority.root();
    signer = await authority.issue('Signer');
    pdf = await signPdf(plainPdf(), signer, { signedAt: new Date('2025-06-01T03:00:00Z') });
    folder = await mkdtemp(join(tmpdir(), 'par-signatures-'));
    lists = join(folder, 'lists.crl');
    await writeFile(join(folder, 'trust.pem'), authority.pem);
    await writeList([]);
    database = await createDatabase('edocument-workflow');
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      AMQP_URL: 'amqp://127.0.0.1:1',
      SIGNATURE_TRUST_LIST: join(folder, 'trust.pem'),
      SIGNATURE_CRLS: lists,
    });
    app = await createApplication(AppModule, { service: 'edocument-workflow' });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    await app.get(Database).transaction((tx) => app.get(OrganisationRegister).apply(tx, hueOrganisation() as unknown as AnyEvent[]));
    await app.get(OrganisationRegister).latest();
    key = await addProducerKey(app.get(Database), { name: 'spec', sources: ['*'], units: ['*'] });
    wardKey = await addProducerKey(app.get(Database), { name: 'ward', sources: ['*'], units: ['hue-19756-gia-hoi'] });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const writeList = async (revoked: SpecAuthority[]): Promise<void> => {
    const at = new Date('2025-07-01T00:00:00Z');
    const list = await authority.list(
      revoked.map((of) => ({ of, at })),
      at,
      new Date('2045-01-01T00:00:00Z'),
    );
    await writeFile(lists, list);
    // A list that is written within the clock's grain of the file system still counts as another.
    await utimes(lists, at, new Date(at.getTime() + revoked.length * 1_000));
  };
  const post = async (
    path: string,
    body: Buffer | string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/pdf', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const published = async (workDossier: string): Promise<Verified[]> => {
    const rows = await app.get(Database).query<{ body: string }>(`SELECT body FROM messaging.outbox WHERE type = '${TYPE}' ORDER BY id`);
    return rows.flatMap(({ body }) => JSON.parse(body) as Verified | Verified[]).filter(({ subject }) => subject === workDossier);
  };
  const rows = (): Promise<{ work_dossier: string }[]> => app.get(Database).query('SELECT * FROM signature_verdict');
  const sha256 = (file: Buffer): string => createHash('sha256').update(file).digest('hex');

  it('answers with the verdict in words, keeps it without the file, and publishes it once', async () => {
    const expected = {
      workDossier: 'W-1',
      unit: UNIT,
      file: sha256(pdf),
      bytes: pdf.length,
      format: 'pdf',
      verdict: { code: 'valid', en: 'Every signature of the file holds.' },
      reason: null,
      certificate: signer.serial,
      signedAt: '2025-06-01T03:00:00.000Z',
      revocation: 'good',
      revision: 1,
    };
    expect(await post(`work-dossiers/W-1/signatures?unit=${UNIT}`, pdf)).toMatchObject({
      status: 200,
      body: { ...expected, published: true },
    });
    expect(await post(`work-dossiers/W-1/signatures?unit=${UNIT}`, pdf)).toMatchObject({
      status: 200,
      body: { ...expected, published: false },
    });
    const [event, ...more] = await published('W-1');
    expect(more).toEqual([]);
    expect(event).toMatchObject({ id: `W-1:signature:${sha256(pdf)}:1`, source: 'urn:par:edocument-workflow', subject: 'W-1', unit: UNIT });
    expect(validateData(TYPE, event!.data)).toEqual([]);
    const shown = (await (await fetch(`${url}/v1/work-dossiers/W-1/signatures`)).json()) as { files: unknown[] };
    expect(shown.files).toMatchObject([{ file: sha256(pdf), verdict: { code: 'valid' }, reason: null, revision: 1 }]);
    const stored = JSON.stringify(await app.get(Database).query('SELECT * FROM signature_verdict'));
    expect(stored).not.toContain('Quyet dinh');
  });

  it('publishes a changed verdict again, here since the certificate was revoked, and each can be named and sent again', async () => {
    await post(`work-dossiers/W-2/signatures?unit=${UNIT}`, pdf);
    await writeList([signer]);
    const { body } = await post(`work-dossiers/W-2/signatures?unit=${UNIT}`, pdf);
    await writeList([]);
    expect(body).toMatchObject({
      verdict: { code: 'invalid' },
      reason: { code: 'signature.revoked' },
      revocation: 'revoked',
      revision: 2,
      published: true,
    });
    const events = await published('W-2');
    expect(events.map(({ data }) => data.verdict)).toEqual(['valid', 'invalid']);
    const [first] = events;
    const line = { origin: 'edocument-workflow', type: first!.type, unit: UNIT, day: balanceDay(first!) };
    const named = await app.get(IdentitySource).identities({ direction: 'out', ...line } as never);
    expect(named).toEqual(expect.arrayContaining(events.map(({ source, id }) => ({ source, id }))));
    expect(await app.get(IdentitySource).sent(line as never, events)).toEqual(events);
    expect(await app.get(IdentitySource).sent(line as never, [{ source: first!.source, id: 'W-2:signature:x:1' }])).toEqual([]);
    const shown = (await (await fetch(`${url}/v1/work-dossiers/W-2/signatures`)).json()) as { files: unknown[] };
    expect(shown.files).toMatchObject([{ verdict: { code: 'invalid' }, revision: 2 }]);
  });

  it('publishes one verdict where several processes find it at once', async () => {
    const file = Buffer.concat([pdf, Buffer.from('\n')]);
    const answers = await Promise.all(Array.from({ length: 2 }, () => post(`work-dossiers/W-3/signatures?unit=${UNIT}`, file)));
    expect(answers.map(({ body }) => body.revision)).toEqual([1, 1]);
    expect(await published('W-3')).toHaveLength(1);
  });

  it('takes XML, and only looks where no work dossier is named', async () => {
    const before = (await rows()).length;
    const answer = await post('signatures', signXml(MESSAGE, signer), { 'content-type': 'text/xml; charset=utf-8' });
    expect(answer).toMatchObject({ status: 200, body: { format: 'xml', verdict: { code: 'valid' } } });
    expect(answer.body).not.toHaveProperty('revision');
    expect(await post('signatures', MESSAGE, { 'content-type': 'application/xml' })).toMatchObject({
      body: { verdict: { code: 'unsigned' } },
    });
    expect(await rows()).toHaveLength(before);
  });

  /** Refusals for a mark of secrecy, under no source and no unit. */
  const countedSecrets = async (): Promise<number> => {
    const { rows: lines } = (await (await fetch(`${url}/v1/ingress/tally`)).json()) as DoorTally;
    return lines
      .filter(({ source, unit }) => source === '' && unit === '')
      .reduce((sum, { refused }) => sum + (refused['secrecy.marked'] ?? 0), 0);
  };

  it('keeps nothing of what bears a mark of secrecy but a count, as every door does', async () => {
    const before = { rows: await rows(), counted: await countedSecrets() };
    const xml = { 'content-type': 'application/xml' };
    const marked = '<a><DoMat>Tối mật</DoMat></a>';
    for (const refused of [
      () => post(`work-dossiers/${encodeURIComponent('TỐI MẬT')}/signatures?unit=${UNIT}`, pdf),
      () => post(`work-dossiers/W-9/signatures?unit=${UNIT}`, marked, xml),
      () => post('signatures', marked, xml),
    ])
      expect(await refused()).toMatchObject({ status: 422, body: { code: 'secrecy.marked' } });
    expect(await countedSecrets()).toBe(before.counted + 3);
    expect(await rows()).toEqual(before.rows);
  });

  it('keeps nothing of what it refuses', async () => {
    const before = await rows();
    const xml = { 'content-type': 'application/xml' };
    const at = `work-dossiers/W-9/signatures?unit=${UNIT}`;
    const refusals: [status: number, code: string, answer: Promise<{ status: number; body: Record<string, unknown> }>][] = [
      [401, 'producer.unknown-key', post(at, pdf, { authorization: 'Bearer par_wrong' })],
      [403, 'producer.not-for-unit', post(at, pdf, { authorization: `Bearer ${wardKey}` })],
      [422, 'unit.unknown', post('work-dossiers/W-9/signatures?unit=nowhere', pdf)],
      [422, 'unit.unknown', post('work-dossiers/W-9/signatures', pdf)],
      [422, 'work-dossier.bad-id', post(`work-dossiers/${encodeURIComponent('-x')}/signatures?unit=${UNIT}`, pdf)],
    ];
    for (const [status, code, answer] of refusals) expect(await answer).toMatchObject({ status, body: { code } });
    expect(await post(at, 'hello')).toMatchObject({ status: 422, body: { code: 'file.not-a-pdf', field: 'body' } });
    expect(await post(at, '')).toMatchObject({ status: 400, body: { code: 'file.empty' } });
    expect(await post(at, '<a>\n<b>', xml)).toMatchObject({ status: 422, body: { code: 'file.not-xml', line: 2 } });
    expect(await post(at, '{}', { 'content-type': 'application/json' })).toMatchObject({
      status: 415,
      body: { code: 'request.media-type' },
    });
    expect(await post(at, 'x', { 'content-type': 'image/png' })).toMatchObject({ status: 415 });
    expect(await rows()).toEqual(before);
    expect(await published('W-9')).toEqual([]);
  });

  /** A request that says its length and waits with its body. */
  const begin = (length: number): { answered: Promise<{ status: number; retryAfter?: string }>; send: (body: Buffer) => void } => {
    const sending = httpRequest(`${url}/v1/signatures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/pdf', 'content-length': length },
    });
    sending.flushHeaders();
    const answered = new Promise<{ status: number; retryAfter?: string }>((resolve, reject) => {
      sending.on('error', reject);
      sending.on('response', (response) => {
        response.resume();
        resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after']! });
      });
    });
    return { answered, send: (body) => void sending.end(body) };
  };

  it('refuses a file of more than 50 MB by its length, before any of it came', async () => {
    expect(await begin(52_428_801).answered).toMatchObject({ status: 413 });
  });

  it('asks to come back where enough files are being verified', async () => {
    const first = [begin(pdf.length), begin(pdf.length), begin(pdf.length)];
    expect(await Promise.race(first.map(({ answered }) => answered))).toEqual({ status: 429, retryAfter: '2' });
    const settled = first.map(({ answered, send }) => {
      send(pdf);
      return answered.catch(() => ({ status: 429 }));
    });
    expect((await Promise.all(settled)).map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    expect(await post('signatures', pdf)).toMatchObject({ status: 200 });
  });
});
