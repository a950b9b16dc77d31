import { Failure, OperationalError } from '@par/service-kit';

/** What becomes of a message that did not go through: the closed vocabulary of the one acknowledgement policy. */
export type Verdict = { kind: 'dead-letter'; code: string } | { kind: 'retry-later'; code: string; delaySeconds: number; attempt: number };

/** An operational error is tried for about an hour in all, a bug three times. */
export const MAX_OPERATIONAL_ATTEMPTS = 15;
export const MAX_BUG_ATTEMPTS = 3;
const MAX_DELAY_SECONDS = 600;

/**
 * Decides on a message after `attempt` earlier retries. Failure: dead letter now. OperationalError: retry with doubling delay from 1 s to
 * 10 min. Anything else is a bug: few retries, then dead letter.
 */
export function judge(error: unknown, attempt: number): Verdict {
  if (error instanceof Failure) return { kind: 'dead-letter', code: error.code };
  const code = error instanceof OperationalError ? error.code : 'service.bug';
  const limit = error instanceof OperationalError ? MAX_OPERATIONAL_ATTEMPTS : MAX_BUG_ATTEMPTS;
  if (attempt >= limit) return { kind: 'dead-letter', code };
  return { kind: 'retry-later', code, delaySeconds: Math.min(2 ** attempt, MAX_DELAY_SECONDS), attempt: attempt + 1 };
}
