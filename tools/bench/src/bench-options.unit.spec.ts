import { describe, expect, it } from '@jest/globals';
import { chosenRows, helpText, isWanted, readOptions } from './bench-options.ts';
import type { Row } from './row.ts';

const row = (name: string, extra: Partial<Row> = {}): Row => ({ name, title: `about ${name}`, run: () => Promise.resolve([]), ...extra });
const ROWS = [row('path', { gives: ['single', 'batch'] }), row('drain'), row('start-up', { inQuick: false })];
const chosen = (...args: string[]): string[] => chosenRows(ROWS, readOptions(args, ROWS)).map(({ name }) => name);

describe('options of the bench', () => {
  it('name what is to be written where', () => {
    expect(readOptions(['--quick', '--json', 'a.json', '--markdown=b.md'], ROWS)).toEqual({
      quick: true,
      help: false,
      only: [],
      json: 'a.json',
      markdown: 'b.md',
    });
  });

  it('choose rows: all, the fast ones, or those named, by the name of a result too', () => {
    expect(chosen()).toEqual(['path', 'drain', 'start-up']);
    expect(chosen('--quick')).toEqual(['path', 'drain']);
    expect(chosen('--only', 'batch,drain')).toEqual(['path', 'drain']);
    expect(chosen('--quick', '--only', 'start-up')).toEqual(['start-up']);
  });

  it('of a row with several results run only those that are asked for', () => {
    const options = readOptions(['--only', 'batch'], ROWS);
    expect(['single', 'batch'].filter((name) => isWanted(name, ROWS[0]!, options))).toEqual(['batch']);
    expect(isWanted('single', ROWS[0]!, readOptions(['--only', 'path'], ROWS))).toBe(true);
    expect(isWanted('single', ROWS[0]!, readOptions([], ROWS))).toBe(true);
  });

  it.each([[['--fast']], [['--json']], [['--json', '--quick']], [['--only', 'nothing']]])('refuse %j', (args) => {
    expect(() => readOptions(args, ROWS)).toThrow();
  });

  it('are explained with every row', () => {
    for (const { name, title } of ROWS) expect(helpText(ROWS)).toMatch(new RegExp(`${name} +${title}`));
  });
});
