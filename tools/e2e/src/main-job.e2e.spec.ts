import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FormAnswer, type FormRow } from '@par/administration';
import { CHECKOUT } from '@par/infrastructure';
import { parse } from 'csv-parse/sync';
import { SpecCity } from './spec-city.ts';

const LOG = join(CHECKOUT, '../shared/data/receipt.csv');
const MAPPING = join(CHECKOUT, 'tools/cli/mappings/coselog.yaml');

interface Row {
  indicator: string;
  rule: string;
  unit: string;
  numerator: number;
  denominator: number;
  value: number | null;
  state: string;
}

/** The main job of the product on a real municipal log: 1,434 cases, 8,577 activities. */
describe('a real dossier log, through three services to live figures', () => {
  let city: SpecCity;

  beforeAll(async () => {
    city = await SpecCity.start();
  }, 180_000);

  afterAll(() => city?.stop(), 60_000);

  const importLog = (): ReturnType<SpecCity['par']> =>
    city.par([
      'import',
      LOG,
      '--mapping',
      MAPPING,
      '--json',
      '--key',
      city.key,
      ...city.addresses('dossier-intake', 'edocument-workflow', 'index-scoring'),
    ]);

  async function figures(period: string): Promise<Row[]> {
    const outcome = await city.par(['figures', '--period', period, '--json', ...city.addresses('index-scoring')]);
    expect(outcome).toMatchObject({ code: 0 });
    return JSON.parse(outcome.stdout) as Row[];
  }

  const total = (rows: readonly Row[], indicator: string, rule: string): (number | null | string)[] => {
    const row = rows.find((each) => each.unit === 'coselog-city' && each.indicator === indicator && each.rule === rule)!;
    return [row.numerator, row.denominator, row.state];
  };

  it('imports every event', async () => {
    const outcome = await importLog();
    expect(outcome).toMatchObject({ code: 0 });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      cases: 1_434,
      rows: 8_577,
      accepted: 14_002,
      duplicate: 0,
      conflict: 0,
      refused: 0,
      settled: true,
    });
  }, 240_000);

  it('gives the checked figures', async () => {
    const all = await figures('all');
    expect(total(all, 'G4-ONLINE', 'received-online')).toEqual([1_271, 1_434, 'met']);
    expect(total(all, 'G1-ONTIME', 'due-date')).toEqual([940, 1_329, 'monitor']);
    expect(total(all, 'G6-WORK-CITY', 'every-step-on-network')).toEqual([125, 1_329, 'not-met']);
    expect(total(all, 'G6-WORK-WARD', 'every-step-on-network')).toEqual([0, 0, 'no-data']);
    expect(total(all, 'G4-ONLINE', 'of-online-procedures')).toEqual([0, 0, 'no-data']);
    expect(total(all, 'G6-NET-DOSSIER', 'every-message-on-tslcd')).toEqual([1_329, 1_329, 'monitor']);
    expect(all.filter(({ denominator }) => denominator === 0).every(({ value, state }) => value === null && state === 'no-data')).toBe(
      true,
    );
    const year = await figures('2011');
    expect(total(year, 'G6-WORK-CITY', 'every-step-on-network')).toEqual([111, 1_164, 'not-met']);
    const quarters = await Promise.all([1, 2, 3, 4].map((quarter) => figures(`2011-Q${quarter}`)));
    const sum = quarters.reduce((so, rows) => so + Number(total(rows, 'G1-ONTIME', 'due-date')[1]), 0);
    expect(sum).toBe(1_164);
  }, 60_000);

  it('fills form II.06a with what a count of the log itself gives', async () => {
    const outcome = await city.par([
      'form',
      'ii-06a',
      '--year',
      '2011',
      '--city',
      'coselog-city',
      '--json',
      ...city.addresses('index-scoring'),
    ]);
    expect(outcome).toMatchObject({ code: 0 });
    const [form] = (JSON.parse(outcome.stdout) as FormAnswer).cities;
    expect(form).toMatchObject({ identities: [], beside: [], notes: { receiptNotKnown: 0, intakeRefused: 0 } });
    const columns = ({ received, done, inProcess }: FormRow): Record<string, number> => ({
      online: received.online,
      direct: received.direct,
      carriedOver: received.carriedOver,
      early: done.early,
      onTime: done.onTime,
      late: done.late,
      doneNoDue: done.unclassified.count,
      inTerm: inProcess.inTerm,
      overdue: inProcess.overdue,
      openNoDue: inProcess.unclassified.count,
    });
    const counted = countLogOf2011();
    expect(Object.fromEntries(form!.rows.map((row) => [row.unit, columns(row)]))).toEqual(counted);
    const sum = Object.values(columns(form!.total)).reduce((total, count) => total + count, 0);
    expect(sum).toBe(2 * form!.total.received.total);
    expect(form!.total.received.total).toBe(form!.total.done.total + form!.total.inProcess.total);
  }, 60_000);

  it('names the dossiers behind a figure, page by page', async () => {
    const subjects: string[] = [];
    let after = '';
    do {
      const page = await city.get<{ items: { subject: string; reasons: string[] }[]; next: string | null }>(
        'index-scoring',
        `/v1/figures/G1-ONTIME.due-date.coselog-city.all/why?part=rest&limit=100&after=${encodeURIComponent(after)}`,
      );
      expect(page.items.every(({ reasons }) => reasons.includes('finished-after-due'))).toBe(true);
      subjects.push(...page.items.map(({ subject }) => subject));
      after = page.next ?? '';
    } while (after !== '');
    expect(new Set(subjects).size).toBe(389);
  });

  it('balances', async () => {
    const audit = await city.audit();
    expect(audit).toMatchObject({ code: 0 });
  }, 90_000);

  it('moves no figure when it is imported again', async () => {
    const before = await figures('all');
    const outcome = await importLog();
    expect(outcome).toMatchObject({ code: 0 });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ accepted: 0, duplicate: 14_002, conflict: 0, refused: 0 });
    const withoutClock = (rows: Row[]): unknown[] => rows.map((row) => ({ ...row, cutOff: '', freshness: '' }));
    expect(withoutClock(await figures('all'))).toEqual(withoutClock(before));
    expect(await city.audit()).toMatchObject({ code: 0 });
  }, 240_000);

  it('shows the same figures in the reporting service, which knows only what was published', async () => {
    const published = await city.get<Row[]>('reporting', '/v1/figures?period=2011');
    // States of a year that is over are published now and then; what is counted by month is compared here.
    const { indicators } = await city.get<{ indicators: { id: string; kind: string }[] }>('reporting', '/v1/catalogue');
    const counted = new Set(indicators.filter(({ kind }) => kind === 'count').map(({ id }) => id));
    const pick = (rows: Row[]): string[] =>
      rows
        .filter(({ unit, indicator }) => unit.startsWith('coselog') && counted.has(indicator))
        .map((row) => `${row.indicator} ${row.rule} ${row.unit} ${row.numerator}/${row.denominator} ${row.state}`)
        .sort();
    const scored = pick(await figures('2011'));
    const reported = pick(published);
    expect(scored.length).toBeGreaterThan(10);
    expect(reported).toEqual(scored);
  });

  it('says by name what somebody changed behind its back', async () => {
    await city.sql(
      'index-scoring',
      `UPDATE counter SET numerator = numerator + 1 WHERE indicator = 'G1-ONTIME' AND unit = 'coselog-general' AND month = '2011-03'`,
    );
    const audit = await city.audit(5);
    expect(audit.code).toBe(1);
    expect(audit.stdout).toContain('G1-ONTIME.due-date.coselog-general.2011-03');
  }, 60_000);
});

