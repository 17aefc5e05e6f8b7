import { MAX_TOKENS, tooComplex } from './document-limits.js';

const QUOTE = 0x22;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const DOT = 0x2e;
const BLOCK_QUOTE = '"""';

const IGNORED = charactersOf(' \t\n\r,\ufeff');
const LINE_ENDS = charactersOf('\n\r');
const IN_NAME = charactersOf('_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
const BEGINS_NUMBER = charactersOf('-0123456789');
const IN_NUMBER = charactersOf('-+.0123456789eE');

/**
 * Refuses a document of too many tokens in a twentieth of the time in which the parser does: it makes
 * an object of each. What is no token is found by the parser.
 * @throws GraphQLError QUERY_TOO_COMPLEX
 */
export function requireFewTokens(document: string): void {
  // Each has a character at least.
  if (document.length <= MAX_TOKENS) return;
  let tokens = 0;
  for (let at = 0; at < document.length;) {
    const code = document.charCodeAt(at);
    if (IGNORED.has(code)) at++;
    else if (code === HASH) at = lineEnd(document, at);
    else {
      tokens++;
      at = tokenEnd(document, at, code);
      if (tokens > MAX_TOKENS) {
        throw tooComplex(`A document may have at most ${MAX_TOKENS} names, values and signs.`);
      }
    }
  }
}

function tokenEnd(document: string, start: number, code: number): number {
  if (code === QUOTE) return stringEnd(document, start);
  let at = start + 1;
  if (code === DOT) while (document.charCodeAt(at) === DOT) at++;
  else if (BEGINS_NUMBER.has(code)) {
    while (IN_NUMBER.has(document.charCodeAt(at))) at++;
  } else if (IN_NAME.has(code)) while (IN_NAME.has(document.charCodeAt(at))) at++;
  return at;
}

function stringEnd(document: string, start: number): number {
  if (document.startsWith(BLOCK_QUOTE, start)) {
    let end = document.indexOf(BLOCK_QUOTE, start + 3);
    while (end > 0 && document.charCodeAt(end - 1) === BACKSLASH) {
      end = document.indexOf(BLOCK_QUOTE, end + 3);
    }
    return end < 0 ? document.length : end + 3;
  }
  for (let at = start + 1; at < document.length; at++) {
    const code = document.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return document.length;
}

function lineEnd(document: string, start: number): number {
  let at = start;
  while (at < document.length && !LINE_ENDS.has(document.charCodeAt(at))) at++;
  return at;
}

function charactersOf(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (character) => character.charCodeAt(0)));
}
