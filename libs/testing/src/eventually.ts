export interface Patience {
  timeoutMs?: number;
  everyMs?: number;
}

/**
 * Waits for a condition: calls `check` again and again until it neither throws nor returns `false`, and returns what it returned.
 * @throws the last failure of `check` when the time is over (15 s unless told otherwise).
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 15_000, everyMs = 50 }: Patience = {},
): Promise<Exclude<T, false>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    let failure: Error;
    try {
      const result = await check();
      if (result !== false) return result as Exclude<T, false>;
      failure = new Error(`still false after ${timeoutMs} ms: ${check.toString().slice(0, 300)}`);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    if (Date.now() >= end) throw failure;
    await new Promise((next) => setTimeout(next, everyMs));
  }
}