/** Form II.06a of 2011 counted from the rows of the log, with none of the product's code: the meaning of the mapping told a second time. */
function countLogOf2011(): Record<string, Record<string, number>> {
  const rows = parse<Record<string, string>>(readFileSync(LOG), { columns: true, bom: true });
  const cases = new Map(rows.map((row) => [row['case:concept:name']!, row]));
  const units: Record<string, string> = {
    General: 'coselog-general',
    'Customer contact': 'coselog-customer-contact',
    Experts: 'coselog-experts',
  };
  // The log tells offsets; the city's year begins and ends at midnight of Amsterdam, an hour before that of UTC.
  const instant = (text: string | undefined): number | undefined => (text ? Math.floor(Date.parse(text.replace(' ', 'T'))) : undefined);
  const dayInAmsterdam = (at: number): string => new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' });
  const start = Date.parse('2010-12-31T23:00:00Z');
  const end = Date.parse('2011-12-31T23:00:00Z');
  const table: Record<string, Record<string, number>> = {};
  for (const row of cases.values()) {
    const received = instant(row['case:startdate'])!;
    const ended = instant(row['case:enddate']);
    const due = instant(row['case:enddate_planned']);
    if (received >= end || (ended !== undefined && ended < start)) continue;
    const columns = (table[units[row['case:department']!]!] ??= {
      ...{ online: 0, direct: 0, carriedOver: 0, early: 0, onTime: 0, late: 0, doneNoDue: 0, inTerm: 0, overdue: 0, openNoDue: 0 },
    });
    const isOnline = ['Internet', 'e-mail'].includes(row['case:channel']!);
    columns[received < start ? 'carriedOver' : isOnline ? 'online' : 'direct']!++;
    if (ended === undefined || ended >= end) columns[due === undefined ? 'openNoDue' : due < end ? 'overdue' : 'inTerm']!++;
    else if (due === undefined) columns.doneNoDue!++;
    else if (dayInAmsterdam(ended) < dayInAmsterdam(due)) columns.early!++;
    else columns[ended <= due ? 'onTime' : 'late']!++;
  }
  return table;
}
