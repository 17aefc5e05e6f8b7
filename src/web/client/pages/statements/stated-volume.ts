const FORMAT = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 6,
  maximumFractionDigits: 6,
});

/** A volume in barrels with the six decimals that a statement has. */
export function statedVolume(volume: number): string {
  return FORMAT.format(volume);
}
