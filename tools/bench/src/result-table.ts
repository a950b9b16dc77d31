import type { Machine } from './machine.ts';
import type { RowResult } from './row.ts';

/** What `--json` writes. */
export interface BenchResult {
  machine: Machine;
  date: string;
  commit: string;
  quick: boolean;
  rows: RowResult[];
}

const HEADS = ['Row', 'Ours', 'p50', 'Bare path', '× bare', 'Stock way', '× stock', 'CPU ms/event', 'WAL B/event', 'Exact'] as const;

/** The table for the terminal: columns in line. */
export function textTable(rows: readonly RowResult[]): string {
  const cells = [[...HEADS], ...rows.map(cellsOf)];
  const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same as Markdown, with machine, date, commit and notes: what stands in docs/performance.md. */
export function markdownTable({ machine, date, commit, quick, rows }: BenchResult): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const { processor, processors, memoryGB, system, node, postgres, rabbitmq, fsync } = machine;
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`- \`${name}\`: ${note}`]));
  return [
    `${processors} × ${processor}, ${memoryGB} GB, ${system}; Node ${node}, PostgreSQL ${postgres} (fsync ${fsync}), RabbitMQ ${rabbitmq}. ` +
      `Commit ${commit}, ${date}.${quick ? ' Quick run: too short for its figures to mean much.' : ''}`,
    '',
    line(HEADS),
    line(HEADS.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(cellsOf(row))),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n');
}

function cellsOf(row: RowResult): string[] {
  const { name, value, unit, p50, ratioToBare, ratioToStock, ways, cpuMsPerEvent, walBytesPerEvent, exact } = row;
  const way = (key: string): string => {
    const found = ways?.[key];
    return found === undefined ? '' : `${numberText(found.value)} ${found.unit}${found.exact === false ? ' (not exact)' : ''}`;
  };
  return [
    name,
    `${numberText(value)} ${unit}`,
    p50 === undefined ? '' : `${numberText(p50)} ${unit}`,
    way('bare'),
    ratioText(ratioToBare),
    way('stock'),
    ratioText(ratioToStock),
    cpuMsPerEvent?.all === undefined ? '' : cpuMsPerEvent.all.toFixed(3),
    walBytesPerEvent === undefined ? '' : numberText(walBytesPerEvent),
    exact === null ? '' : exact ? 'yes' : 'NO',
  ];
}

/** Three digits that count: 12345 → 12,345; 123.4 → 123; 1.234 → 1.23. */
export function numberText(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '' : `${ratio.toFixed(2)} ×`;
}
