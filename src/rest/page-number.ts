import { noSuchPage, type PageNumber } from '../domain/shared/page.js';

// As Python's int(): a sign, digits of any script, single underscores between them, whitespace
// around.
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;

/**
 * Reads `page` as Django does.
 * @param text undefined where it is not given: the first page
 * @throws NotFoundError where it is not an integer from 1 on
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

// The ten digits of a script have consecutive code points. Scripts may follow each other directly:
// a run of digits is split from its start into tens.
function asciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0)!;
  let start = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return String((codePoint - start) % 10);
}
