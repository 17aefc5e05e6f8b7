/**
 * A volume as the documented API gives it: to 6 decimals, halves away from zero. To 9 decimals
 * first, so that what the additions of doubles lose does not decide how a half is rounded. By way
 * of the text, since the cast from float8 to numeric keeps 15 digits alone.
 */
export function roundedVolume(volume: string): string {
  return `round(round((${volume})::text::numeric, 9), 6)::float8`;
}
