import { isUtf8 } from 'node:buffer';
import { printParseErrorCode, visit } from 'jsonc-parser';
import { HttpError } from './errors.js';

/**
 * @param line of the body that the text begins at, from 1
 * @throws HttpError 400 that says where the text is not JSON or not UTF-8
 */
export function parseJson(bytes: Buffer, line = 1): unknown {
  if (!isUtf8(bytes)) throw parseError('not UTF-8', bytes.toString(), invalidAt(bytes), line);
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = firstError(text);
    throw found
      ? parseError(found.message, text, found.offset, line)
      : new HttpError(400, `JSON parse error - ${(error as Error).message}`);
  }
}

function parseError(message: string, text: string, offset: number, firstLine: number): HttpError {
  const before = text.slice(0, offset).split('\n');
  const line = firstLine + before.length - 1;
  const column = before.at(-1)!.length + 1;
  return new HttpError(400, `JSON parse error - ${message}: line ${line} column ${column}`);
}

class Found extends Error {}

/** V8's messages do not always say the place, so that the text is parsed again to find it. */
function firstError(text: string): { message: string; offset: number } | undefined {
  let found: { message: string; offset: number } | undefined;
  try {
    visit(
      text,
      {
        onError: (code, offset) => {
          found = { message: inWords(printParseErrorCode(code)), offset };
          throw new Found();
        },
      },
      { disallowComments: true },
    );
  } catch {
    // It was found; or the text is nested too deeply for the visitor, and V8's own message is used.
  }
  return found;
}

/** `ValueExpected` as `value expected`. */
function inWords(code: string): string {
  return code.replace(/\B[A-Z]/g, ' $&').toLowerCase();
}

/** The offset in the decoded text of the first U+FFFD that is not in the bytes: it replaces invalid ones. */
function invalidAt(bytes: Buffer): number {
  const text = bytes.toString();
  let offset = text.indexOf(REPLACEMENT);
  while (isSpelled(bytes, text, offset)) offset = text.indexOf(REPLACEMENT, offset + 1);
  return offset;
}

const REPLACEMENT = '\ufffd';

function isSpelled(bytes: Buffer, text: string, offset: number): boolean {
  const at = Buffer.byteLength(text.slice(0, offset));
  return bytes.subarray(at, at + 3).equals(Buffer.from(REPLACEMENT));
}
