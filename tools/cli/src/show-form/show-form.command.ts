import { writeFile } from 'node:fs/promises';
import { type FormAnswer, formCsv } from '@par/administration';
import { Mistake } from '../mistake.ts';
import { RunningCity } from '../running-city.ts';
import { getJson, reasonOf } from '../service-client.ts';
import { periodOf } from '../show-figures/show-figures.command.ts';
import type { Terminal } from '../terminal.ts';
import { formText } from './form-text.ts';

export interface FormOptions {
  year?: string;
  period?: string;
  unit?: string;
  city?: string;
  scoring?: string;
  json?: boolean;
  csv?: string;
  xlsx?: string;
}

/** `par form ii-06a`: exit 1 where an identity of the form fails. */
export async function showForm(options: FormOptions, terminal: Terminal): Promise<number> {
  const query = new URLSearchParams();
  const period = periodOf(options);
  if (period !== undefined) query.set('period', period);
  if (options.unit !== undefined) query.set('unit', options.unit);
  if (options.city !== undefined) query.set('city', options.city);
  const url = new RunningCity().url('index-scoring', options.scoring);
  const answer = await getJson<FormAnswer>('index-scoring', url, `/v1/forms/ii-06a?${query.toString()}`);
  if (options.csv !== undefined) await write(options.csv, formCsv(answer), terminal);
  if (options.xlsx !== undefined) {
    const { formWorkbook } = await import('./form-workbook.ts');
    await write(options.xlsx, await formWorkbook(answer), terminal);
  }
  terminal.print(options.json ? JSON.stringify(answer, null, 2) : formText(answer, terminal.language));
  return answer.cities.every(({ identities }) => identities.length === 0) ? 0 : 1;
}

async function write(file: string, content: string | Uint8Array, terminal: Terminal): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new Mistake('form.not-written', {
      en: `${file} cannot be written (${reasonOf(error)})`,
      vi: `không ghi được tệp ${file} (${reasonOf(error)})`,
    });
  }
  terminal.note(terminal.language === 'vi' ? `Đã ghi ${file}` : `Wrote ${file}`);
}
