import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { validateData } from '@par/contracts';
import { readRows } from '../read-table/read-rows.ts';
import type { Row } from '../read-table/table.ts';
import { RowMapper, type OutgoingEvent } from './map-rows.ts';
import { parseMapping } from './read-mapping.ts';

const coselog = parseMapping(readFileSync(new URL('../../mappings/coselog.yaml', import.meta.url), 'utf8'), 'coselog.yaml');

const ROW: Row = {
  'case:channel': 'e-mail',
  'case:concept:name': 'case-1',
  'case:department': 'Experts',
  'case:enddate': '2011-11-30 10:00:00.000000+01:00',
  'case:enddate_planned': '2011-12-06 13:41:31.788000+01:00',
  'case:startdate': '2011-10-11 13:42:22.688000+02:00',
  'concept:instance': 'task-7',
  'concept:name': 'T05 Print and send confirmation of receipt',
  'org:resource': 'Resource21',
  'time:timestamp': '2011-10-11 13:45:40.276000+02:00',
};

describe('RowMapper with the CoSeLoG mapping', () => {
  it('makes the events of the case at its first row and a step at every row', () => {
    const mapper = new RowMapper(coselog);
    const { events, faults } = mapper.map(ROW);
    expect(faults).toEqual([]);
    expect(events.map(({ id, type, time }) => [id, type, time])).toEqual([
      ['case-1/received', 'vn.par.dossier.received.v1', '2011-10-11T11:42:22.688Z'],
      ['case-1/result-ready', 'vn.par.dossier.result-ready.v1', '2011-11-30T09:00:00.000Z'],
      ['case-1/returned', 'vn.par.dossier.returned.v1', '2011-11-30T09:00:00.000Z'],
      ['case-1/completed', 'vn.par.work-dossier.completed.v1', '2011-11-30T09:00:00.000Z'],
      ['case-1/step/task-7', 'vn.par.work-dossier.step-taken.v1', '2011-10-11T11:45:40.276Z'],
    ]);
    expect(events[0]).toEqual({
      specversion: '1.0',
      source: 'urn:par:import:coselog',
      id: 'case-1/received',
      type: 'vn.par.dossier.received.v1',
      subject: 'case-1',
      time: '2011-10-11T11:42:22.688Z',
      unit: 'coselog-experts',
      data: { channel: 'online', due: '2011-12-06T12:41:31.788Z' },
    });
    expect(events[4]?.data).toEqual({ step: 'T05 Print and send confirmation of receipt', medium: 'paper', actor: 'Resource21' });

    const second = mapper.map({ ...ROW, 'concept:instance': 'task-8', 'concept:name': 'T02 Check', 'org:resource': '' });
    expect(second.events.map((event) => event.id)).toEqual(['case-1/step/task-8']);
    expect(second.events[0]?.data).toEqual({ step: 'T02 Check', medium: 'network' });
  });

  it('closes nothing where there is no end date', () => {
    const { events } = new RowMapper(coselog).map({ ...ROW, 'case:enddate': '' });
    expect(events.map((event) => event.id)).toEqual(['case-1/received', 'case-1/step/task-7']);
  });

  it('gives the same events each time, so that a second import is all duplicates', () => {
    expect(new RowMapper(coselog).map(ROW)).toEqual(new RowMapper(coselog).map(ROW));
  });

  it.each<[string, Partial<Row>, string, string]>([
    ['a department that no rule knows', { 'case:department': 'Kitchen' }, 'mapping.no-rule-fits', 'case:department'],
    ['a start that is no time', { 'case:startdate': 'soon' }, 'mapping.bad-time', 'case:startdate'],
    ['no start', { 'case:startdate': '' }, 'mapping.empty-column', 'case:startdate'],
    ['no case', { 'case:concept:name': ' ' }, 'mapping.empty-column', 'case:concept:name'],
    ['no step id', { 'concept:instance': '' }, 'mapping.empty-column', 'concept:instance'],
  ])('says what is wrong with a row: %s', (_name, change, code, column) => {
    const { faults } = new RowMapper(coselog).map({ ...ROW, ...change } as Row);
    expect(faults[0]).toMatchObject({ code, column });
  });

  it('drops only the event that cannot be made', () => {
    const { events } = new RowMapper(coselog).map({ ...ROW, 'case:startdate': 'soon' });
    expect(events.map((event) => event.id)).not.toContain('case-1/received');
    expect(events).toHaveLength(4);
  });

  it('does not pass over a row that contradicts its case', () => {
    const mapper = new RowMapper(coselog);
    mapper.map(ROW);
    const { events, faults } = mapper.map({ ...ROW, 'concept:instance': 'task-8', 'case:channel': 'Desk' });
    expect(faults).toMatchObject([{ code: 'mapping.case-differs', column: 'case:channel' }]);
    expect(events.map((event) => event.id)).toEqual(['case-1/step/task-8']);
  });

  it('makes the events of a case alone where it has no step', () => {
    const mapper = new RowMapper(coselog);
    const { events, faults } = mapper.map({ ...ROW, 'concept:instance': '', 'time:timestamp': '' }, { caseOnly: true });
    expect(faults).toEqual([]);
    expect(events.map((event) => event.id)).toEqual(['case-1/received', 'case-1/result-ready', 'case-1/returned', 'case-1/completed']);
  });

  it('reads a date of its own in ISO form whatever the texts of the log look like', () => {
    const { events } = new RowMapper({ ...coselog, timeFormat: 'day-first', timeZone: 'Asia/Ho_Chi_Minh' }).map({
      ...ROW,
      'case:startdate': '2011-10-11 13:42:22',
      'case:enddate_planned': '06/12/2011 13:41',
    });
    expect(events[0]).toMatchObject({ time: '2011-10-11T06:42:22.000Z', data: { due: '2011-12-06T06:41:00.000Z' } });
  });

  it('never reads a value as a template', () => {
    const { events } = new RowMapper(coselog).map({ ...ROW, 'case:concept:name': '{org:resource}$&' });
    expect(events[0]?.id).toBe('{org:resource}$&/received');
  });
});

