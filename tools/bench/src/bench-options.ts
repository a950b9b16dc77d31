import type { Row } from './row.ts';

export interface BenchOptions {
  quick: boolean;
  help: boolean;
  /** Names of rows or results; all where empty. */
  only: string[];
  json?: string;
  markdown?: string;
}

/** Something that the person who typed the command has to put right. */
export class OptionMistake extends Error {
  override readonly name = 'OptionMistake';
}

/** @throws OptionMistake that names what is wrong */
export function readOptions(args: readonly string[], rows: readonly Row[]): BenchOptions {
  const options: BenchOptions = { quick: false, help: false, only: [] };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [name, given] = arg.split(/=(.*)/s) as [string, string?];
    const value = (): string => {
      const text = given ?? left.shift();
      if (text === undefined || text === '' || text.startsWith('--'))
        throw new OptionMistake(`${name} needs a value · ${name} cần một giá trị`);
      return text;
    };
    switch (name) {
      case '--quick':
        options.quick = true;
        break;
      case '--help':
      case '-h':
        options.help = true;
        break;
      case '--only':
        options.only.push(
          ...value()
            .split(',')
            .map((each) => each.trim())
            .filter((each) => each !== ''),
        );
        break;
      case '--json':
        options.json = value();
        break;
      case '--markdown':
        options.markdown = value();
        break;
      default:
        throw new OptionMistake(`npm run bench does not know ${arg} · không có tùy chọn ${arg}`);
    }
  }
  const known = new Set(rows.flatMap(namesOf));
  const unknown = options.only.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new OptionMistake(`there is no row ${unknown.join(', ')} · không có dòng này. Rows: ${[...known].sort().join(', ')}`);
  return options;
}

export function namesOf({ name, gives }: Row): string[] {
  return gives === undefined ? [name] : [name, ...gives];
}

/** Whether a result is asked for: by its own name, by its row's, or because nothing was named. */
export function isWanted(name: string, row: Row, { only }: Pick<BenchOptions, 'only'>): boolean {
  return only.length === 0 || only.includes(name) || only.includes(row.name);
}

export function chosenRows(rows: readonly Row[], options: BenchOptions): Row[] {
  // What is asked for by name is run in a quick run too.
  if (options.only.length > 0) return rows.filter((row) => namesOf(row).some((name) => options.only.includes(name)));
  return rows.filter(({ inQuick = true }) => !options.quick || inQuick);
}

export function helpText(rows: readonly Row[]): string {
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map((row) => {
    const parts = row.gives === undefined ? '' : ` (${row.gives.join(', ')})`;
    return `  ${row.name.padEnd(widest)}  ${row.title}${parts}${row.inQuick === false ? '; not in --quick' : ''}`;
  });
  return [
    'npm run bench -- [--quick] [--only ROW,ROW] [--json FILE] [--markdown FILE]',
    '',
    'Measures PAR Ledger beside the bare path and the stock way on servers of its own. Method: docs/performance.md.',
    'Đo PAR Ledger cạnh đường đi trần và cách làm thông thường, trên máy chủ dữ liệu riêng.',
    '',
    '  --quick          three minutes at most; its figures only show that everything works · chạy thử, dưới ba phút',
    '  --only           these rows only · chỉ các dòng này',
    '  --json FILE      writes { machine, date, commit, rows } · ghi JSON',
    '  --markdown FILE  writes the table for docs/performance.md · ghi bảng Markdown',
    '',
    'Rows · Các dòng:',
    ...lines,
  ].join('\n');
}
