import { describe, expect, it } from '@jest/globals';
import { type BenchResult, markdownTable, numberText, textTable } from './result-table.ts';
import type { RowResult } from './row.ts';

const full: RowResult = {
  name: 'full-path-single',
  value: 3210.4,
  unit: 'events/s',
  ratioToBare: 0.8123,
  ratioToStock: 6,
  exact: true,
  cpuMsPerEvent: { intake: 0.1, all: 0.4567 },
  walBytesPerEvent: 812.3,
  ways: { bare: { value: 3952, unit: 'events/s', exact: true }, stock: { value: 535, unit: 'events/s', exact: false } },
  note: 'one event per request',
};
const bareRow: RowResult = { name: 'start-up', value: 23.44, unit: 's', ratioToBare: null, ratioToStock: null, exact: null };
const result: BenchResult = {
  machine: { processor: 'P', processors: 2, memoryGB: 24, system: 'Linux 6', node: 'v20', postgres: '18', rabbitmq: '3.10', fsync: 'on' },
  date: '2026-11-23T00:00:00.000Z',
  commit: 'abc',
  quick: true,
  rows: [full, bareRow],
};

describe('the table of a bench', () => {
  it('says value, ways, ratios, cost and exactness of each row', () => {
    const [, , , , row] = markdownTable(result).split('\n');
    expect(row).toBe(
      '| full-path-single | 3,210 events/s |  | 3,952 events/s | 0.81 × | 535 events/s (not exact) | 6.00 × | 0.457 | 812 | yes |',
    );
  });

  it('leaves empty what was not measured', () => {
    expect(markdownTable(result)).toContain('| start-up | 23.4 s |  |  |  |  |  |  |  |  |');
  });

  it('names the machine, says that a quick run is one, and adds the notes', () => {
    const text = markdownTable(result);
    expect(text).toContain('2 × P, 24 GB');
    expect(text).toContain('Quick run');
    expect(text).toContain('- `full-path-single`: one event per request');
  });

  it('on a terminal has its columns in line', () => {
    const [head, row] = textTable([full, bareRow]).split('\n');
    expect(head!.indexOf('Exact') + 'Exact'.length).toBe(row!.length);
    expect(row!.endsWith('yes')).toBe(true);
  });

  it('says aloud what is not exact', () => {
    expect(textTable([{ ...full, exact: false }])).toMatch(/NO$/);
  });
});

describe('a number', () => {
  it.each([
    [12345.6, '12,346'],
    [123.4, '123'],
    [12.34, '12.3'],
    [1.234, '1.23'],
    [0, '0'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});
