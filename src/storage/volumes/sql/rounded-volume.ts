/**
 * A volume as the documented API gives it: to 6 decimals of the shortest text that reads back as
 * the same double, halves away from zero. By way of the text, since the cast from float8 to numeric
 * keeps 15 digits alone.
 */
export function roundedVolume(volume: string): string {
  return `round((${volume})::text::numeric, 6)::float8`;
}
