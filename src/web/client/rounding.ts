export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** The difference of two volumes as they are written, so that it is the one that a reader computes. */
export function roundedDifference(after: number, before: number, decimals: number): number {
  return rounded(rounded(after, decimals) - rounded(before, decimals), decimals);
}
