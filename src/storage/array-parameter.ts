/**
 * An array parameter of numbers or instants as PostgreSQL writes it. Nothing
 * in those needs quoting, and pg's own way with arrays costs as much time for
 * a thousand pings as a third of their insertion.
 */
export function arrayParameter(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}
