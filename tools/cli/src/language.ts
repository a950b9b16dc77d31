import type { Bilingual } from '@par/service-kit';

export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language asked for by `--lang`, else by PAR_LANG, else by the locale of the terminal, else English. */
export function chosenLanguage(asked: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  const wish = asked ?? env.PAR_LANG ?? env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '';
  return wish.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}

/** Both languages, the chosen one first: for what must not be misunderstood. */
export function inBoth(text: Bilingual, first: Language): string {
  return first === 'vi' ? `${text.vi}\n${text.en}` : `${text.en}\n${text.vi}`;
}

/** A number for people: at most two decimals, in the way of the language. */
export function numberText(value: number, language: Language): string {
  return new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 2 }).format(value);
}
