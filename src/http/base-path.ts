import type { IncomingMessage } from 'node:http';

/** The first segments of Flowgate's own paths: a base path like one of them would be ambiguous. */
const OWN = ['app', 'api', 'graphql', 'healthz', 'readyz', 'metrics'];

const SEGMENTS = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

/** Whether a text without a slash at its end can be a base path. */
export function isBasePath(text: string): boolean {
  return SEGMENTS.test(text) && !OWN.includes(text.split('/')[1] ?? '');
}

/**
 * Takes the base path off a request's URL. A proxy may have taken it off already, as nginx does
 * with `proxy_pass http://127.0.0.1:4000/;`: such a URL stays as it is.
 */
export function basePathRemover(basePath: string): (request: IncomingMessage) => void {
  if (basePath === '') return () => undefined;
  const prefix = new RegExp(
    `^([Hh][Tt][Tt][Pp][Ss]?://[^/?]*)?${basePath.replaceAll('.', '\\.')}(?=[/?]|$)`,
  );
  return (request) => {
    const { url = '' } = request;
    const [found, host = ''] = prefix.exec(url) ?? [];
    if (found === undefined) return;
    const rest = url.slice(found.length);
    request.url = host + (rest.startsWith('/') ? rest : `/${rest}`);
  };
}
