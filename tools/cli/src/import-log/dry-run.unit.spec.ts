import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { dryRun, type DryRun } from './dry-run.ts';
import { RowMapper, type OutgoingEvent } from './map-rows.ts';
import { organisationEvents } from './organisation-events.ts';
import { parseMapping } from './read-mapping.ts';
import type { LogItem } from './read-log.ts';

const coselog = parseMapping(readFileSync(new URL('../../mappings/coselog.yaml', import.meta.url), 'utf8'), 'coselog.yaml');
const ORGANISATION: LogItem = {
  line: 0,
  faults: [],
  events: organisationEvents(coselog).map((event) => ({ ...event, data: { ...event.data } })),
};
const { events } = new RowMapper(coselog).map({
  'case:channel': 'Post',
  'case:concept:name': 'case-1',
  'case:department': 'General',
  'case:enddate': '',
  'case:enddate_planned': '',
  'case:startdate': '2011-10-11 13:42:22+02:00',
  'concept:instance': 'task-7',
  'concept:name': 'T02 Check',
  'org:resource': '',
  'time:timestamp': '2011-10-11 13:45:40+02:00',
});
const received = events[0]!;

async function* these(items: LogItem[]): AsyncGenerator<LogItem> {
  for (const item of items) yield await Promise.resolve(item);
}

function tried(items: LogItem[], hasOrganisation = true): Promise<DryRun> {
  return dryRun(these(items), { now: new Date('2012-02-01T00:00:00Z'), hasOrganisation });
}

describe('dryRun', () => {
  it('finds nothing in what a door would take', async () => {
    const { report, unitsChecked } = await tried([ORGANISATION, { line: 2, events, faults: [] }]);
    expect([report.clean, unitsChecked]).toEqual([true, true]);
  });

  it.each<[string, Partial<OutgoingEvent>, string, string | undefined]>([
    ['a field of the wrong kind', { data: { channel: 'fax' } }, 'schema.bad-value', 'data.channel'],
    ['a field that is missing', { data: {} }, 'schema.missing-field', 'data.channel'],
    ['a unit that is not known', { unit: 'elsewhere' }, 'unit.unknown', 'unit'],
    ['a unit not yet in force', { time: '2009-01-01T00:00:00Z' }, 'unit.not-in-force', 'unit'],
    ['a code that is none', { subject: 'no code' }, 'dossier.bad-code', 'subject'],
    ['a time to come', { time: '2012-02-01T00:06:00Z' }, 'time.in-the-future', 'time'],
    ['an id with a line end', { id: 'a\nb' }, 'event.bad-characters', 'id'],
    ['a mark of secrecy', { subject: 'TUYỆT MẬT' }, 'secrecy.marked', undefined],
  ])('says as the door would: %s', async (_name, change, code, field) => {
    const { report } = await tried([ORGANISATION, { line: 7, events: [{ ...received, ...change }], faults: [] }]);
    const { refused, causes } = report.counts();
    expect([refused, causes.map((cause) => cause.code)]).toEqual([1, [code]]);
    expect(causes[0]?.examples[0]).toMatchObject({ line: 7, ...(field && { field }) });
    if (code === 'secrecy.marked') expect(JSON.stringify(causes)).not.toMatch(/TUY|case-1/);
  });

  it('names what the mapping could not make, and keeps the first lines of each cause', async () => {
    const fault = { code: 'mapping.bad-time' as const, column: 'x', text: { en: 'x is no time', vi: 'x không phải thời gian' } };
    const rows = Array.from({ length: 5 }, (_, index) => ({ line: index + 2, events: [], faults: [fault] }));
    const { report } = await tried([ORGANISATION, ...rows]);
    expect(report.counts().causes).toMatchObject([
      { code: 'mapping.bad-time', count: 5, examples: [{ line: 2 }, { line: 3 }, { line: 4 }] },
    ]);
  });

  it('leaves units alone where only a city knows them', async () => {
    const { report, unitsChecked } = await tried([{ line: 2, events: [{ ...received, unit: 'elsewhere' }], faults: [] }], false);
    expect([report.clean, unitsChecked]).toEqual([true, false]);
  });
});
