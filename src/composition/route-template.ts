import { restRoute } from '../rest/rest-route.js';
import { isPage } from '../web/server/shell.js';

const EXACT = ['/', '/graphql', '/healthz', '/readyz', '/app', '/app/login'];
const FORMS = ['/app/sign-out', '/app/sign-out-everywhere'];
const FILES = ['/app/sensors/{id}/pings.csv', '/app/sensors/{id}/volumes.csv', '/app/volumes.csv'];
const KNOWN = new Set([...EXACT, ...FORMS, ...FILES]);

/**
 * The path of a request with the names of its parameters in place of their values, or `other`: of a
 * bounded number, whatever is requested.
 */
export function routeTemplate(url: string): string {
  const [path = ''] = url.split('?', 1);
  const rest = restRoute(path);
  if (rest !== undefined) return rest;
  if (path.startsWith('/app/assets/')) return '/app/assets/{file}';
  const template = path.replace(/\/\d+(?=\/|$)/g, '/{id}');
  return KNOWN.has(template) || isPage(path) ? template : 'other';
}
