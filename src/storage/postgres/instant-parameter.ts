/**
 * An instant as a timestamptz parameter. As text: pg writes Dates in the process's own zone, and
 * those of far years wrongly. The end of year 9999 may be given as the instant after it; what lies
 * before year 1 is before all.
 */
export function instantParameter(instant: Date): string {
  const text = instant.toISOString();
  if (text.startsWith('+')) return text.replace(/^\+0*/, '');
  return text.startsWith('-') || text.startsWith('0000') ? '-infinity' : text;
}
