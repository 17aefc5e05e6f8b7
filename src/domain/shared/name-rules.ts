// Control characters cannot be seen; a lone surrogate is not a character, and PostgreSQL stores
// neither it nor NUL. Bidirectional controls make a name, and the text beside it, appear in another
// order than it is stored.
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

// Two names that look the same could differ by these: spaces without width and letters without a
// shape.
const INVISIBLE = /[\u00AD\u180E\u200B\u2060-\u2064\uFEFF\u115F\u1160\u3164\uFFA0]/u;

// Joiners shape letters and emoji, as Persian and Hindi need them, but only between two.
const LONE_JOINER =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}])/u;

/**
 * What is wrong with a name that people read and type; undefined where nothing is.
 * @param maximum characters (code points)
 */
export function nameError(value: string, maximum: number): string | undefined {
  if (value.trim() === '') return 'Must not be empty.';
  if (value !== value.trim()) return 'Must not begin or end with a space.';
  if (CONTROL.test(value)) return 'Must not contain control characters.';
  if (INVISIBLE.test(value) || LONE_JOINER.test(value)) {
    return 'Must not contain invisible characters.';
  }
  const length = [...value].length;
  if (length > maximum) return `Must be at most ${maximum} characters long, not ${length}.`;
  return undefined;
}

const MAX_REASON = 1000;

/** What is wrong with the reason of a change; undefined where nothing is. */
export function reasonError(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : nameError(reason, MAX_REASON);
}
