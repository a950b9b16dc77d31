export interface Column {
  title: string;
  align?: 'left' | 'right';
}

/** A plain table with a rule below its titles; a cell's width is its number of characters. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map((column) => column.title), ...rows].map((row) => row.map((cell) => cell.normalize('NFC')));
  const widths = columns.map((_column, index) => Math.max(...cells.map((row) => [...(row[index] ?? '')].length)));
  const lines = cells.map((row) =>
    columns
      .map((column, index) => {
        const cell = row[index] ?? '';
        const gap = ' '.repeat(widths[index]! - [...cell].length);
        return column.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.join('\n');
}
