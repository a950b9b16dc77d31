import type { Bilingual } from '@par/service-kit';

/** 1: the answer is no (something differs, was refused). 2: the command could not do its work. */
export type ExitCode = 1 | 2;

/** Something that the person at the terminal can put right: told in words and without a stack trace. */
export class Mistake extends Error {
  constructor(
    readonly code: string,
    readonly text: Bilingual,
    readonly exitCode: ExitCode = 2,
  ) {
    super(`${code}: ${text.en}`);
    this.name = 'Mistake';
  }
}

/** The code by which Node names an error; '' where it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
