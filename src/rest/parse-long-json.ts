import { setImmediate } from 'node:timers/promises';
import { parseJson } from './parse-json.js';

/** of an array's text that is parsed at once: a few milliseconds of work */
const PART_BYTES = 2 ** 18;

/**
 * Parses a body. A long array is parsed some items at a time, between which the event loop serves
 * others.
 *
 * @throws HttpError 400 that says where the body is not JSON or not UTF-8
 */
export async function parseLongJson(body: Buffer, partBytes = PART_BYTES): Promise<unknown> {
  const begin = body.length > partBytes ? arrayBegin(body) : undefined;
  if (begin === undefined) return parseJson(body);
  const items: unknown[] = [];
  let start = begin;
  for (const comma of separators(body, begin, partBytes)) {
    addItems(items, body, start, comma);
    start = comma;
    await setImmediate();
  }
  addItems(items, body, start, undefined);
  return items;
}

const SPACES = Buffer.from(' \t\n\r');
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACE = 0x7b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

/** The offset of the bracket that a text begins with; undefined where it does not. */
function arrayBegin(body: Buffer): number | undefined {
  const offset = body.findIndex((byte) => !SPACES.includes(byte));
  return body[offset] === BRACKET ? offset : undefined;
}

/** Offsets of commas between items of the outermost array, at least that many bytes apart. */
function* separators(body: Buffer, begin: number, bytes: number): Generator<number> {
  let depth = 0;
  let isInString = false;
  let next = begin + bytes;
  for (let offset = begin; offset < body.length; offset++) {
    const byte = body[offset]!;
    if (isInString) {
      if (byte === BACKSLASH) offset++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === COMMA) {
      if (depth === 1 && offset >= next) {
        yield offset;
        next = offset + bytes;
      }
    } else if (byte === BRACKET || byte === BRACE) {
      depth++;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      depth--;
    }
  }
}

/**
 * Adds the items between the separators at `start` and `end`, which are offsets of commas or of the
 * array's first bracket; without `end`, those that are left.
 */
function addItems(items: unknown[], body: Buffer, start: number, end: number | undefined): void {
  // The bracket stands for the separator, so that every offset is right.
  const text = Buffer.concat([
    Buffer.from('['),
    body.subarray(start + 1, end),
    Buffer.from(end === undefined ? '' : ']'),
  ]);
  const before = () => body.toString('utf8', 0, start);
  const part = parseJson(text, { before, itemsBefore: items.length }) as unknown[];
  // An array may be empty; what is between two separators may not.
  if (part.length === 0 && (end !== undefined || items.length > 0)) {
    const offset = text.lastIndexOf(']');
    parseJson(text.fill(',', offset), { before });
  }
  for (const item of part) items.push(item);
}
