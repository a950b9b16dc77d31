/**
 * Configuration, parsed once at start. Every mistake is collected, and `finish()` refuses to go on with all of them at once.
 */
export class Environment {
  readonly #errors: string[] = [];

  constructor(private readonly env: Record<string, string | undefined> = process.env) {}

  text(name: string, fallback?: string): string {
    const value = this.env[name] ?? fallback;
    if (value === undefined || value === '') {
      if (fallback === undefined) this.#errors.push(`${name} is not set`);
      return fallback ?? '';
    }
    return value;
  }

  integer(name: string, fallback?: number, range: { min?: number; max?: number } = {}): number {
    const text = this.env[name];
    if (text === undefined || text === '') {
      if (fallback === undefined) this.#errors.push(`${name} is not set`);
      return fallback ?? 0;
    }
    const value = Number(text);
    if (!Number.isInteger(value) || value < (range.min ?? -Infinity) || value > (range.max ?? Infinity)) {
      this.#errors.push(
        `${name} must be a whole number${range.min === undefined ? '' : ` from ${range.min}`}${range.max === undefined ? '' : ` to ${range.max}`}, not "${text}"`,
      );
    }
    return value;
  }

  list(name: string, fallback: string[] = []): string[] {
    const text = this.env[name];
    if (text === undefined) return fallback;
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  /** Throws one error that names every mistake found so far. */
  finish(): void {
    if (this.#errors.length > 0) throw new Error(`configuration: ${this.#errors.join('; ')}`);
  }
}
