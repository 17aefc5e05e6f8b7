/** The path under which a proxy serves this server, such as `/flow`; empty at the root of a host. */
export const BASE_PATH = document.documentElement.dataset.base ?? '';

/** The address of one of the server's paths, for a link or a request. */
export function serverAddress(path: string): string {
  return BASE_PATH + path;
}

/** The same with the host, for people and for what needs an absolute URL. */
export function absoluteAddress(path: string): string {
  return window.location.origin + serverAddress(path);
}
