import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { Mistake } from '../mistake.ts';
import { openInput, utf8Text } from './input-file.ts';
import type { ReadRow } from './table.ts';

/** Elements that give an attribute of IEEE 1849 a single value. Lists and containers hold several and become no column. */
const SIMPLE = new Set(['string', 'date', 'int', 'float', 'boolean', 'id']);
const COMPOSITE = new Set(['list', 'container']);

/**
 * Streams the events of an XES log (IEEE 1849-2016) as rows: an attribute of the trace is the column `case:<key>`, one of the event `<key>`, as the
 * process-mining tools write the same log as CSV. A trace without events gives one row that speaks of its case alone. Attributes of the log, of
 * attributes, lists and containers are left out; a default of `<global>` is no value of an event. A document type declaration is refused: a log
 * needs none, and it is the door of every attack by XML.
 */
export async function* readXes(file: string): AsyncGenerator<ReadRow> {
  const input = openInput(file);
  const log = new XesLog(file);
  try {
    for await (const text of utf8Text(input, file)) {
      log.write(text);
      for (const { row, line, caseOnly } of log.takeRows()) yield { row, line, bytes: input.bytesRead(), ...(caseOnly && { caseOnly }) };
    }
    log.close();
  } finally {
    input.close();
  }
}

type Columns = Record<string, string>;

class XesLog {
  readonly #parser = new SaxesParser({ xmlns: false, position: true } as const);
  readonly #path: string[] = [];
  #case: Columns = {};
  #event: Columns | undefined;
  #eventsOfCase = 0;
  #rows: { row: Columns; line: number; caseOnly?: true }[] = [];

  constructor(private readonly file: string) {
    this.#parser.on('error', (error) => {
      throw this.#mistake('import.not-xes', {
        en: `is not well-formed XML: ${error.message}`,
        vi: `không phải XML hợp lệ: ${error.message}`,
      });
    });
    this.#parser.on('doctype', () => {
      throw this.#mistake('import.xes-doctype', {
        en: 'has a document type declaration (DOCTYPE); remove it, an XES log needs none',
        vi: 'có khai báo DOCTYPE; hãy xóa khai báo này, nhật ký XES không cần',
      });
    });
    this.#parser.on('opentag', (tag) => this.#open(tag));
    this.#parser.on('closetag', () => this.#closeTag());
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  takeRows(): { row: Columns; line: number; caseOnly?: true }[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #open(tag: SaxesTagPlain): void {
    const name = tag.name.slice(tag.name.indexOf(':') + 1);
    const parent = this.#path.at(-1);
    this.#path.push(name);
    if (parent === undefined) {
      if (name === 'log') return;
      throw this.#mistake('import.not-xes', {
        en: `is not an XES log: its first element is <${name}>, not <log>`,
        vi: `không phải nhật ký XES: phần tử đầu là <${name}>, không phải <log>`,
      });
    }
    if (name === 'trace' && parent === 'log') {
      this.#case = {};
      this.#eventsOfCase = 0;
    } else if (name === 'event' && (parent === 'trace' || parent === 'log')) {
      if (parent === 'log') this.#case = {};
      this.#event = {};
    } else if (parent === 'trace') {
      this.#attribute(this.#case, name, tag.attributes, 'case:');
    } else if (parent === 'event' && this.#event) {
      this.#attribute(this.#event, name, tag.attributes, '');
    }
  }

  #attribute(into: Columns, kind: string, { key, value }: Record<string, string>, prefix: string): void {
    if (COMPOSITE.has(kind)) return;
    if (!SIMPLE.has(kind) || key === undefined || value === undefined) {
      throw this.#mistake('import.not-xes', {
        en: `has <${kind}> where an attribute with key and value must stand`,
        vi: `có <${kind}> ở chỗ phải là thuộc tính có key và value`,
      });
    }
    // IEEE 1849 puts the attributes of a trace before its events; an event that was already passed on would lack this one.
    if (prefix !== '' && this.#eventsOfCase > 0) {
      throw this.#mistake('import.not-xes', {
        en: `has the attribute "${key}" of a trace after its events; the standard puts it before them`,
        vi: `có thuộc tính "${key}" của trace nằm sau các event; theo chuẩn phải đứng trước`,
      });
    }
    const column = prefix + key;
    if (Object.hasOwn(into, column)) {
      throw this.#mistake('import.not-xes', {
        en: `has the attribute "${key}" twice in one ${prefix ? 'trace' : 'event'}`,
        vi: `có thuộc tính "${key}" hai lần trong một ${prefix ? 'trace' : 'event'}`,
      });
    }
    into[column] = value;
  }

  #closeTag(): void {
    const name = this.#path.pop();
    const parent = this.#path.at(-1);
    if (name === 'event' && this.#event && (parent === 'trace' || parent === 'log')) {
      this.#rows.push({ row: { ...this.#case, ...this.#event }, line: this.#parser.line });
      this.#event = undefined;
      this.#eventsOfCase += 1;
    } else if (name === 'trace' && parent === 'log' && this.#eventsOfCase === 0) {
      this.#rows.push({ row: this.#case, line: this.#parser.line, caseOnly: true });
    }
  }

  #mistake(code: string, text: { en: string; vi: string }): Mistake {
    const place = { en: `line ${this.#parser.line} of ${this.file}`, vi: `dòng ${this.#parser.line} của ${this.file}` };
    return new Mistake(code, { en: `${place.en} ${text.en}`, vi: `${place.vi} ${text.vi}` });
  }
}
