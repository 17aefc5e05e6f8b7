import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Only this server's own files, in no other site's frame. */
const DIRECTIVES = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

const EDITOR = {
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'", 'data:'],
};

export interface PolicyOptions {
  /** for the editor of queries, which makes style elements and has its fonts as data: URLs */
  readonly editor?: boolean;
}

/** The security headers of a page and what belongs to it. */
export function securityHeaders({ editor = false }: PolicyOptions = {}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: editor ? { ...DIRECTIVES, ...EDITOR } : DIRECTIVES,
    },
    referrerPolicy: { policy: 'same-origin' },
    // Whether browsers may ever come without TLS is the operator's to say, at the proxy that has it.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
