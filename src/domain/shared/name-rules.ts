// Control characters cannot be seen; a lone surrogate is not a character, and PostgreSQL stores neither it
// nor NUL.
const INVISIBLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * What is wrong with a name that people read and type; undefined where nothing is.
 * @param maximum characters (code points)
 */
export function nameError(value: string, maximum: number): string | undefined {
  if (value.trim() === '') return 'Must not be empty.';
  if (value !== value.trim()) return 'Must not begin or end with a space.';
  if (INVISIBLE.test(value)) return 'Must not contain control characters.';
  const length = [...value].length;
  if (length > maximum) return `Must be at most ${maximum} characters long, not ${length}.`;
  return undefined;
}
