export const HOME = '/app/';

const BASE = 'http://local.invalid';

/**
 * Where to go after signing in: always a page of this server, never the address of another site in
 * a link.
 */
export function localPath(wanted: unknown, basePath: string): string {
  const home = basePath + HOME;
  if (typeof wanted !== 'string' || !URL.canParse(wanted, BASE)) return home;
  // Checks the URL as browsers read it: they take `\` for `/` and resolve `..`.
  const { origin, pathname, search, hash } = new URL(wanted, BASE);
  const isPage = pathname.startsWith(home) || pathname === `${basePath}/graphql`;
  return origin === BASE && isPage ? pathname + search + hash : home;
}
