/** Types of `words.js`, which browsers load as it is. */
export const LANGUAGES: string[];
export function wordsOf(language: string): Record<string, unknown>;
