/** A time in UTC to the second, as examples have it: `2026-11-23T08:15:00Z`. */
export function isoInstant(at: Date | number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
