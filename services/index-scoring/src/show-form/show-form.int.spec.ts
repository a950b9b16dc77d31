import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { checkIdentities, type CityForm, type FormAnswer, type UnitEvent, type UnitFormRow } from '@par/administration';
import { OrganisationModule, OrganisationRegister } from '@par/organisation';
import { Clock, createApplication, Database, ServiceKitModule } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { FormCounts } from './form-counts.query.ts';
import { ShowFormController } from './show-form.controller.ts';

@Module({
  imports: [ServiceKitModule.forService('index-scoring'), OrganisationModule.forService()],
  providers: [FormCounts],
  controllers: [ShowFormController],
})
class FormModule {}

/** A dossier as the counting writes it; instants in milliseconds. */
interface Dossier {
  city: string;
  unit: string;
  received: number | null;
  channel: 'online' | 'counter' | 'post' | null;
  due: number | null;
  ended: { at: number; as: 'result' | 'refused' | 'withdrawn'; class: 'early' | 'on-time' | 'late' | 'unclassified' } | null;
  intakeRefused: boolean;
  waitingSince: number | null;
}

const UNITS: [id: string, kind: string, parent?: string, timeZone?: string][] = [
  ['hue', 'city', undefined, 'Asia/Ho_Chi_Minh'],
  ['ward-a', 'ward', 'hue'],
  ['dept-b', 'department', 'hue'],
  ['office-b1', 'public-service-unit', 'dept-b'],
  ['land', 'provincial-body', 'hue'],
  ['dam', 'city', undefined, 'Europe/Amsterdam'],
  ['dam-desk', 'department', 'dam'],
];

function unitEvents(): UnitEvent[] {
  const event = (id: string, type: string, subject: string, data: object): UnitEvent =>
    ({ specversion: '1.0', id, source: 'urn:spec', type, subject, time: '2019-12-31T17:00:00.000Z', unit: subject, data }) as UnitEvent;
  return [
    ...UNITS.map(([id, kind, parent, timeZone]) =>
      event(`${id}/opened`, 'vn.par.unit.opened.v1', id, {
        name: `Tên ${id}`,
        nameEn: `Name ${id}`,
        kind,
        agency: kind !== 'city',
        validFrom: '2020-01-01',
        ...(parent && { parent }),
        ...(timeZone && { timeZone }),
      }),
    ),
    event('ward-a/renamed', 'vn.par.unit.renamed.v1', 'ward-a', { from: '2021-07-01', name: 'Tên mới ward-a', nameEn: 'New name ward-a' }),
  ];
}

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;

