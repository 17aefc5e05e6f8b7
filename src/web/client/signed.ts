/** With its sign; a dash where it is not known. */
export function signed(value: number | undefined, format: (volume: number) => string): string {
  if (value === undefined) return '–';
  const text = format(value);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

const shares = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});

/** A change as a share of what it changes, where that says anything. */
export function percentOf(change: number | undefined, before: number | undefined): string {
  if (change === undefined || !before) return '–';
  const share = change / Math.abs(before);
  return Math.abs(share) >= 10 ? '–' : `${shares.format(share * 100)} %`;
}