// The log is public data that stands beside the checkout, in `../shared/data`; the project ships only data that it made itself.
const log = fileURLToPath(new URL('../../../../../shared/data/receipt.csv', import.meta.url));

it('gives the checked counts of the CoSeLoG log', async () => {
  const mapper = new RowMapper(coselog);
  const events: OutgoingEvent[] = [];
  for await (const { row } of readRows(log, { format: 'csv', delimiter: ',', onHeader: () => undefined })) {
    const mapped = mapper.map(row);
    expect(mapped.faults).toEqual([]);
    events.push(...mapped.events);
  }
  const of = (noun: string): OutgoingEvent[] => events.filter((event) => event.type === `vn.par.${noun}.v1`);
  expect(mapper.cases).toBe(1434);
  expect(of('dossier.received')).toHaveLength(1434);
  expect(of('dossier.received').filter((event) => event.data.channel === 'online')).toHaveLength(1271);
  expect(of('work-dossier.step-taken')).toHaveLength(8577);
  expect(of('dossier.result-ready')).toHaveLength(1329);
  expect(of('dossier.returned')).toHaveLength(1329);
  expect(of('work-dossier.completed')).toHaveLength(1329);
  const due = new Map(of('dossier.received').map((event) => [event.subject, String(event.data.due)]));
  expect(of('dossier.result-ready').filter((event) => event.time > due.get(event.subject)!)).toHaveLength(389);
  const onPaper = new Set(of('work-dossier.step-taken').flatMap((event) => (event.data.medium === 'paper' ? [event.subject] : [])));
  expect(of('work-dossier.completed').filter((event) => !onPaper.has(event.subject))).toHaveLength(125);
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  for (const event of events) expect(validateData(event.type, event.data)).toEqual([]);
});
