import { noSuchPage, type PageNumber } from '../domain/shared/page.js';

// What Python's int() takes: a sign, digits of any script, single underscores between them, space around.
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;

/**
 * Reads `page` as Django does.
 * @param text undefined where it is not given: the first page
 * @throws NotFoundError where it is no integer
 */
export function parsePage(text: string | undefined): PageNumber {
  if (text === undefined) return 1;
  if (text === 'last') return 'last';
  const trimmed = text.trim();
  if (!INTEGER.test(trimmed)) throw noSuchPage();
  const page = Number(trimmed.replaceAll('_', '').replace(/[^\x00-\x7f]/gu, asciiDigit));
  if (page < 1) throw noSuchPage();
  return Math.min(page, Number.MAX_SAFE_INTEGER);
}

// The ten digits of a script follow each other, and so may scripts: from the start of such a run on, each ten.
function asciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0)!;
  let start = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return String((codePoint - start) % 10);
}