describe('form II.06a', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;
  let sql: Database;
  let now = at('2022-03-01T00:00:00Z');

  beforeAll(async () => {
    database = await createDatabase('index-scoring');
    process.env.DATABASE_URL = database.url;
    app = await createApplication(FormModule, { service: 'index-scoring' });
    await app.init();
    sql = app.get(Database);
    app.get(Clock).now = () => new Date(now);
    await sql.transaction((tx) => app.get(OrganisationRegister).apply(tx, unitEvents()));
  });

  beforeEach(async () => {
    now = at('2022-03-01T00:00:00Z');
    await keep([]);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function keep(dossiers: readonly Dossier[]): Promise<void> {
    await sql.query('TRUNCATE dossier_fact');
    const iso = (instant: number | null | undefined): string | null =>
      instant === null || instant === undefined ? null : new Date(instant).toISOString();
    await sql.query(
      `INSERT INTO dossier_fact (subject, city, unit, received_at, channel, due_at, ended_at, ended_as, ended_class, intake_refused, waiting_since)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[],
         $10::boolean[], $11::timestamptz[])`,
      [
        dossiers.map((_dossier, index) => `case:${index}`),
        dossiers.map(({ city }) => city),
        dossiers.map(({ unit }) => unit),
        dossiers.map(({ received }) => iso(received)),
        dossiers.map(({ channel }) => channel),
        dossiers.map(({ due }) => iso(due)),
        dossiers.map(({ ended }) => iso(ended?.at)),
        dossiers.map(({ ended }) => ended?.as ?? null),
        dossiers.map(({ ended }) => ended?.class ?? null),
        dossiers.map(({ intakeRefused }) => intakeRefused),
        dossiers.map(({ waitingSince }) => iso(waitingSince)),
      ],
    );
  }

  async function ask(query: string): Promise<{ status: number; type: string; body: string }> {
    const answer = await app.inject({ method: 'GET', url: `/v1/forms/ii-06a?${query}` });
    return { status: answer.statusCode, type: String(answer.headers['content-type']), body: answer.body };
  }

  async function form(query: string): Promise<FormAnswer> {
    const { status, body } = await ask(query);
    expect(status).toBe(200);
    return JSON.parse(body) as FormAnswer;
  }

  const hue = async (period: string): Promise<CityForm> => (await form(`period=${period}&city=hue`)).cities[0]!;

  const received = (unit: string, text: string, more: Partial<Dossier> = {}): Dossier => ({
    city: unit.startsWith('dam') ? 'dam' : 'hue',
    unit,
    received: at(text),
    channel: 'counter',
    due: null,
    ended: null,
    intakeRefused: false,
    waitingSince: null,
    ...more,
  });

  const flat = (row: Pick<UnitFormRow, 'received' | 'done' | 'inProcess'>): number[] => [
    row.received.total,
    row.received.online,
    row.received.direct,
    row.received.carriedOver,
    row.done.total,
    row.done.early,
    row.done.onTime,
    row.done.late,
    row.done.unclassified.count,
    row.inProcess.total,
    row.inProcess.inTerm,
    row.inProcess.overdue,
    row.inProcess.unclassified.count,
  ];

  it('equals a count by hand of any dossiers, for any period, and its identities hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyDossier, { maxLength: 40 }),
        fc.constantFrom(...PERIODS),
        fc.constantFrom(at('2021-05-20T03:04:05.678Z'), at('2022-03-01T00:00:00Z')),
        async (dossiers, [period, from, to], clock) => {
          now = clock;
          await keep(dossiers);
          const city = await hue(period);
          const cutOff = Math.min(to, now);
          const byHand = new Map<string, number[]>();
          let receiptNotKnown = 0;
          let intakeRefused = 0;
          for (const dossier of from <= cutOff ? dossiers : []) {
            if (dossier.intakeRefused) {
              const isOver = dossier.ended !== null && Math.max(dossier.ended.at, dossier.received ?? -Infinity) < from;
              if (dossier.received === null ? !isOver : dossier.received >= from && dossier.received <= cutOff) intakeRefused++;
            } else if (dossier.received === null) {
              if (dossier.ended === null || dossier.ended.at >= from) receiptNotKnown++;
            } else countByHand(byHand, dossier, dossier.received, from, cutOff);
          }
          const shown = [...city.rows, ...city.beside];
          expect(Object.fromEntries(shown.map((row) => [row.unit, flat(row)]))).toEqual(Object.fromEntries(byHand));
          expect(city.beside.map(({ unit }) => unit)).toEqual([...byHand.keys()].filter((unit) => unit === 'land'));
          const total = new Array<number>(13).fill(0);
          for (const [unit, counts] of byHand) if (unit !== 'land') counts.forEach((value, index) => (total[index]! += value));
          expect(flat(city.total)).toEqual(total);
          expect(city.notes).toEqual({ receiptNotKnown, intakeRefused });
          expect(city.identities).toEqual([]);
          for (const row of [...shown, city.total]) expect(checkIdentities(row)).toEqual([]);
          for (const { done, onTimeParts } of shown)
            expect(done.onTime).toBe(Object.values(onTimeParts).reduce((sum, value) => sum + value, 0));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('counts to the last millisecond of the period on the clocks of each city', async () => {
    await keep([
      received('ward-a', '2021-03-31T16:59:59.999Z'),
      received('ward-a', '2021-03-31T17:00:00.000Z'),
      received('dam-desk', '2021-03-31T21:59:59.999Z'),
      received('dam-desk', '2021-03-31T22:00:00.000Z'),
      received('dam-desk', '2021-03-31T22:00:00.001Z'),
    ]);
    const [march, april] = await Promise.all([form('period=2021-03'), form('period=2021-04')]);
    const of = ({ cities }: FormAnswer): unknown[] => cities.map(({ city, total: { received: r } }) => [city, r.direct, r.carriedOver]);
    expect(of(march)).toEqual([
      ['dam', 1, 0],
      ['hue', 1, 0],
    ]);
    expect(of(april)).toEqual([
      ['dam', 2, 1],
      ['hue', 1, 1],
    ]);
    expect(april.cities.map(({ from, cutOff }) => [from, cutOff])).toEqual([
      ['2021-03-31T22:00:00.000Z', '2021-04-30T21:59:59.999Z'],
      ['2021-03-31T17:00:00.000Z', '2021-04-30T16:59:59.999Z'],
    ]);
  });

  it('counts a dossier that waits for a supplement as done on time, and again as carried over while it goes on', async () => {
    await keep([received('ward-a', '2021-03-10T03:00:00Z', { waitingSince: at('2021-03-20T03:00:00Z'), due: at('2021-03-15T03:00:00Z') })]);
    const march = await hue('2021-03');
    expect(flat(march.total)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(march.rows[0]!.onTimeParts).toEqual({ result: 0, refused: 0, withdrawn: 0, waiting: 1 });
    expect(flat((await hue('2021-04')).total)).toEqual([1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    now = at('2021-03-18T00:00:00Z');
    expect(flat((await hue('2021-03')).total)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0]);
  });

  it('takes an end that is told before the receipt as at the receipt', async () => {
    const ended = { at: at('2021-02-01T03:00:00Z'), as: 'result', class: 'early' } as const;
    await keep([received('ward-a', '2021-03-10T03:00:00Z', { ended })]);
    expect((await hue('2021-02')).rows).toEqual([]);
    expect(flat((await hue('2021-03')).total)).toEqual([1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect((await hue('2021-04')).rows).toEqual([]);
  });

  it('names units as they were called at the end of the period, and shows a unit asked for with all below it', async () => {
    await keep([
      received('ward-a', '2021-03-10T03:00:00Z'),
      received('dept-b', '2021-03-10T03:00:00Z', { channel: 'online' }),
      received('office-b1', '2021-03-10T03:00:00Z'),
      received('land', '2021-03-10T03:00:00Z'),
    ]);
    expect((await hue('2021-Q1')).rows[2]).toMatchObject({ unit: 'ward-a', unitName: 'Tên ward-a', unitNameEn: 'Name ward-a' });
    expect((await hue('2021')).rows[2]).toMatchObject({ unitName: 'Tên mới ward-a', unitNameEn: 'New name ward-a' });
    const all = await hue('2021');
    expect([all.rows.map(({ unit }) => unit), all.beside.map(({ unit }) => unit)]).toEqual([['dept-b', 'office-b1', 'ward-a'], ['land']]);
    expect(all.total.received).toEqual({ total: 3, online: 1, direct: 2, carriedOver: 0 });
    const { cities } = await form('period=2021&unit=dept-b');
    expect(cities).toHaveLength(1);
    expect(cities[0]).toMatchObject({ city: 'hue', total: { received: { total: 2, online: 1 } } });
    expect(cities[0]!.rows.map(({ unit }) => unit)).toEqual(['dept-b', 'office-b1']);
    expect((await form('period=2021&unit=hue')).cities).toEqual([all]);
  });

  it('is empty where the period has not begun, and has no beginning for all time', async () => {
    await keep([received('ward-a', '2021-03-10T03:00:00Z')]);
    expect(await hue('2031')).toMatchObject({ rows: [], total: { received: { total: 0, carriedOver: 0 } }, identities: [] });
    expect(await hue('all')).toMatchObject({ from: null, total: { received: { total: 1, direct: 1, carriedOver: 0 } } });
    expect(flat((await hue('0001')).total)).toEqual(new Array(13).fill(0));
    expect(flat((await hue('0000')).total)).toEqual(new Array(13).fill(0));
  });

  it('says by name where the table itself has a class that the form does not know', async () => {
    const ended = { at: at('2021-03-12T03:00:00Z'), as: 'result', class: 'early' } as const;
    await keep([received('ward-a', '2021-03-10T03:00:00Z', { ended })]);
    await sql.query(`UPDATE dossier_fact SET ended_class = 'somewhen'`);
    expect((await hue('2021')).identities).toMatchObject([
      { unit: 'ward-a', identity: 'done', left: 1, right: 0, difference: 1 },
      { unit: 'hue', identity: 'done' },
    ]);
  });

  it('is CSV with the two lines of the form above it', async () => {
    await keep([received('ward-a', '2021-03-10T03:00:00Z'), received('land', '2021-03-10T03:00:00Z')]);
    const { status, type, body } = await ask('period=2021&city=hue&format=csv');
    expect([status, type]).toEqual([200, 'text/csv; charset=utf-8']);
    const [groups, titles, ...rows] = parse(body, { bom: true });
    expect(groups!.slice(0, 3)).toEqual(['TT', 'Đơn vị', 'Số lượng hồ sơ tiếp nhận']);
    expect(titles![2]).toBe('Tổng số (3)');
    expect(rows.map((row) => row.slice(0, 5))).toEqual([
      ['1', 'Tên mới ward-a', '1', '0', '1'],
      ['', 'Tổng số: Tên hue', '1', '0', '1'],
      ['', 'Ngoài tổng, cơ quan thuộc tỉnh: Tên land', '1', '0', '1'],
    ]);
  });

  it.each([
    ['period=2021-13', 400, 'request.bad-period'],
    ['period=2021&period=2022', 400, 'request.bad-period'],
    ['format=pdf', 400, 'request.bad-format'],
    ['unit=nowhere', 404, 'unit.unknown'],
    ['city=nowhere', 404, 'city.unknown'],
    ['city=ward-a', 404, 'city.unknown'],
    ['city=dam&unit=ward-a', 404, 'unit.unknown'],
  ])('refuses %s as a problem', async (query, status, code) => {
    const answer = await ask(query);
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(JSON.parse(answer.body)).toMatchObject({ code, titleVi: expect.any(String) });
  });
});

/** Local midnights of Huế, UTC+7 without daylight saving, told here apart from the code under test. */
const midnight = (date: string): number => at(`${date}T00:00:00+07:00`);
const PERIODS: [period: string, from: number, to: number][] = [
  ['2021', midnight('2021-01-01'), midnight('2022-01-01') - 1],
  ['2021-Q1', midnight('2021-01-01'), midnight('2021-04-01') - 1],
  ['2021-Q2', midnight('2021-04-01'), midnight('2021-07-01') - 1],
  ['2021-02', midnight('2021-02-01'), midnight('2021-03-01') - 1],
  ['2021-04', midnight('2021-04-01'), midnight('2021-05-01') - 1],
  ['2021-05', midnight('2021-05-01'), midnight('2021-06-01') - 1],
  ['2021-12', midnight('2021-12-01'), midnight('2022-01-01') - 1],
  ['2020', midnight('2020-01-01'), midnight('2021-01-01') - 1],
  ['all', -Infinity, Infinity],
];

/** Instants of the year, many of them at the very edges of periods and of now. */
const anyInstant = fc.oneof(
  fc.integer({ min: midnight('2020-10-01'), max: midnight('2022-02-01') }),
  fc
    .tuple(
      fc.constantFrom(...['2021-01-01', '2021-02-01', '2021-04-01', '2021-05-01', '2021-06-01', '2022-01-01'].map(midnight)),
      fc.constantFrom(-HOUR, -1, 0, 1, HOUR),
    )
    .map(([edge, by]) => edge + by),
  fc.constantFrom(-1, 0, 1).map((by) => at('2021-05-20T03:04:05.678Z') + by),
);
const anyEnd = fc.oneof(
  fc.record({
    at: anyInstant,
    as: fc.constant('result' as const),
    class: fc.constantFrom('early' as const, 'on-time' as const, 'late' as const, 'unclassified' as const),
  }),
  fc.record({ at: anyInstant, as: fc.constantFrom('refused' as const, 'withdrawn' as const), class: fc.constant('on-time' as const) }),
);
const anyDossier: fc.Arbitrary<Dossier> = fc.record({
  city: fc.constant('hue'),
  unit: fc.constantFrom('hue', 'ward-a', 'dept-b', 'office-b1', 'land'),
  received: fc.option(anyInstant, { freq: 8 }),
  channel: fc.constantFrom('online' as const, 'counter' as const, 'post' as const, null),
  due: fc.option(anyInstant, { freq: 4 }),
  ended: fc.option(anyEnd, { freq: 2 }),
  intakeRefused: fc.nat({ max: 7 }).map((one) => one === 0),
  waitingSince: fc.option(anyInstant, { freq: 2 }),
});

/** The form's columns as a clerk with a pencil would fill them: one dossier after the other, each put where it belongs. */
function countByHand(table: Map<string, number[]>, dossier: Dossier, receivedAt: number, from: number, cutOff: number): void {
  if (receivedAt > cutOff) return;
  const endedAt = dossier.ended === null ? Infinity : Math.max(dossier.ended.at, receivedAt);
  if (endedAt < from) return;
  const row = table.get(dossier.unit) ?? new Array<number>(13).fill(0);
  table.set(dossier.unit, row);
  const put = (...columns: number[]): void => columns.forEach((column) => row[column]!++);
  put(0, receivedAt < from ? 3 : dossier.channel === 'online' ? 1 : 2);
  if (endedAt <= cutOff) {
    put(4);
    switch (dossier.ended!.class) {
      case 'early':
        return put(5);
      case 'on-time':
        return put(6);
      case 'late':
        return put(7);
      case 'unclassified':
        return put(8);
    }
  }
  if (dossier.waitingSince !== null && dossier.waitingSince <= cutOff) return put(4, 6);
  put(9, dossier.due === null ? 12 : dossier.due < cutOff ? 11 : 10);
}
