import { Router } from './router.js';
import { ROUTES } from './routes.js';

const PREFIX = '/api/v1/';
const router = new Router(ROUTES);

/**
 * The route of a path with its parameters' names, such as `/api/v1/flow_sensors/{id}/`.
 * @returns undefined if the path is not one of the documented API
 */
export function restRoute(path: string): string | undefined {
  if (!path.startsWith(PREFIX)) return undefined;
  const rest = path.slice(PREFIX.length);
  if (rest === 'openapi.json') return path;
  const match = router.match(rest);
  return PREFIX + (match ? match.route.path.replace(/:(\w+)/g, '{$1}') : 'other');
}
