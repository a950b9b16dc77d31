import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hueOrganisation } from '@par/administration';
import type { AnyEvent, FigureRow } from '@par/contracts';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, Environment } from '@par/service-kit';
import { createDatabase, type SpecDatabase } from '@par/testing';
import { ShowFiguresQuery } from './show-figures.query.ts';

const WARD = 'hue-19756-gia-hoi';
const LAND = 'hue-dat-dai';

describe('the figures of a city', () => {
  let place: SpecDatabase;
  let database: Database;
  let register: OrganisationRegister;
  let query: ShowFiguresQuery;

  beforeAll(async () => {
    place = await createDatabase('reporting');
    database = new Database(new Environment({ DATABASE_URL: place.url }));
    register = new OrganisationRegister(database);
    const [city] = hueOrganisation();
    const land = {
      ...city!,
      id: 'opened-land',
      subject: LAND,
      unit: LAND,
      data: { name: 'Chi nhánh Văn phòng Đăng ký đất đai', kind: 'provincial-body', parent: 'hue', validFrom: '2021-01-01', agency: false },
    };
    const events = [...hueOrganisation(), land].map((event) => ({ ...event, received: event.time }) as unknown as AnyEvent);
    await database.transaction((tx) => register.apply(tx, events));
    query = new ShowFiguresQuery(database, new Clock());
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await place.drop();
  });

  const count = (indicator: string, rule: string, unit: string, period: string, numerator: number, denominator: number): Promise<unknown> =>
    database.query(
      `INSERT INTO figure_counter (indicator, rule, unit, period, numerator, denominator, revision, counted_at) VALUES ($1, $2, $3, $4, $5, $6, 1, now())`,
      [indicator, rule, unit, period, numerator, denominator],
    );
  const row = async (indicator: string, unit: string, period = '2021', rule?: string): Promise<FigureRow | undefined> =>
    (await query.figures(await register.latest(), { period, indicator, city: 'hue', unit })).find((one) =>
      rule === undefined ? one.official : one.rule === rule,
    );

  it('add months up, leave out what stands beside, and show it beside', async () => {
    await count('G4-ONLINE', 'of-finished', WARD, '2021-07', 1, 4);
    await count('G4-ONLINE', 'of-finished', WARD, '2021-08', 2, 4);
    await count('G4-ONLINE', 'of-finished', WARD, '2022-01', 4, 4);
    await count('G4-ONLINE', 'of-finished', LAND, '2021-07', 50, 100);
    expect(await row('G4-ONLINE', 'hue')).toMatchObject({ numerator: 3, denominator: 8, value: 37.5, state: 'met', measure: 'share' });
    expect(await row('G4-ONLINE', 'hue', '2021-Q3')).toMatchObject({ numerator: 3, denominator: 8 });
    expect(await row('G4-ONLINE', LAND)).toMatchObject({ numerator: 50, denominator: 100, beside: true });
    expect(await row('G4-ONLINE', 'hue', '2021', 'of-received')).toMatchObject({ state: 'no-data', value: null });
  });

  it('tell a rank, points and a count for what they are, as of now', async () => {
    await count('G10-RANK', 'competition-rank', 'hue', '2021', 2, 9);
    await count('G10-BAND', 'published-score', 'hue', '2021', 84_186, 100_000);
    expect(await row('G10-RANK', 'hue')).toMatchObject({
      measure: 'rank',
      value: 2,
      state: 'met',
      period: '2021',
      target: { op: '<=', value: 5 },
    });
    expect(await row('G10-BAND', 'hue')).toMatchObject({ measure: 'points', value: 84.186, state: 'met' });
    expect(await row('G7-INSP-X', 'hue')).toMatchObject({ measure: 'count', value: null, state: 'no-data' });
  });
});
