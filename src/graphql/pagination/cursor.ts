/**
 * An opaque cursor: the kind of list, and the values that locate a node in it. The kind prevents a
 * list from being paged with another list's cursors.
 */
export function writeCursor(kind: string, ...place: (string | number)[]): string {
  return Buffer.from(JSON.stringify([kind, ...place])).toString('base64url');
}

/**
 * The values that locate the node; undefined where `writeCursor` cannot have made it for that kind.
 */
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
