import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, type SpecDatabase } from '@par/testing';
import pg from 'pg';
import { copyDossiers } from './copied-rows.ts';
import { multiplyCounters, noteCounters } from './multiplied-counters.ts';

/** Tables with a column `subject` that are work in hand and not what is kept of a dossier. */
const IN_HAND = ['recount', 'rebuilt', 'rebuild_dirty'];

let database: SpecDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase('index-scoring');
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`INSERT INTO counter VALUES ('I', 'r', 'u', '2021-03', 1, 5, 7, 1, 's', 'declared', '2021-03-01Z', now())`);
  await client.query(`INSERT INTO ledger (indicator, rule, unit, month, rule_version, numerator_delta, denominator_delta, revision)
                      VALUES ('I', 'r', 'u', '2021-03', 1, 5, 7, 1)`);
  await noteCounters(client);
  await client.query(`INSERT INTO subject (key, events) VALUES ('case:A-1', '[{"id":"A-1/received"}]'), ('declared:x', '[]')`);
  await client.query(`INSERT INTO contribution VALUES ('case:A-1', 0, 'u', '2021-03', '2021-03-02Z', 's', 'A-1/received', ' 1+')`);
  await client.query(`INSERT INTO dossier_fact (subject, city, unit) VALUES ('case:A-1', 'c', 'u')`);
  await client.query(`INSERT INTO finding (subject, code, unit, id) VALUES ('case:A-1', 'x', 'u', 'A-1/received')`);
  await client.query(
    `UPDATE counter SET numerator = 6, denominator = 8, revision = 2, last_id = 'A-1/received', last_time = '2021-03-02Z'`,
  );
  await client.query(`INSERT INTO ledger (indicator, rule, unit, month, rule_version, numerator_delta, denominator_delta, revision)
                      VALUES ('I', 'r', 'u', '2021-03', 1, 1, 1, 2)`);
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

async function column(text: string): Promise<unknown[]> {
  const { rows } = await client.query<{ v: unknown }>(text);
  return rows.map(({ v }) => v);
}

describe('a city made larger row by row', () => {
  it('copies dossiers only, under codes and identities of their own, and no copy of a copy', async () => {
    await copyDossiers(client, 1);
    await copyDossiers(client, 2);
    expect(await column('SELECT key AS v FROM subject ORDER BY key')).toEqual(['case:A-1', 'case:Z001.A-1', 'case:Z002.A-1', 'declared:x']);
    expect(await column(`SELECT events -> 0 ->> 'id' AS v FROM subject WHERE key = 'case:Z002.A-1'`)).toEqual(['Z002.A-1/received']);
    expect(await column(`SELECT decided_id AS v FROM contribution ORDER BY 1`)).toEqual([
      'A-1/received',
      'Z001.A-1/received',
      'Z002.A-1/received',
    ]);
    expect(await column(`SELECT id AS v FROM finding ORDER BY 1`)).toEqual(['A-1/received', 'Z001.A-1/received', 'Z002.A-1/received']);
  });

  it('adds what dossiers gave to the counters, and not what was declared', async () => {
    await multiplyCounters(client, 2);
    const { rows } = await client.query(`SELECT numerator::int, denominator::int, revision::int, last_id FROM counter`);
    expect(rows).toEqual([{ numerator: 8, denominator: 10, revision: 3, last_id: 'Z002.A-1/received' }]);
    expect(await column('SELECT sum(numerator_delta)::int AS v FROM ledger')).toEqual([8]);
    expect(await column('SELECT sum(denominator_delta)::int AS v FROM ledger')).toEqual([10]);
  });

  it('forgets no table that keeps something of a dossier', async () => {
    const tables = await column(
      `SELECT table_name AS v FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'subject' ORDER BY 1`,
    );
    const copied = [];
    for (const table of tables as string[]) {
      if (IN_HAND.includes(table)) continue;
      const [count] = await column(`SELECT count(*)::int AS v FROM ${table} WHERE subject LIKE 'case:Z%'`);
      expect([table, count]).toEqual([table, 2]);
      copied.push(table);
    }
    expect(copied).toEqual(['contribution', 'dossier_fact', 'finding']);
  });
});
