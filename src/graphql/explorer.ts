import { Router, static as serveStatic, type RequestHandler } from 'express';
import helmet from 'helmet';

/** What the page of the explorer may load: nothing from any other host. */
const policy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

const JSON_TYPES = ['json', 'application/graphql-response+json'];

/**
 * A page to try queries on, for whoever opens the address in a browser; it asks for a token, and is no secret itself.
 * @param directory where it was built to
 */
export function explorer(directory: string): Router {
  const page: RequestHandler = (request, response, next) => {
    if (request.accepts(JSON_TYPES.concat('html')) !== 'html') {
      next();
      return;
    }
    response.vary('Accept');
    response.sendFile('index.html', { root: directory, cacheControl: false });
  };
  const router = Router();
  router.get('/', policy, page);
  router.use(
    '/assets',
    policy,
    serveStatic(`${directory}/assets`, { immutable: true, maxAge: '1y', index: false }),
  );
  return router;
}
