import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FigureRow, type ProducerEvent } from '@par/contracts';
import { differencesOf, linesOfIndependent, linesOfProduct, rowsWithoutClock, withoutClock } from './demo-year-comparison.ts';
import { identityOf, isUnitEvent, postShuffled, shuffled } from './demo-year-posting.ts';
import { IndependentFigures } from './independent-figures.ts';
import { SpecCity } from './spec-city.ts';

const CITY = 'hue';
const DOSSIERS = 1_200;
const MONTHS = Array.from({ length: 12 }, (_, n) => `2021-${String(n + 1).padStart(2, '0')}`);

/**
 * A year of Huế, every event of it shuffled and a tenth of them twice, through the real services: the figures are those of a second calculation that shares
 * no code with the product, and another order in other batches gives the same figures to the byte.
 */
describe('a made-up year of Huế', () => {
  let folder: string;
  let city: SpecCity;
  let events: ProducerEvent[];
  let independent: IndependentFigures;
  let table: string;
  let rows: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'par-demo-year-'));
    city = await SpecCity.start({ 'index-scoring': 2, 'dossier-intake': 2 });
    const file = join(folder, 'year.ndjson');
    const made = await city.par(['demo', '--year', '2021', '--dossiers', String(DOSSIERS), '--seed', '7', '--out', file, '--json']);
    expect(made).toMatchObject({ code: 0 });
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength((JSON.parse(made.stdout) as { events: number }).events);
    events = lines.map((line) => JSON.parse(line) as ProducerEvent);
    independent = new IndependentFigures(events);
  }, 240_000);

  afterAll(async () => {
    await city?.stop();
    await rm(folder, { recursive: true });
  }, 60_000);

  async function figures(period: string): Promise<{ table: string; json: string }> {
    const address = city.addresses('index-scoring');
    const [text, json] = [
      await city.par(['figures', '--period', period, '--lang', 'en', ...address]),
      await city.par(['figures', '--period', period, '--json', ...address]),
    ];
    expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, '', 0, '']);
    return { table: withoutClock(text.stdout), json: rowsWithoutClock(json.stdout) };
  }

  const differences = (product: readonly FigureRow[], period: string): string[] =>
    differencesOf(linesOfProduct(product, CITY), linesOfIndependent(independent.rows(period), CITY));

  it('is counted alike by the second calculation in whatever order it reads it', () => {
    const again = new IndependentFigures(shuffled([...events, ...events.slice(0, 500)], 3));
    expect(linesOfIndependent(again.rows('2021'), CITY)).toEqual(linesOfIndependent(independent.rows('2021'), CITY));
  });

  it('is taken in shuffled, in odd batches and a tenth of it twice: each event once', async () => {
    const results = await postShuffled(city, events, { seed: 11, twice: 0.1, batches: [1, 97, 13, 150, 41, 7, 203] });
    const distinct = new Set(events.filter((event) => !isUnitEvent(event)).map(identityOf)).size;
    expect(results).toEqual({ posted: results.posted, accepted: distinct, duplicate: results.posted! - distinct });
  }, 300_000);

  it('balances', async () => {
    const audit = await city.audit(300);
    expect(audit).toMatchObject({ code: 0 });
  }, 330_000);

  it('has the figures of the second calculation, for every indicator, rule and unit', async () => {
    ({ table, json: rows } = await figures('2021'));
    const product = JSON.parse(rows) as FigureRow[];
    expect(differences(product, '2021')).toEqual([]);
    // So that two empty lists are not taken for agreement.
    expect(new Set(independent.rows('2021').map(({ indicator }) => indicator)).size).toBe(22);
    expect(linesOfProduct(product, CITY).length).toBeGreaterThan(1_200);
  }, 120_000);

  it('has them for every month too', async () => {
    const found: Record<string, string[]> = {};
    for (const month of MONTHS) {
      const product = await city.get<FigureRow[]>('index-scoring', `/v1/figures?period=${month}`);
      const differing = differences(product, month);
      if (differing.length > 0) found[month] = differing;
    }
    expect(found).toEqual({});
  }, 120_000);

  it('shows no finding of any document, and gives each number that was asked for once', async () => {
    const documents = new Set(events.filter(({ type }) => type.startsWith('vn.par.document.')).map(({ subject }) => subject));
    const found: string[] = [];
    const given = new Set<string>();
    for (const id of documents) {
      const { findings, registers } = await city.get<{
        findings: { code: string }[];
        registers: { unit: string; direction: string; register: string; year: number; number: number }[];
      }>('edocument-workflow', `/v1/documents/${encodeURIComponent(id)}`);
      found.push(...findings.map(({ code }) => `${id} ${code}`));
      for (const { unit, direction, register, year, number } of registers) given.add(`${unit} ${direction} ${register} ${year} ${number}`);
    }
    expect(found).toEqual([]);
    expect(documents.size).toBeGreaterThan(30);
    const asked = events.filter(({ type, data }) => /\.document\.(numbered|registered)\./.test(type) && !('number' in data));
    expect(given.size).toBe(asked.length);
  }, 120_000);

  it('is known already when par demo posts it itself', async () => {
    const services = city.addresses('dossier-intake', 'edocument-workflow', 'index-scoring');
    const outcome = await city.par(['demo', '--dossiers', String(DOSSIERS), '--seed', '7', '--json', '--key', city.key, ...services]);
    expect(outcome).toMatchObject({ code: 0 });
    const counts = { events: events.length, posted: events.length, accepted: 0, duplicate: events.length, conflict: 0, refused: 0 };
    expect(JSON.parse(outcome.stdout)).toMatchObject({ year: 2021, dossiers: DOSSIERS, seed: 7, ...counts, settled: true });
    expect((await figures('2021')).json).toBe(rows);
  }, 180_000);

  describe('in another order and other batches', () => {
    let again: { table: string; json: string };

    beforeAll(async () => {
      await city.stop();
      city = await SpecCity.start({ 'index-scoring': 1, 'edocument-workflow': 2 });
      await postShuffled(city, events, { seed: 4_242, twice: 0, batches: [250, 3, 88, 500, 19] });
      expect(await city.audit(300)).toMatchObject({ code: 0 });
      again = await figures('2021');
    }, 600_000);

    it('has the same table of figures to the byte', () => {
      expect(again.table).toBe(table);
    });

    it('has the same rows to the byte, the event that was counted last with them', () => {
      expect(again.json).toBe(rows);
    });
  });
});
