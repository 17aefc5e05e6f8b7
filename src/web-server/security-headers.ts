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

export interface PolicyOptions {
  /** for an editor that makes style elements of its own */
  readonly inlineStyles?: boolean;
}

/** The security headers of a page and what belongs to it. */
export function securityHeaders({ inlineStyles = false }: PolicyOptions = {}): RequestHandler {
  const styles = inlineStyles ? ["'self'", "'unsafe-inline'"] : ["'self'"];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...DIRECTIVES, 'style-src': styles },
    },
    referrerPolicy: { policy: 'same-origin' },
    // Whether browsers may ever come without TLS is the operator's to say, at the proxy that has it.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}
