import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DoorTally, type ManifestAnswer, type ManifestLine, type ManifestReceipt } from '@par/contracts';
import { dossierReceived, SpecDoor } from '../accept-events/spec-door.ts';
import { addProducerKey } from '../add-producer-key/add-producer-key.handler.ts';
import { dossierHash, eventHash, hashText } from './manifest-items.ts';

const SOURCE = 'urn:manifest';
const WARD = 'hue-19756-gia-hoi';
const CODE = '19756';
const AS_OF = '2021-07-06T12:00:00+07:00';

interface Answered {
  status: number;
  headers: Headers;
  body: ManifestAnswer & Record<string, unknown>;
}

const code = (number: number): string => `H57.132-210705-${String(number).padStart(4, '0')}`;
const sumOf = (hashes: bigint[]): { count: number; hash: string } => ({
  count: hashes.length,
  hash: hashText(hashes.reduce((sum, each) => sum ^ each, 0n)),
});
function stateLine(state: string, codes: string[], unit = CODE, named = false): ManifestLine {
  return { unit, state, ...sumOf(codes.map((each) => dossierHash(each, state))), ...(named ? { codes } : {}) };
}
function eventLine(type: string, day: string, ids: string[], named = false): ManifestLine {
  return { unit: CODE, type, day, ...sumOf(ids.map((id) => eventHash({ source: SOURCE, id }))), ...(named ? { ids } : {}) };
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** 30 dossiers of Phường Gia Hội: 1 to 20 received, of these 11 to 20 returned later; 21 to 30 received after the day. */
describe('POST /v1/manifests', () => {
  let door: SpecDoor;
  beforeAll(async () => {
    door = await SpecDoor.open();
    const received = range(1, 30).map((n) =>
      dossierReceived({
        source: SOURCE,
        id: `r${n}`,
        subject: code(n),
        time: n <= 20 ? '2021-07-05T08:00:00+07:00' : '2021-07-07T08:00:00+07:00',
      }),
    );
    const returned = range(11, 20).map((n) =>
      dossierReceived({
        ...{ source: SOURCE, id: `b${n}`, subject: code(n), time: '2021-07-06T00:30:00+07:00' },
        ...{ type: 'vn.par.dossier.returned.v1', data: {} },
      }),
    );
    const other = dossierReceived({ source: 'urn:another', id: 'r1', subject: code(1) });
    expect((await door.postBatch([...received, ...returned, other])).body).toMatchObject({ summary: { accepted: 41 } });
  });
  afterAll(() => door.close());

  async function post(manifest: object, headers: Record<string, string> = {}): Promise<Answered> {
    return send(JSON.stringify({ source: SOURCE, asOf: AS_OF, ...manifest }), headers);
  }
  async function send(body: string, headers: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(`${door.url}/v1/manifests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key}`, 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answered['body'] };
  }

  const RECEIVED = range(1, 10).map(code);
  const RETURNED = range(11, 20).map(code);
  const DAY = '2021-07-05';
  const TYPE = 'vn.par.dossier.received.v1';

  it('answers equal to what a source has, states and events, by code or by id', async () => {
    for (const unit of [CODE, WARD]) {
      const { status, body } = await post({ lines: [stateLine('2', RECEIVED, unit), stateLine('10', RETURNED, unit)] });
      expect([status, body.equal, body.next, body.day]).toEqual([200, true, null, '2021-07-06']);
      expect(body.message.vi).toBe('Bằng nhau: 20 hồ sơ (hệ thống có 20).');
    }
    const ids = range(1, 20).map((n) => `r${n}`);
    const { body } = await post({ day: DAY, lines: [eventLine(TYPE, DAY, ids), stateLine('2', RECEIVED), stateLine('10', RETURNED)] });
    expect(body.equal).toBe(true);
    expect(body.lines).toHaveLength(3);
  });

  it('looks at a day by the clocks of the unit, and at nothing after asOf', async () => {
    // 00:30 in Huế on the 6th is still the 5th in UTC.
    const six = eventLine(
      'vn.par.dossier.returned.v1',
      '2021-07-06',
      range(11, 20).map((n) => `b${n}`),
    );
    expect((await post({ lines: [six] })).body.equal).toBe(true);
    const early = await post({ asOf: '2021-07-05T23:00:00+07:00', lines: [stateLine('2', range(1, 20).map(code))] });
    expect(early.body).toMatchObject({ equal: true, asOf: '2021-07-05T16:00:00.000Z' });
  });

  it('names a missing, a surplus and a moved dossier exactly', async () => {
    const theirs = [...RECEIVED.slice(2), code(77), RETURNED[0]!];
    const back = RETURNED.slice(1);
    const first = await post({ lines: [stateLine('2', theirs), stateLine('10', back)] });
    expect(first.body).toMatchObject({ equal: false, next: [{ unit: CODE, state: '2', by: 'codes' }] });
    const second = await post({ lines: [stateLine('2', theirs, CODE, true), stateLine('10', back)] });
    expect(second.body.missing).toEqual([{ unit: CODE, state: '2', code: code(77) }]);
    expect(second.body.surplus.map((thing) => ('code' in thing ? thing.code : ''))).toEqual(RECEIVED.slice(0, 2));
    expect(second.body.otherState).toEqual([{ code: RETURNED[0], theirs: { unit: CODE, state: '2' }, ours: { unit: CODE, state: '10' } }]);
    expect([second.body.next, second.body.unnamed]).toEqual([null, 0]);
  });

  it('names the one event that was lost or was never theirs', async () => {
    const ids = range(1, 20).map((n) => `r${n}`);
    const less = await post({ lines: [eventLine(TYPE, DAY, ids.slice(1))] });
    expect(less.body).toMatchObject({ equal: false, surplus: [{ type: TYPE, day: DAY, id: 'r1' }], next: null });
    const more = await post({ lines: [eventLine(TYPE, DAY, [...ids, 'lost'], true)] });
    expect(more.body).toMatchObject({ missing: [{ unit: CODE, type: TYPE, day: DAY, id: 'lost' }], surplus: [], next: null });
  });

  it('names what the source has no line of', async () => {
    const { body } = await post({ lines: [stateLine('2', RECEIVED)] });
    expect(body.surplus).toHaveLength(10);
    expect(body.surplus[0]).toEqual({ unit: CODE, state: '10', code: RETURNED[0] });
  });

  it('speaks only of the units of the key, or of those asked for', async () => {
    const authorization = `Bearer ${await addProducerKey(door.sql, { name: 'other ward', sources: [SOURCE], units: ['hue-19750-tay-loc'] })}`;
    const refused = await post({ lines: [stateLine('2', RECEIVED)] }, { authorization });
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([422, 'producer.not-for-unit', 'lines[0].unit']);
    const nothing = { ...stateLine('2', []), unit: 'hue-19750-tay-loc' };
    expect((await post({ lines: [nothing] }, { authorization })).body).toMatchObject({ equal: true, surplus: [] });
    expect((await post({ lines: [nothing] })).body).toMatchObject({ equal: false });
    expect((await post({ units: [nothing.unit], lines: [nothing] })).body).toMatchObject({ equal: true });
  });

  it.each<[number, string, string | undefined, () => Promise<Answered>]>([
    [401, 'producer.unknown-key', undefined, () => post({ lines: [] }, { authorization: 'Bearer par_wrong' })],
    [400, 'request.not-json', undefined, () => send('{"source":')],
    [415, 'request.media-type', undefined, () => send('<a/>', { 'content-type': 'application/xml' })],
    [413, 'request.too-large', undefined, () => send(JSON.stringify('x'.repeat(6 * 1024 * 1024)))],
    [422, 'schema.unknown-field', 'applicant', () => post({ applicant: 'x', lines: [] })],
    [422, 'unit.unknown', 'lines[0].unit', () => post({ lines: [stateLine('2', [], 'nowhere')] })],
    [422, 'manifest.unit-twice', 'lines[1].unit', () => post({ lines: [stateLine('2', []), stateLine('10', [], WARD)] })],
  ])('refuses with %i %s at %s, in both languages', async (status, refusal, field, call) => {
    const answer = await call();
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, refusal, field]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ title: expect.any(String), titleVi: expect.any(String) });
  });

  it('refuses a key that may not speak for the source', async () => {
    const authorization = `Bearer ${await addProducerKey(door.sql, { name: 'other', sources: ['urn:x'], units: ['*'] })}`;
    expect((await post({ lines: [stateLine('2', [])] }, { authorization })).body).toMatchObject({
      code: 'producer.not-for-source',
      field: 'source',
    });
  });

  it('keeps nothing of a manifest that is marked secret but that it came', async () => {
    const secrets = async (): Promise<number> => {
      const { rows } = (await (await fetch(`${door.url}/v1/ingress/tally`)).json()) as DoorTally;
      return rows.reduce((sum, row) => sum + (row.source === '' ? (row.refused['secrecy.marked'] ?? 0) : 0), 0);
    };
    const before = await secrets();
    const bodies = [
      '{"doMat":"MẬT","doMat":"thường","source":"CANARY55"}',
      '{"source":"CANARY55","độ mật":"A"',
      JSON.stringify({ source: 'tối mật CANARY55' }),
    ];
    for (const body of bodies) {
      const answer = await send(body);
      expect([answer.status, answer.body.code]).toEqual([422, 'secrecy.marked']);
      expect(JSON.stringify(answer.body)).not.toContain('CANARY55');
    }
    expect(await secrets()).toBe(before + bodies.length);
    expect(door.log.text).not.toContain('CANARY55');
  });

  it('keeps its answers as counts, without a code', async () => {
    await post({
      day: '2021-07-01',
      units: [WARD],
      lines: [stateLine('2', [...RECEIVED, code(77)], WARD, true), stateLine('10', RETURNED, WARD)],
    });
    const url = `${door.url}/v1/manifests?source=${SOURCE}&day=2021-07-01`;
    const { receipts } = (await (await fetch(url)).json()) as { receipts: ManifestReceipt[] };
    expect(receipts).toEqual([
      {
        ...{ source: SOURCE, day: '2021-07-01', asOf: '2021-07-06T05:00:00.000Z', at: expect.any(String), producer: 'spec', units: [WARD] },
        ...{ equal: false, dossiers: { theirs: 21, ours: 20 }, events: { theirs: 0, ours: 0 }, linesDifferent: 1 },
      },
    ]);
    const [kept] = await door.sql.query<{ text: string }>('SELECT string_agg(r::text, chr(10)) AS text FROM ingress.manifest_receipt r');
    expect(kept!.text).not.toContain('210705');
    expect((await fetch(`${door.url}/v1/manifests?day=1`)).status).toBe(400);
  });

  it('compares two at a time and asks others to come again', async () => {
    const lines = [stateLine('2', RECEIVED), stateLine('10', RETURNED)];
    let answers: Promise<Answered>[] = [];
    await door.sql.transaction(async (tx) => {
      await tx.query('LOCK TABLE ingress.accepted_event IN ACCESS EXCLUSIVE MODE');
      answers = [1, 2, 3].map(() => post({ lines }));
      const busy = await Promise.race(answers);
      expect([busy.status, busy.body.code, busy.headers.get('retry-after')]).toEqual([503, 'manifest.busy', '2']);
    });
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect((await post({ lines })).body.equal).toBe(true);
  });
});
