import { isUtf8 } from 'node:buffer';
import { printParseErrorCode, visit } from 'jsonc-parser';
import { HttpError } from './errors.js';

/** Where a text is in the body. */
export interface TextPlace {
  /** the text before it; none where it is the whole body or a line that is counted */
  readonly before?: () => string;
  /** the line that the body, or this line of it, begins at, from 1 */
  readonly line?: number;
  /** of the ping that it is, where the body has one on each line */
  readonly index?: number;
  /** how many items of the body's array are before it */
  readonly itemsBefore?: number;
}

/** @throws HttpError 400 that says where the text is not JSON or not UTF-8 */
export function parseJson(bytes: Buffer, place: TextPlace = {}): unknown {
  const text = bytes.toString();
  if (!isUtf8(bytes)) throw parseError('not UTF-8', text, invalidAt(bytes), place);
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = firstError(text);
    if (!found) throw new HttpError(400, `JSON parse error - ${(error as Error).message}`);
    throw parseError(messageOf(found, text, place), text, found.offset, place);
  }
}

function parseError(
  message: string,
  text: string,
  offset: number,
  { before, line: firstLine = 1 }: TextPlace,
): HttpError {
  const lines = `${before?.() ?? ''}${text.slice(0, offset)}`.split('\n');
  const line = firstLine + lines.length - 1;
  const column = lines.at(-1)!.length + 1;
  return new HttpError(400, `JSON parse error - ${message}: line ${line} column ${column}`);
}

interface SyntaxErrorAt {
  readonly message: string;
  readonly offset: number;
  readonly isInObject: boolean;
  /** the index of the item of the outermost array that it is in, where there is one */
  readonly item: number | undefined;
}

class Found extends Error {}

/** V8's messages do not always say the place, so that the text is parsed again to find it. */
function firstError(text: string): SyntaxErrorAt | undefined {
  let found: SyntaxErrorAt | undefined;
  const open: ('array' | 'object')[] = [];
  let item: number | undefined;
  const end = () => void open.pop();
  try {
    visit(
      text,
      {
        onObjectBegin: () => void open.push('object'),
        onObjectEnd: end,
        onArrayBegin: () => {
          if (open.push('array') === 1) item = 0;
        },
        onArrayEnd: end,
        onSeparator: (character) => {
          if (open.length === 1 && character === ',' && item !== undefined) item++;
        },
        onError: (code, offset) => {
          found = {
            message: inWords(printParseErrorCode(code)),
            offset,
            item,
            isInObject: open.includes('object'),
          };
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

// Python, R and others write these, where a reading is missing, in what is otherwise JSON.
const NOT_A_NUMBER = /-?(?:NaN|Infinity)\b/iy;

function messageOf(
  { message, offset, isInObject, item }: SyntaxErrorAt,
  text: string,
  { index, itemsBefore = 0 }: TextPlace,
): string {
  NOT_A_NUMBER.lastIndex = offset;
  const [word] = NOT_A_NUMBER.exec(text) ?? [];
  if (word === undefined || !isInObject) return message;
  const ofPing = index ?? (item === undefined ? undefined : itemsBefore + item);
  return `${word} is not JSON${ofPing === undefined ? '' : `, in the ping with index ${ofPing}`}`;
}

/** `ValueExpected` as `value expected`. */
function inWords(code: string): string {
  return code.replace(/\B[A-Z]/g, ' $&').toLowerCase();
}

/**
 * The offset in the decoded text of the first U+FFFD that is not in the bytes: it replaces invalid
 * ones.
 */
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
