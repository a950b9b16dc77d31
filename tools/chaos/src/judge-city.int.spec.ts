import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createDatabase, type SpecDatabase } from '@par/testing';
import pg from 'pg';
import { judgeRegisters } from './judge-city.ts';

describe('the judgement of the registers', () => {
  let database: SpecDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createDatabase('edocument-workflow');
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(() => pool.query('TRUNCATE register, register_entry'));

  async function keep(numbers: readonly number[], last: number): Promise<void> {
    await pool.query(
      `INSERT INTO register (unit, direction, kind, year, last_number) VALUES ('office', 'incoming', 'cong-van', 2021, $1)`,
      [last],
    );
    await pool.query(
      `INSERT INTO register_entry (unit, direction, kind, year, number, document, source, event_id, allotted_at)
       SELECT 'office', 'incoming', 'cong-van', 2021, n, 'D-' || n, 'urn:spec', 'e-' || n, now() FROM unnest($1::int[]) AS n`,
      [numbers],
    );
  }
  const city = {
    sql: async <R extends pg.QueryResultRow>(_service: string, text: string, values: unknown[] = []): Promise<R[]> =>
      (await pool.query<R>(text, values)).rows,
  };

  it('finds nothing where numbers run from 1 to the last', async () => {
    await keep([1, 2, 3], 3);
    expect(await judgeRegisters(city, 3)).toEqual([]);
  });

  it.each([
    ['a gap', [1, 3], 3],
    ['a beginning above 1', [2, 3], 3],
    ['a last number that nobody has', [1, 2], 3],
    ['a number above the last', [1, 2, 3], 2],
  ])('finds %s', async (_case, numbers, last) => {
    await keep(numbers, last);
    expect((await judgeRegisters(city, numbers.length)).join()).toContain('office incoming cong-van 2021');
  });

  it('finds entries without a register, numbers that were not given, and that nothing was asked for', async () => {
    await keep([1, 2], 2);
    expect((await judgeRegisters(city, 3)).join()).toContain('3 numbers were asked for');
    await pool.query('DELETE FROM register');
    expect(await judgeRegisters(city, 2)).toHaveLength(1);
    await pool.query('DELETE FROM register_entry');
    expect(await judgeRegisters(city, 0)).toHaveLength(1);
  });
});
