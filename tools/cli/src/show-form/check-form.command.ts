import { readFile } from 'node:fs/promises';
import { checkPublished, type PublishedCheck } from '@par/administration';
import { numberText, type Language } from '../language.ts';
import { Mistake } from '../mistake.ts';
import { reasonOf } from '../service-client.ts';
import type { Terminal } from '../terminal.ts';

export interface CheckOptions {
  file: string;
  json?: boolean;
}

/** `par form check`: exit 0 when all adds up, 1 with what does not, 2 where the file has nothing that could be checked. */
export async function checkForm({ file, json }: CheckOptions, terminal: Terminal): Promise<number> {
  const check = checkPublished(await readJson(file));
  if (check.checked + check.findings.length === 0) {
    throw new Mistake('form.nothing-to-check', {
      en: `${file} has no counts that could be held against each other; docs/forms.md says what such a file looks like`,
      vi: `${file} không có số liệu nào đối chiếu được; cấu trúc tệp xem docs/forms.md`,
    });
  }
  terminal.print(json ? JSON.stringify(check, null, 2) : checkText(check, terminal.language));
  return check.findings.length === 0 ? 0 : 1;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Mistake('form.not-read', {
      en: `${file} cannot be read (${reasonOf(error)})`,
      vi: `không đọc được tệp ${file} (${reasonOf(error)})`,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Mistake('form.not-json', { en: `${file} is not JSON (${error.message})`, vi: `${file} không phải JSON (${error.message})` });
  }
}

/** The findings, those of one part of the report together. */
export function checkText({ checked, findings }: PublishedCheck, language: Language): string {
  const vi = language === 'vi';
  const amount = numberText(checked, language);
  if (findings.length === 0) return vi ? `Đã đối chiếu ${amount} phép tính: đều đúng` : `${amount} checks: all adds up`;
  const whole = vi ? 'toàn báo cáo' : 'whole report';
  const blocks = [...new Set(findings.map(({ block }) => block))];
  return [
    ...blocks.flatMap((block) => [
      block === '' ? whole : block,
      ...findings.filter((finding) => finding.block === block).map(({ text }) => `  ${text[language]}`),
    ]),
    vi ? `Đã đối chiếu ${amount} phép tính: ${findings.length} chỗ không khớp` : `${amount} checks: ${findings.length} that do not add up`,
  ].join('\n');
}
