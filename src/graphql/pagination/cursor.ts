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

/** The id, a decimal of up to 18 digits, of a cursor of that kind; undefined where it is not one. */
export function readIdCursor(kind: string, cursor: string): string | undefined {
  const [id] = readCursor(kind, cursor) ?? [];
  return typeof id === 'string' && /^[1-9]\d{0,17}$/.test(id) ? id : undefined;
}
