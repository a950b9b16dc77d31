import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type UnitEvent, vietnamCalendar, WorkingCalendar } from '@par/administration';
import { OrganisationModule, OrganisationRegister } from '@par/organisation';
import { Clock, createApplication, Database, ServiceKitModule } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { ShowSaveListController } from './show-save-list.controller.ts';
import { ShowSaveListQuery } from './show-save-list.query.ts';

@Module({
  imports: [ServiceKitModule.forService('edocument-workflow'), OrganisationModule.forService()],
  controllers: [ShowSaveListController],
  providers: [{ provide: WorkingCalendar, useFactory: vietnamCalendar }, ShowSaveListQuery],
})
class SaveListModule {}

type Answer = Awaited<ReturnType<ShowSaveListController['show']>>;

/** Local hour of Việt Nam on a day of July 2021; the 5th is a Monday, offices work 07:00–11:30 and 13:30–17:00. */
const at = (date: number, hour: number): string => new Date(Date.UTC(2021, 6, date, hour - 7)).toISOString();
const HOUR = 3_600_000;
const NOW = at(14, 8);

interface Dossier {
  id: string;
  unit?: string;
  opened: string;
  due?: string;
  closed?: string;
  steps?: [step: string, at: string, takenBack?: boolean][];
}

describe('the save-list of a unit', () => {
  let database: SpecDatabase;
  let app: NestFastifyApplication;
  let sql: Database;

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    process.env.DATABASE_URL = database.url;
    app = await createApplication(SaveListModule, { service: 'edocument-workflow' });
    await app.init();
    sql = app.get(Database);
    app.get(Clock).now = () => new Date(NOW);
    const opened = (id: string, data: object): UnitEvent =>
      ({
        specversion: '1.0',
        id: `${id}/opened`,
        source: 'urn:spec',
        type: 'vn.par.unit.opened.v1',
        subject: id,
        time: '2019-12-31T17:00:00.000Z',
        unit: id,
        data: { name: id, validFrom: '2020-01-01', ...data },
      }) as UnitEvent;
    await sql.transaction((tx) =>
      app
        .get(OrganisationRegister)
        .apply(tx, [
          opened('hue', { kind: 'city', agency: false, timeZone: 'Asia/Ho_Chi_Minh' }),
          opened('dept-a', { kind: 'department', agency: true, parent: 'hue' }),
          opened('dept-b', { kind: 'department', agency: true, parent: 'hue' }),
        ]),
    );
  });

  beforeEach(async () => {
    await sql.query('TRUNCATE work_dossier');
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function keep(dossiers: readonly Dossier[]): Promise<void> {
    const events = ({ id, unit = 'dept-a', opened, closed, steps = [] }: Dossier): object[] => {
      const event = (name: string, time: string, data: object = {}): object => ({
        source: 'urn:spec',
        id: `${id}/${name}/${time}`,
        time,
        unit,
        day: time.slice(0, 10),
        type: `vn.par.${name}.v1`,
        ...data,
      });
      return [
        event('dossier.received', opened),
        ...steps.flatMap(([step, time, takenBack]) => [
          event('work-dossier.step-taken', time, { step, medium: 'network' }),
          ...(takenBack
            ? [
                event('work-dossier.corrected', time, {
                  takesBack: { source: 'urn:spec', id: `${id}/work-dossier.step-taken/${time}` },
                  reason: 'entered-by-mistake',
                }),
              ]
            : []),
        ]),
        ...(closed === undefined ? [] : [event('work-dossier.completed', closed)]),
      ];
    };
    await sql.query(
      `INSERT INTO work_dossier (id, unit, state, opened_at, due_at, closed_at, events)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[])`,
      [
        dossiers.map(({ id }) => id),
        dossiers.map(({ unit = 'dept-a' }) => unit),
        dossiers.map(({ closed }) => (closed === undefined ? 'open' : 'closed')),
        dossiers.map(({ opened }) => opened),
        dossiers.map(({ due }) => due ?? null),
        dossiers.map(({ closed }) => closed ?? null),
        dossiers.map((dossier) => JSON.stringify(events(dossier))),
      ],
    );
  }

  /** Settled on the 9th at 16:00, after `check` on the 8th at 14:00: ten working hours from there, and 34 from the opening on the 5th at 14:00. */
  const settled = (count: number, unit = 'dept-a'): Dossier[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `${unit}-past-${n}`,
      unit,
      opened: at(5, 14),
      steps: [['check', at(8, 14)]],
      closed: at(9, 16),
    }));

  async function ask(query: string): Promise<{ status: number; body: Answer }> {
    const answer = await app.inject({ method: 'GET', url: `/v1/save-list?${query}` });
    return { status: answer.statusCode, body: answer.json() };
  }

  it('names what needs more than is left, with the numbers behind it, and counts the others', async () => {
    await keep([
      ...settled(20),
      { id: 'saved', opened: at(12, 8), due: at(15, 8), steps: [['check', at(13, 9)]] },
      { id: 'waits', opened: at(12, 8), due: at(16, 14) },
      { id: 'in-time', opened: at(12, 8), due: at(20, 8), steps: [['check', at(13, 9)]] },
      { id: 'rare', opened: at(12, 8), due: at(15, 8), steps: [['ask', at(13, 9)]] },
      { id: 'late', opened: at(5, 8), due: at(13, 8) },
      { id: 'undated', opened: at(5, 8) },
      { id: 'not-yet', opened: at(15, 8), due: at(16, 8) },
      { id: 'elsewhere', unit: 'dept-b', opened: at(12, 8), due: at(15, 8) },
    ]);
    const { status, body } = await ask('unit=dept-a');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      unit: 'dept-a',
      asOf: NOW,
      named: 2,
      inTime: 1,
      unknown: 1,
      overdue: 1,
      undated: 1,
      cutOff: false,
      usualPercent: 30,
      timeZone: 'Asia/Ho_Chi_Minh',
      history: { ofUnit: 20, ofOthers: 0 },
      next: null,
    });
    // Wednesday 08:00 to Friday 14:00: 7 and 8 and 5 hours, where 34 are needed; to Thursday 08:00: 7 and 1 where 10 are needed.
    expect(body.items).toEqual([
      expect.objectContaining({ id: 'waits', state: '', leftMs: 20 * HOUR, usualMs: 34 * HOUR, samples: 20, longer: 20, of: 'unit' }),
      expect.objectContaining({ id: 'saved', state: 'check', since: at(13, 9), leftMs: 8 * HOUR, usualMs: 10 * HOUR, moveBy: at(13, 16) }),
    ]);
    expect(body.items[1]!.text.vi).toBe(
      'Còn 8 giờ làm việc; từ bước “check” thường cần ít nhất 10 giờ. 20 trên 20 lần trước đây của đơn vị lâu hơn thời gian còn lại.',
    );
    expect(body.unknownItems).toMatchObject([{ id: 'rare', state: 'ask', why: 'no-history', samples: 0 }]);
    expect(body.unknownItems[0]!.text.en).toContain('Not enough data');
  });

  it('learns from all units where the unit has too little, and says nothing where nobody has enough', async () => {
    const open = { id: 'open', opened: at(12, 8), due: at(15, 8) };
    await keep([...settled(2), ...settled(17, 'dept-b'), open]);
    expect((await ask('unit=dept-a')).body).toMatchObject({ named: 0, unknown: 1, unknownItems: [{ samples: 19 }] });
    await keep([{ ...settled(1, 'dept-b')[0]!, id: 'one-more' }]);
    expect((await ask(`unit=dept-a&as-of=${NOW}`)).body).toMatchObject({ items: [{ id: 'open', of: 'all-units', samples: 20 }] });
  });

  it('takes no step for taken that was taken back', async () => {
    await keep([...settled(20), { id: 'open', opened: at(12, 8), due: at(15, 8), steps: [['check', at(13, 9), true]] }]);
    expect((await ask('unit=dept-a')).body.items).toMatchObject([{ id: 'open', state: '' }]);
  });

  it('can be asked for a past moment: what happened since is not known then', async () => {
    await keep([
      ...settled(20),
      { id: 'closed-since', opened: at(12, 8), due: at(15, 8), closed: at(14, 7), steps: [['check', at(13, 16)]] },
      { id: 'opened-since', opened: at(13, 15), due: at(15, 8) },
    ]);
    expect((await ask('unit=dept-a')).body.items.map(({ id }) => id)).toEqual(['opened-since']);
    const past = (await ask(`unit=dept-a&as-of=${encodeURIComponent('2021-07-13T09:00:00+07:00')}`)).body;
    expect(past).toMatchObject({ asOf: at(13, 9), history: { ofUnit: 20 }, items: [{ id: 'closed-since', state: '', leftMs: 15 * HOUR }] });
  });

  it('comes page by page, all from one moment, each name once', async () => {
    const open = Array.from({ length: 7 }, (_, n) => ({ id: `open-${n}`, opened: at(12, 8), due: at(15, n < 4 ? 8 : 9) }));
    await keep([...settled(20), ...open.toReversed()]);
    const ids: string[] = [];
    for (let after = ''; ;) {
      const { body } = await ask(`unit=dept-a&limit=3${after}`);
      expect(body.named).toBe(7);
      ids.push(...body.items.map(({ id }) => id));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(ids).toEqual(open.map(({ id }) => id));
  });

  it.each([
    ['', 400, 'save-list.no-unit', 'unit'],
    ['unit=dept-x', 404, 'unit.unknown', 'unit'],
    ['unit=dept-a&as-of=2021-07-05', 400, 'save-list.bad-moment', 'as-of'],
    [`unit=dept-a&as-of=${at(14, 9)}`, 400, 'save-list.bad-moment', 'as-of'],
    ['unit=dept-a&limit=0', 400, 'request.bad-limit', 'limit'],
    ['unit=dept-a&after=x', 400, 'request.bad-cursor', 'after'],
    ['unit=dept-a&unit=dept-b', 400, 'save-list.no-unit', 'unit'],
  ])('refuses ?%s', async (query, status, code, field) => {
    const answer = await ask(query);
    expect(answer).toMatchObject({ status, body: { code, field } });
  });
});
