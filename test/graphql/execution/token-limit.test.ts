import { expect, test } from '@jest/globals';
import { Lexer, Source, TokenKind } from 'graphql';
import { MAX_TOKENS } from '../../../src/graphql/execution/document-limits.js';
import { requireFewTokens } from '../../../src/graphql/execution/token-limit.js';

/** Each with the tokens that graphql-js finds in it. */
const PIECES = [
  'name',
  '_n4me',
  '{ ... on Type @include(if: true) { a: b(c: [1, -2.5e+3, 4E-7], d: $e) } }',
  '""',
  '"a # \\" { \\\\"',
  '"\\u00e9 \\n"',
  '""""""',
  '"""a "quote" \\""" { # \n } """',
  '# "comment" { """ \n x',
  '# ends with a carriage return \r y',
  '! $ & ( ) ... : = @ [ ] { | }',
  '\ufeff , ,\t',
];

test.each(PIECES)('as many tokens are counted as graphql-js finds: %j', (piece) => {
  const lexer = new Lexer(new Source(piece));
  let tokens = 0;
  while (lexer.advance().kind !== TokenKind.EOF) tokens++;
  const before = 'x '.repeat(MAX_TOKENS - tokens);
  expect(() => requireFewTokens(before + piece)).not.toThrow();
  expect(() => requireFewTokens(`x ${before}${piece}`)).toThrow('at most 10000');
});

test.each(['"', '"""', '"\\', '""" \\"""', '#', '"a'])(
  'the end of a document within a text or a comment is an end: %j',
  (piece) => {
    expect(() => requireFewTokens(`{ a ${piece}`)).not.toThrow();
  },
);
