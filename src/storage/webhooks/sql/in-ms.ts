/** The SQL of an instant in milliseconds since 1970, as a double. */
export function inMs(instant: string): string {
  return `round(date_part('epoch', ${instant}) * 1000)::float8`;
}
