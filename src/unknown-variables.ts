const PREFIX = 'FLOWGATE_';

/**
 * A line for each variable of the environment that looks like one of Flowgate's and is none: a misspelt
 * one would otherwise be ignored, and the server would start with a default.
 * @param secrets variables that may be given as NAME_FILE too
 */
export function unknownVariables(
  names: readonly string[],
  known: readonly string[],
  secrets: readonly string[],
): string[] {
  return names
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .filter((name) => !secrets.some((secret) => name === `${secret}_FILE`))
    .map((name) => {
      const bare = name.slice(PREFIX.length);
      const similar = known.includes(bare)
        ? bare
        : known.find((other) => other.startsWith(PREFIX) && isSimilar(name, other));
      const hint = similar === undefined ? '' : ` Did you mean ${similar}?`;
      return `${name} is not a variable of Flowgate and is ignored.${hint}`;
    });
}

/** Whether the two names differ in at most two letters: a typo leaves out, adds or swaps some. */
function isSimilar(one: string, other: string): boolean {
  const letters = (name: string) => name.replaceAll('_', '').split('').sort();
  const [a, b] = [letters(one), letters(other)];
  const extra = (from: string[], of: string[]) => {
    const rest = [...of];
    return from.filter((letter) => {
      const at = rest.indexOf(letter);
      if (at >= 0) rest.splice(at, 1);
      return at < 0;
    }).length;
  };
  return extra(a, b) + extra(b, a) <= 2;
}
