/**
 * Text that does not change the order of what surrounds it, in whatever direction it is written: as
 * `<bdi>` does, where no elements are possible.
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
