import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hueOrganisation } from '@par/administration';
import { addProducerKey, configureFrontDoor } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { createApplication, Database } from '@par/service-kit';
import { createDatabase, createVhost, type SpecDatabase, type SpecVhost } from '@par/testing';
import { AppModule } from '../app.module.ts';
import type { WorkDossierPage } from './list-work-dossiers.controller.ts';
import {
  DUE_ROWS,
  DUE_ROWS_OF_ANY_UNIT,
  type ListedWorkDossier,
  PLAN_BY_INDEX,
  ROWS_WITHOUT_TERM,
  ROWS_WITHOUT_TERM_OF_ANY_UNIT,
} from './list-work-dossiers.query.ts';

const KINDS = ['procedure', 'incoming-document', 'outgoing-document', 'matter'];
const EVERY_KIND = [...KINDS, null];
const ROWS = 30_000;
const CITY = 'hue';
const WARD = 'hue-19801-an-cuu';
const DEPARTMENT = 'hue-phong-tu-phap';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

describe('the list of work dossiers', () => {
  let database: SpecDatabase;
  let vhost: SpecVhost;
  let app: NestFastifyApplication;
  let sql: Database;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    vhost = await createVhost();
    Object.assign(process.env, { DATABASE_URL: database.url, AMQP_URL: vhost.amqpUrl });
    app = await createApplication(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
    await app.init();
    sql = app.get(Database);
    const units = hueOrganisation().map((event) => ({ ...event, unit: event.subject, received: event.time }));
    await sql.query(
      `INSERT INTO organisation.unit_event (source, id, unit, body) SELECT e ->> 'source', e ->> 'id', e ->> 'unit', e::text FROM jsonb_array_elements($1::jsonb) AS e`,
      [JSON.stringify(units)],
    );
    await app.get(OrganisationRegister).refresh();
    for (const [name, speaksFor] of Object.entries({
      ward: [WARD],
      department: [DEPARTMENT],
      city: [CITY],
      all: ['*'],
      none: ['a-unit-without-anything'],
    }))
      keys[name] = await addProducerKey(sql, { name, sources: ['*'], units: speaksFor });
    await fill();
  });

  afterAll(async () => {
    await app.close();
    await vhost.drop();
    await database.drop();
  });

  beforeEach(() => sql.query('DELETE FROM work_dossier WHERE id LIKE $1', ['late-%']));

  /** Rows as the judgement will keep them: one in twenty open, many due at the same instant, some without a term or a kind, a few of a unit that nobody told us of. */
  async function fill(): Promise<void> {
    const units = [...app.get(OrganisationRegister).current().units()].map(({ id }) => id);
    await sql.query(
      `INSERT INTO work_dossier (id, state, unit, kind, urgency, opened_at, due_at, closed_at, process, process_version, expected)
       SELECT 'W-' || (n * 7919) % 1000003, CASE WHEN n % 20 = 0 THEN 'open' ELSE 'closed' END,
              CASE WHEN n % 1000 = 1 THEN 'nobody-knows' ELSE ($1::text[])[1 + (hashint4(n) & 65535) % cardinality($1::text[])] END,
              CASE WHEN n % 13 = 0 THEN NULL WHEN n % 9 < 7 THEN 'procedure' ELSE ($2::text[])[1 + n % 4] END, 'normal', timestamptz '2021-01-01' + make_interval(mins => n),
              CASE WHEN n % 11 = 0 THEN NULL ELSE timestamptz '2021-02-01T10:00:00Z' + make_interval(days => n % 200) END,
              CASE WHEN n % 20 = 0 THEN NULL ELSE timestamptz '2021-03-01' END, 'one-stop', 1, '[]'
         FROM generate_series(1, $3::int) AS n`,
      [units, KINDS, ROWS],
    );
    await sql.query(`INSERT INTO work_dossier (id, state, unit, kind) VALUES ('W-unopened', 'unopened', $1, 'procedure')`, [WARD]);
    await sql.query('VACUUM (ANALYZE) work_dossier');
  }

  async function ask(
    url: string,
    { key, from = '10.1.2.3', headers = {} }: { key?: string; from?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; body: WorkDossierPage & { code: string; field: string; titleVi: string } }> {
    const authorization = key === undefined ? {} : { authorization: `Bearer ${keys[key] ?? key}` };
    const answer = await app.inject({ method: 'GET', url, remoteAddress: from, headers: { ...authorization, ...headers } });
    return { status: answer.statusCode, body: answer.json() };
  }

  /** All pages, by their links. */
  async function walk(
    query: string,
    key: string,
    afterEach: (page: number) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<ListedWorkDossier[]> {
    const items: ListedWorkDossier[] = [];
    let next: string | null = `/v1/work-dossiers?${query}`;
    for (let page = 1; next !== null; page += 1) {
      const { status, body } = await ask(next, { key });
      expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
      items.push(...body.items);
      next = body.next;
      await afterEach(page);
    }
    return items;
  }

  async function expected(condition: string, values: unknown[] = []): Promise<string[]> {
    const rows = await sql.query<{ id: string }>(
      `SELECT id FROM work_dossier WHERE state <> 'unopened' AND ${condition} ORDER BY due_at NULLS LAST, id`,
      values,
    );
    return rows.map(({ id }) => id);
  }
  const idsOf = (items: readonly ListedWorkDossier[]): string[] => items.map(({ id }) => id);

  it.each([
    ['of a ward', 'ward', '', `unit = '${WARD}'`],
    ['of a ward, in small pages', 'ward', 'limit=3&state=open', `unit = '${WARD}' AND state = 'open'`],
    ['of a city, open', 'city', `unit=${CITY}&state=open&limit=37`, `unit <> 'nobody-knows' AND state = 'open'`],
    [
      'of a city, of one kind',
      'city',
      'kind=matter&state=closed&limit=200',
      `unit <> 'nobody-knows' AND state = 'closed' AND kind = 'matter'`,
    ],
    ['of a city, due before', 'city', 'due-before=2021-02-03T10:00:00Z', `unit <> 'nobody-knows' AND due_at < '2021-02-03T10:00:00Z'`],
    ['of everybody, for a key of everything', 'all', 'state=open&limit=200', `state = 'open'`],
    [
      'of a unit that nobody told us of',
      'all',
      'limit=200&kind=procedure&due-before=2021-02-04T00:00:00Z',
      `kind = 'procedure' AND due_at < '2021-02-04'`,
    ],
  ])('gives every row %s once and in order, page by page', async (_case, key, query, condition) => {
    const wanted = await expected(condition);
    expect(wanted.length).toBeGreaterThan(10);
    expect(idsOf(await walk(query, key))).toEqual(wanted);
  });

  it('tells what a row is, and what is overdue now', async () => {
    const due = new Date(Date.now() + 3_600_000).toISOString();
    const step = { step: 'T03', element: 'Task_3', role: 'officer', since: '2021-03-01T01:00:00.000Z', signature: true, paper: false };
    await sql.query(
      `INSERT INTO work_dossier (id, state, unit, kind, urgency, opened_at, due_at, process, process_version, expected, expected_revision)
       VALUES ('late-1', 'open', $1, 'matter', 'express', '2021-03-01T01:00:00Z', '2021-03-02T01:00:00Z', 'appraisal', 3, $2, 1),
              ('late-2', 'open', $1, 'matter', NULL, '2021-03-01T01:00:00Z', $3, NULL, NULL, '[]', 0)`,
      [DEPARTMENT, JSON.stringify([step]), due],
    );
    const { body } = await ask('/v1/work-dossiers?kind=matter&state=open&limit=200', { key: 'department' });
    expect(body.items.find(({ id }) => id === 'late-1')).toEqual({
      id: 'late-1',
      unit: DEPARTMENT,
      kind: 'matter',
      urgency: 'express',
      state: 'open',
      openedAt: '2021-03-01T01:00:00.000Z',
      dueAt: '2021-03-02T01:00:00.000Z',
      closedAt: null,
      process: { id: 'appraisal', version: 3 },
      expected: [step],
      overdue: true,
      finding: null,
    });
    expect(body.items.find(({ id }) => id === 'late-2')).toMatchObject({ dueAt: due, overdue: false, urgency: null, process: null });
    expect(Date.parse(body.asOf)).toBeGreaterThan(Date.parse('2021-03-02T01:00:00Z'));
  });

  it('keeps its place while others write', async () => {
    const before = await expected(`unit = '${WARD}'`);
    let written = 0;
    const items = await walk('limit=20', 'ward', async () => {
      // Before, at and behind every place, with a term and without.
      written += 1;
      await sql.query(
        `INSERT INTO work_dossier (id, state, unit, kind, due_at)
         SELECT 'late-' || $2::int || '-' || n, 'open', $1, 'procedure', CASE WHEN n < 9 THEN timestamptz '2021-01-15T10:00:00Z' + make_interval(days => n * 30) END
           FROM generate_series(0, 9) AS n`,
        [WARD, written],
      );
    });
    expect(written).toBeGreaterThan(10);
    const seen = idsOf(items);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => !id.startsWith('late-'))).toEqual(before);
    // What was written behind the place that the reader had reached is met on the way.
    expect(seen.filter((id) => id.endsWith('-8')).length).toBeGreaterThan(written / 2);
    const last = (await expected(`unit = '${WARD}'`)).filter((id) => seen.includes(id));
    expect(seen).toEqual(last);
  });

  it('shows a key the units that it speaks for, and no other', async () => {
    const unitsOf = async (key: string, query = ''): Promise<Set<string | null>> =>
      new Set((await walk(`state=open&limit=200${query}`, key)).map(({ unit }) => unit));
    expect(await unitsOf('ward')).toEqual(new Set([WARD]));
    expect(await unitsOf('ward', `&unit=${CITY}`)).toEqual(new Set([WARD]));
    const city = await unitsOf('city');
    expect(city.size).toBeGreaterThan(48);
    expect(city).not.toContain('nobody-knows');
    expect(await unitsOf('city', `&unit=${DEPARTMENT}`)).toEqual(new Set([DEPARTMENT]));
    expect((await ask('/v1/work-dossiers', { key: 'none' })).body).toMatchObject({ items: [], next: null });
    expect(await ask(`/v1/work-dossiers?unit=${DEPARTMENT}`, { key: 'ward' })).toMatchObject({
      status: 403,
      body: { code: 'producer.not-for-unit', field: 'unit' },
    });
  });

  it('gives a cursor of one key nothing more with another', async () => {
    const { body } = await ask('/v1/work-dossiers?state=open', { key: 'city' });
    const { body: page } = await ask(body.next!, { key: 'ward' });
    expect(new Set(page.items.map(({ unit }) => unit))).toEqual(new Set([WARD]));
  });

  it('shows what no unit is known of to an operator, by name of the finding, and to no key', async () => {
    await sql.query(
      `INSERT INTO work_dossier (id, state, unit, kind, due_at)
       VALUES ('late-none-1', 'open', NULL, 'matter', '2021-02-01T09:00:00Z'), ('late-none-2', 'closed', NULL, NULL, '2021-02-01T09:30:00Z'),
              ('late-none-3', 'open', NULL, NULL, NULL), ('late-none-4', 'unopened', NULL, NULL, NULL)`,
    );
    const first = (await ask('/v1/work-dossiers?limit=3', { from: '127.0.0.1' })).body;
    expect(first.items.slice(0, 2)).toMatchObject([
      { id: 'late-none-1', unit: null, kind: 'matter', overdue: true, finding: { code: 'work-dossier.no-unit' } },
      { id: 'late-none-2', unit: null, kind: null, finding: { vi: expect.stringContaining('đơn vị chủ trì') } },
    ]);
    expect(first.items[2]).toMatchObject({ finding: null, unit: expect.any(String) });
    const seen: string[] = [];
    for (let next: string | null = '/v1/work-dossiers?state=open&limit=200'; next !== null;) {
      const { body } = await ask(next, { from: '127.0.0.1' });
      seen.push(...body.items.map(({ id }) => id));
      next = body.next;
    }
    expect(seen).toEqual(await expected(`state = 'open'`));
    expect(seen).toContain('late-none-3');
    // Whoever asks for a unit asks for no other, and a key of everything is still a producer's.
    expect((await ask(`/v1/work-dossiers?unit=${CITY}&limit=3`, { from: '127.0.0.1' })).body.items.map(({ unit }) => unit)).not.toContain(
      null,
    );
    expect((await walk('state=open&limit=200', 'all')).map(({ unit }) => unit)).not.toContain(null);
  });

  it('lets an operator see all, and nobody without a key', async () => {
    expect((await ask('/v1/work-dossiers?kind=matter', { from: '127.0.0.1' })).body.items).toHaveLength(50);
    for (const stranger of [
      {},
      { key: 'a-wrong-key' },
      { key: 'a-wrong-key', from: '127.0.0.1' },
      { from: '127.0.0.1', headers: { 'x-forwarded-for': '10.1.1.1' } },
    ]) {
      const { status, body } = await ask('/v1/work-dossiers', stranger);
      expect({ stranger, status, code: body.code }).toEqual({ stranger, status: 401, code: 'producer.unknown-key' });
      expect(body.titleVi).toContain('khóa');
    }
  });

  it('refuses a cursor in which anything was changed, and wrong parameters by name', async () => {
    const { body } = await ask('/v1/work-dossiers?limit=5', { key: 'ward' });
    const [, after = ''] = /after=(.+)$/.exec(body.next!)!;
    const other = after.slice(0, 10) + (after[10] === 'A' ? 'B' : 'A') + after.slice(11);
    for (const [query, field] of [
      [`limit=5&after=${other}`, 'after'],
      [`limit=5&state=open&after=${after}`, 'after'],
      ['state=lost', 'state'],
      ['due-before=yesterday', 'due-before'],
      ['unit=atlantis', 'unit'],
      ['offset=100', 'offset'],
      ['state=open&state=closed', 'state'],
    ] as const) {
      const answer = await ask(`/v1/work-dossiers?${query}`, { key: 'ward' });
      expect({ query, status: answer.status, field: answer.body.field }).toEqual({ query, status: 400, field });
      expect(JSON.stringify(answer.body)).not.toContain('stack');
    }
  });

  it('reads along the index, and little more than the page', async () => {
    const units = app
      .get(OrganisationRegister)
      .current()
      .units()
      .map(({ id }) => id);
    const limit = 51;
    const far = '2021-05-01T10:00:00Z';
    for (const [text, values] of [
      [DUE_ROWS, [units, ['open', 'closed'], EVERY_KIND, '-infinity', '', 'infinity', limit]],
      [DUE_ROWS, [units, ['open', 'closed'], EVERY_KIND, far, 'W-5', 'infinity', limit]],
      [DUE_ROWS, [[WARD], ['closed'], EVERY_KIND, far, 'W-5', '2021-08-01T00:00:00Z', limit]],
      [ROWS_WITHOUT_TERM, [units, ['open', 'closed'], EVERY_KIND, 'W-5', limit]],
      [DUE_ROWS_OF_ANY_UNIT, [[...units, null], ['open', 'closed'], EVERY_KIND, far, 'W-5', 'infinity', limit]],
      [ROWS_WITHOUT_TERM_OF_ANY_UNIT, [[...units, null], ['open', 'closed'], EVERY_KIND, 'W-5', limit]],
    ] as const) {
      const [row] = await sql.transaction(async (tx) => {
        tx.send(PLAN_BY_INDEX);
        return tx.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
      }, 'key');
      const nodes = nodesOf(row!['QUERY PLAN'][0].Plan).filter((node) => node['Relation Name'] === 'work_dossier');
      expect(nodes.map((node) => node['Node Type']).filter((type) => type !== 'Index Only Scan' && type !== 'Index Scan')).toEqual([]);
      expect(nodes.length).toBe(values[0].some((unit) => unit === null) ? 9 : 5);
      const stretches = values[0].length * values[1].length * values[2].length;
      const read = nodes.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
      expect(read).toBeLessThan(stretches + limit * (values.length === 7 && stretches > limit ? 10 : limit));
    }
  });
});

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
