export const HOME = '/app/';

const BASE = 'http://local.invalid';

/** Where to go after signing in: a page of this server, whatever a link's maker wanted. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !URL.canParse(wanted, BASE)) return HOME;
  // What is checked is what browsers make of it: they read `\` as `/` and resolve `..`.
  const { origin, pathname, search, hash } = new URL(wanted, BASE);
  const isPage = pathname.startsWith(HOME) || pathname === '/graphql';
  return origin === BASE && isPage ? pathname + search + hash : HOME;
}
