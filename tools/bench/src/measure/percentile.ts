/** Spread of a set of times, in the unit in which they were given. */
export interface Spread {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  largest: number;
}

/**
 * The smallest value that at least the share `p` (0 to 1) of all values do not exceed (nearest rank), so the answer is always one of the values.
 * @throws where there are no values or `p` is out of range.
 */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new Error('no values, no percentile');
  if (!(p > 0 && p <= 1)) throw new Error(`${p} is no share from 0 to 1`);
  // A share like 0.95 × 20 must be rank 19 and not 20 because of the last bit.
  const rank = Math.ceil(Number((p * sorted.length).toFixed(9)));
  return sorted[rank - 1]!;
}

/** Undefined of no values. The values may come in any order. */
export function spreadOf(values: Iterable<number>): Spread | undefined {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return undefined;
  const at = (p: number): number => percentile(sorted, p);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), largest: at(1) };
}
