/**
 * An opaque cursor of a kind of list and what places a node in it. Kinds keep a
 * list from being paged by another one's cursors.
 */
export function writeCursor(kind: string, ...place: (string | number)[]): string {
  return Buffer.from(JSON.stringify([kind, ...place])).toString('base64url');
}

/** The place, or undefined where it is no cursor of that kind as `writeCursor` makes them. */
export function readCursor(kind: string, cursor: string): unknown[] | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(content) || content[0] !== kind) return undefined;
    const place = content.slice(1) as (string | number)[];
    return writeCursor(kind, ...place) === cursor ? place : undefined;
  } catch {
    return undefined;
  }
}
