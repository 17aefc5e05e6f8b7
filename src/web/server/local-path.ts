export const HOME = '/app/';

const BASE = 'http://local.invalid';

/**
 * Where to go after signing in: always a page of this server, never the address of another site in
 * a link.
 */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !URL.canParse(wanted, BASE)) return HOME;
  // Checks the URL as browsers read it: they take `\` for `/` and resolve `..`.
  const { origin, pathname, search, hash } = new URL(wanted, BASE);
  const isPage = pathname.startsWith(HOME) || pathname === '/graphql';
  return origin === BASE && isPage ? pathname + search + hash : HOME;
}
