/**
 * The value that `share` (0..1) of all values do not exceed (nearest rank); undefined for no values.
 * Leaves `values` as it is.
 */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
