import type { Language } from './language.ts';

/** What every command gets beside its own options. */
export interface Terminal {
  language: Language;
  /** Results: standard output. */
  print(text: string): void;
  /** Progress and notes: standard error, so that `--json` can be piped. */
  note(text: string): void;
}
