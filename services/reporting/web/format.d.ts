/** Types of `format.js`, which browsers load as it is. */
export function wholeNumber(value: number, language: string): string;
export function percent(numerator: number, denominator: number, language: string): string | undefined;
export function targetText(target: { op: '>=' | '>' | '='; value: number } | null, language: string): string | undefined;
export function age(seconds: number, language: string): string;
export function dateAndTime(iso: string, timeZone: string, language: string): string;
export function plainDate(day: string, language: string): string;
