import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyEvent } from '@par/contracts';
import { addProducerKey } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Database } from '@par/service-kit';
import { eventually } from '@par/testing';
import { allotNumbers } from '../register-book.ts';
import { OFFICE, posted, SpecOffice, WARD, type Answer } from '../spec-office.ts';

interface Register {
  unit: string;
  direction: string;
  kind: string;
  year: number;
  last: number;
  numbers: number[];
}
interface Page {
  entries: { number: number; document: string; event: { id: string } }[];
  next: number | null;
}
interface Entry {
  unit: string;
  direction: string;
  kind: string;
  year: number;
  number: number;
  document: string;
}

describe('numbers of registers, with two processes on one database', () => {
  let office: SpecOffice;
  beforeAll(async () => {
    office = await SpecOffice.open();
  });
  afterAll(() => office.close());

  /** Every register with its numbers in order; none may have a gap, or say another last number than it gave. */
  async function registers(): Promise<Register[]> {
    const found = await office.sql.query<Register>(
      `SELECT r.unit, r.direction, r.kind, r.year, r.last_number AS last,
              coalesce(array_agg(e.number ORDER BY e.number) FILTER (WHERE e.number IS NOT NULL), '{}') AS numbers
         FROM register r LEFT JOIN register_entry e USING (unit, direction, kind, year) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4`,
    );
    for (const { last, numbers } of found) expect(numbers).toEqual(Array.from({ length: last }, (_, n) => n + 1));
    return found;
  }
  const numbered = (document: string, register: string, change: object = {}): object => posted('numbered', document, { register }, change);
  const registered = (document: string, register: string, change: object = {}): object =>
    posted('registered', document, { recipient: 'H57.21', register }, change);
  async function entriesOf(direction: string, register: string, unit = WARD, year = 2021): Promise<[number, string][]> {
    const { body } = await office.get<Page>(`/v1/registers/${direction}?unit=${unit}&register=${register}&year=${year}`);
    return body.entries.map(({ number, document }) => [number, document]);
  }

  it('begin with 1 for each unit, direction, kind and local year, in the order of a batch', async () => {
    const late = { time: '2021-12-31T16:59:59Z' };
    const newYear = { time: '2021-12-31T17:00:00Z' };
    await office.post([
      numbered('A-2', 'first'),
      numbered('A-1', 'first'),
      numbered('A-3', 'second'),
      registered('A-1', 'first'),
      numbered('A-1', 'first', { unit: OFFICE }),
      numbered('A-4', 'first', late),
      numbered('A-5', 'first', newYear),
    ]);
    expect(await entriesOf('outgoing', 'first')).toEqual([
      [1, 'A-2'],
      [2, 'A-1'],
      [3, 'A-4'],
    ]);
    expect(await entriesOf('outgoing', 'first', WARD, 2022)).toEqual([[1, 'A-5']]);
    expect(await entriesOf('outgoing', 'second')).toEqual([[1, 'A-3']]);
    expect(await entriesOf('incoming', 'first')).toEqual([[1, 'A-1']]);
    expect(await entriesOf('outgoing', 'first', OFFICE)).toEqual([[1, 'A-1']]);
  });

  it('are not allotted to a document that brings its own, or names no register', async () => {
    const before = await registers();
    await office.post([posted('numbered', 'B-1', { register: 'first', number: 77 }), posted('registered', 'B-2', { recipient: 'H57.21' })]);
    expect(await registers()).toEqual(before);
  });

  it('stay with the document: sent again, under another identity, in another register, or when the first try of a commit is undone', async () => {
    const first = numbered('C-1', 'keeps');
    await office.post([first]);
    // Known identities in between are what the front door does not reckon with: its first transaction is undone.
    await office.post([numbered('C-2', 'keeps'), first, numbered('C-3', 'keeps')]);
    await office.post([numbered('C-1', 'keeps'), numbered('C-1', 'other-one'), numbered('C-4', 'keeps'), numbered('C-4', 'keeps')]);
    expect(await entriesOf('outgoing', 'keeps')).toEqual([
      [1, 'C-1'],
      [2, 'C-2'],
      [3, 'C-3'],
      [4, 'C-4'],
    ]);
    expect(await entriesOf('outgoing', 'other-one')).toEqual([]);
    await registers();
  });

  it('have no gap and no double under 50 writers on two processes, with transactions that fail between them', async () => {
    const organisation = office.apps[0]!.get(OrganisationRegister).current();
    const writers = Array.from({ length: 50 }, (_, n) =>
      office.post<{ summary: { accepted: number } }>(
        [numbered(`D-${n}`, 'race'), numbered(`D-${n}-b`, n % 2 ? 'race' : 'race-too'), registered(`D-${n}`, 'race')],
        n,
      ),
    );
    const failing = Array.from({ length: 20 }, (_, n) =>
      office.apps[n % 2]!.get(Database)
        .transaction(async (tx) => {
          const events = [numbered(`F-${n}`, 'race'), registered(`F-${n}`, 'race')] as unknown as AnyEvent[];
          await allotNumbers(tx, events, organisation, new Date());
          await tx.query('SELECT 1 / 0');
        })
        .catch((error: Error) => error.message),
    );
    expect(await Promise.all(failing)).toEqual(Array.from({ length: 20 }, () => 'division by zero'));
    expect((await Promise.all(writers)).map(({ body }) => body.summary.accepted)).toEqual(Array.from({ length: 50 }, () => 3));
    const found = (await registers()).filter(({ kind }) => kind.startsWith('race'));
    expect(found.map(({ direction, kind, last }) => [direction, kind, last])).toEqual([
      ['incoming', 'race', 50],
      ['outgoing', 'race', 75],
      ['outgoing', 'race-too', 25],
    ]);
    expect(await office.sql.query(`SELECT 1 FROM register_entry WHERE document LIKE 'F-%'`)).toEqual([]);
  });

  it('are one for a document that two registers are asked for at the same moment, 40 times', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => office.post([numbered('E-1', n % 3 ? 'left' : 'right'), numbered(`E-${n}-x`, 'left')], n)),
    );
    const found = await office.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM register_entry WHERE document = 'E-1'`);
    expect(found).toEqual([{ n: 1 }]);
    await registers();
  });

  it('are one also where the second register is asked for while the first is not committed yet', async () => {
    const organisation = office.apps[0]!.get(OrganisationRegister).current();
    const events = (register: string): AnyEvent[] => [numbered('G-1', register)] as unknown as AnyEvent[];
    let commitFirst: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (commitFirst = resolve));
    let isAllotted = false;
    const first = office.apps[0]!.get(Database).transaction(async (tx) => {
      await allotNumbers(tx, events('here'), organisation, new Date());
      isAllotted = true;
      await held;
    });
    await eventually(() => isAllotted);
    const second = office.apps[1]!.get(Database).transaction((tx) => allotNumbers(tx, events('there'), organisation, new Date()));
    await eventually(async () => {
      const waiting = await office.sql.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length === 1;
    });
    commitFirst();
    await Promise.all([first, second]);
    expect(await entriesOf('outgoing', 'here')).toEqual([[1, 'G-1']]);
    expect(await entriesOf('outgoing', 'there')).toEqual([]);
    await registers();
  });

  it('are paged by number', async () => {
    const first = await office.get<Page>(`/v1/registers/outgoing?unit=${WARD}&register=race&year=2021&limit=40`);
    expect([first.body.entries.length, first.body.next]).toEqual([40, 40]);
    const second = await office.get<Page>(`/v1/registers/outgoing?unit=${WARD}&register=race&year=2021&limit=40&after=40`);
    expect([second.body.entries[0]!.number, second.body.entries.length, second.body.next]).toEqual([41, 35, null]);
  });

  it.each([
    ['/v1/registers/sideways?unit=a&register=b&year=2021', 404, 'direction'],
    ['/v1/registers/outgoing?register=b&year=2021', 400, 'unit'],
    ['/v1/registers/outgoing?unit=a&register=b', 400, 'year'],
    ['/v1/registers/outgoing?unit=a&register=b&year=MMXXI', 400, 'year'],
    ['/v1/registers/outgoing?unit=a&register=b&year=2021&after=-1', 400, 'after'],
  ])('%s is %i, %s', async (url, status, field) => {
    const answer = await office.get<{ field: string; titleVi: string }>(url);
    expect([answer.status, answer.body.field]).toEqual([status, field]);
    expect(answer.body.titleVi).toBeTruthy();
  });

  describe('asked for over HTTP', () => {
    const ask = <T = Entry>(direction: string, body: object | string, replica = 0): Promise<Answer<T>> =>
      office.send<T>(`/v1/registers/${direction}`, typeof body === 'string' ? body : JSON.stringify(body), 'application/json', replica);
    const document = '000.00.21.H57,2021/07/08,412/UBND-NV';

    it('are answered with 201 and then for ever with 200', async () => {
      const first = await ask('outgoing', { unit: WARD, register: 'asked', document });
      expect(first).toMatchObject({ status: 201, body: { unit: WARD, direction: 'outgoing', kind: 'asked', number: 1, document } });
      // The unit's official code means the unit, and another process knows the number too.
      const again = await ask('outgoing', { unit: '19756', register: 'asked', document }, 1);
      expect(again).toEqual({ status: 200, body: first.body });
      const incoming = await ask('incoming', { unit: WARD, register: 'asked', document, recipient: 'H57.21' });
      expect(incoming).toMatchObject({ status: 201, body: { direction: 'incoming', number: 1 } });
    });

    it('are one for 30 calls at the same moment, of which one made it', async () => {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) => ask('outgoing', { unit: WARD, register: 'stampede', document: 'S-1' }, n)),
      );
      expect(new Set(answers.map(({ body }) => body.number))).toEqual(new Set([1]));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(29);
      await registers();
    });

    it('are of the local year of the time told', async () => {
      const { body } = await ask('outgoing', { unit: WARD, register: 'asked', document: 'Y-1', time: '2022-01-01T00:00:00+07:00' });
      expect([body.year, body.number]).toEqual([2022, 1]);
    });

    it('say where a document stands that is asked for in another register', async () => {
      const { status, body } = await ask<Record<string, unknown>>('outgoing', { unit: WARD, register: 'elsewhere', document });
      expect([status, body.code, body.register, body.number]).toEqual([409, 'register.document-stands-elsewhere', 'asked', 1]);
    });

    it.each<[string, string, object | string, number, string, string | undefined]>([
      ['no JSON', 'outgoing', '{', 400, 'request.not-json', undefined],
      ['no object', 'outgoing', '[]', 400, 'register.not-an-object', undefined],
      ['a field too many', 'outgoing', { unit: WARD, register: 'a', document: 'x', subject: 'x' }, 422, 'schema.unknown-field', 'subject'],
      [
        'a receiver that goes out',
        'outgoing',
        { unit: WARD, register: 'a', document: 'x', recipient: 'H57' },
        422,
        'schema.unknown-field',
        'recipient',
      ],
      ['no receiver', 'incoming', { unit: WARD, register: 'a', document: 'x' }, 422, 'schema.missing-field', 'recipient'],
      ['no text', 'outgoing', { unit: WARD, register: 5, document: 'x' }, 422, 'schema.bad-value', 'register'],
      ['no register of this form', 'outgoing', { unit: WARD, register: 'Công văn', document: 'x' }, 422, 'schema.bad-value', 'register'],
      ['no organisation', 'incoming', { unit: WARD, register: 'a', document: 'x', recipient: '?' }, 422, 'schema.bad-value', 'recipient'],
      ['no document', 'outgoing', { unit: WARD, register: 'a', document: '<b>' }, 422, 'document.bad-id', 'document'],
      ['no unit', 'outgoing', { unit: 'nowhere', register: 'a', document: 'x' }, 422, 'unit.unknown', 'unit'],
      ['no time', 'outgoing', { unit: WARD, register: 'a', document: 'x', time: 'now' }, 422, 'time.malformed', 'time'],
      [
        'the future',
        'outgoing',
        { unit: WARD, register: 'a', document: 'x', time: '2999-01-01T00:00:00Z' },
        422,
        'time.in-the-future',
        'time',
      ],
    ])('are refused for %s', async (_name, direction, body, status, code, field) => {
      const before = await registers();
      const answer = await ask<Record<string, unknown>>(direction, body);
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([status, code, field]);
      expect(answer.body.titleVi).toBeTruthy();
      expect(await registers()).toEqual(before);
    });

    it('need a key that is known and may speak for the unit and the source', async () => {
      const narrow = await addProducerKey(office.sql, { name: 'narrow', sources: ['urn:narrow'], units: [OFFICE] });
      const call = async (key: string, change: object): Promise<unknown[]> => {
        const body = JSON.stringify({ unit: OFFICE, register: 'narrow', document: 'N-1', ...change });
        const answer = await office.send('/v1/registers/outgoing', body, 'application/json', 0, key);
        return [answer.status, answer.body.code];
      };
      expect(await call('wrong', {})).toEqual([401, 'producer.unknown-key']);
      expect(await call(narrow, { unit: WARD })).toEqual([422, 'producer.not-for-unit']);
      expect(await call(narrow, { source: 'urn:else' })).toEqual([422, 'producer.not-for-source']);
      expect(await call(narrow, { source: 'urn:narrow' })).toEqual([201, undefined]);
      expect(await call(narrow, { document: 'N-2' })).toEqual([201, undefined]);
    });

    it('leave nothing behind where the call bears a mark of secrecy', async () => {
      const marks = [
        `{"unit":"${WARD}","register":"a","document":"CANARY7391","doMat":"MẬT"}`,
        `{"unit":"${WARD}","register":"a","document":"CANARY7391","doMat":"MẬT","doMat":"thường"}`,
        `{"unit":"${WARD}","register":"a","document":"CANARY7391 TUYỆT MẬT"}`,
        `{"unit":"${WARD}","register":"a","document":"CANARY7391","mucDoMat":"tối mật"`,
      ];
      for (const body of marks) {
        const answer = await ask<Record<string, unknown>>('outgoing', body);
        expect([answer.status, answer.body.code]).toEqual([422, 'secrecy.marked']);
        expect(JSON.stringify(answer.body)).not.toContain('CANARY');
      }
      const tables = await office.sql.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      for (const { name } of tables) {
        const found = await office.sql.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE '%CANARY7391%'`);
        expect([name, found.length]).toEqual([name, 0]);
      }
      const counted = await office.sql.query(
        `SELECT sum(count)::int AS n FROM ingress.tally_refusal WHERE code = 'secrecy.marked' AND unit = ''`,
      );
      expect(counted).toEqual([{ n: marks.length }]);
    });
  });
});
