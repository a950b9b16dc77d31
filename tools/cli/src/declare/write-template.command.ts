import { writeFile } from 'node:fs/promises';
import { codeOf, Mistake } from '../mistake.ts';
import type { Terminal } from '../terminal.ts';
import { DECLARATION_KINDS } from './declaration-kinds.ts';
import type { KindName } from './kind-names.ts';
import { csvTemplate, xlsxTemplate } from './template.ts';

export interface TemplateOptions {
  kind: KindName;
  /** Ends in .csv or .xlsx; standard output as CSV where absent. */
  out?: string;
}

/** `par template`. A file that is there already is left alone: somebody may have filled it. */
export async function writeTemplate({ kind: name, out }: TemplateOptions, terminal: Terminal): Promise<number> {
  const kind = DECLARATION_KINDS[name];
  if (out === undefined) {
    terminal.print(csvTemplate(kind).trimEnd());
    return 0;
  }
  const ending = out.toLowerCase().split('.').at(-1);
  if (ending !== 'csv' && ending !== 'xlsx') {
    throw new Mistake('option.bad-out', { en: `${out} must end in .csv or .xlsx`, vi: `${out} phải có đuôi .csv hoặc .xlsx` });
  }
  try {
    await writeFile(out, ending === 'csv' ? csvTemplate(kind) : await xlsxTemplate(kind), { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new Mistake('option.file-exists', { en: `${out} is there already`, vi: `${out} đã có sẵn` });
    }
    if (!['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(codeOf(error))) throw error;
    throw new Mistake('option.bad-out', { en: `cannot write ${out} (${codeOf(error)})`, vi: `không ghi được ${out} (${codeOf(error)})` });
  }
  terminal.note(
    terminal.language === 'vi'
      ? `đã ghi ${out}; điền xong thì chạy: par declare ${name} ${out}`
      : `wrote ${out}; when it is filled: par declare ${name} ${out}`,
  );
  return 0;
}
