/** A text for people in both languages of the product. */
export interface Bilingual {
  en: string;
  vi: string;
}

/** Expected: the message can never succeed as it is. A consumer dead-letters it at once, with the code. */
export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly text: Bilingual,
    readonly field?: string,
  ) {
    super(`${code}: ${text.en}`);
    this.name = 'Failure';
  }
}

/** Passing trouble: the same message may succeed later. A consumer keeps it in the retry table with back-off. */
export class OperationalError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
    this.name = 'OperationalError';
  }
}

export interface ProblemDescription {
  /** HTTP status. */
  status: number;
  /** Stable code such as `request.not-json`; the `type` of the problem is `urn:par:problem:<code>`. */
  code: string;
  title: Bilingual;
  /** The field of the request that is wrong, as a path. */
  field?: string;
  detail?: Bilingual;
  retryAfterSeconds?: number;
  /** Extension members of the problem document. */
  extra?: Record<string, unknown>;
}

/** Thrown in a controller, answered as `application/problem+json` (RFC 9457) in Vietnamese and English. */
export class Problem extends Error {
  constructor(readonly description: ProblemDescription) {
    super(`${description.code}: ${description.title.en}`);
    this.name = 'Problem';
  }

  toDocument(): Record<string, unknown> {
    const { status, code, title, field, detail, extra } = this.description;
    return {
      type: `urn:par:problem:${code}`,
      title: title.en,
      titleVi: title.vi,
      status,
      code,
      ...(field === undefined ? {} : { field }),
      ...(detail === undefined ? {} : { detail: detail.en, detailVi: detail.vi }),
      ...extra,
    };
  }
}

const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', '53300']);

/** Whether an error says that PostgreSQL cannot be reached or is going down (SQLSTATE classes 08 and 57P, socket errors). */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (AWAY_CODES.has(code) || code.startsWith('08') || code.startsWith('57P')) return true;
  // The client of PostgreSQL says these without a code; the last when it noticed the broken socket before the statement was sent.
  return /connection terminated|timeout exceeded when trying to connect|client was closed|connection ended unexpectedly|not queryable/i.test(
    error.message,
  );
}

/** Whether another transaction was first with a row that this one took to be missing (unique violation). */
export function isOvertaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** Whether PostgreSQL asks to run the same transaction again (deadlock, serialization failure, lock timeout). */
export function isTransactionConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001' || error.code === '55P03');
}
