import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Allows only this server's own files, and no other site to frame a page. */
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
  /** for the query editor, which creates style elements and has its fonts as data: URLs */
  readonly editor?: boolean;
}

/** The security headers of a page and its files. */
export function securityHeaders({ editor = false }: PolicyOptions = {}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: editor ? { ...DIRECTIVES, ...EDITOR } : DIRECTIVES,
    },
    referrerPolicy: { policy: 'same-origin' },
    // HSTS is left to the operator, at the proxy that has the certificate.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
