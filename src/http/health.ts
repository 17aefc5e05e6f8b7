import type { IncomingMessage } from 'node:http';
import { Router, type RequestHandler } from 'express';

/** Whether requests can be answered; if not, the reason is not disclosed. */
export type Readiness = () => Promise<boolean>;

/** How up to date the mirror of another server is. */
export interface MirrorHealth {
  readonly syncedAt: Date | undefined;
  readonly error: string | undefined;
}

const READY_TIMEOUT_MS = 2000;

/** `/healthz`: the process is alive. `/readyz`: it can do its work. Neither needs a credential. */
export function health(isReady: Readiness, mirror?: () => MirrorHealth): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set(NOT_KEPT).json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const ready = await Promise.race([isReady().catch(() => false), readyTimeout()]);
    response
      .status(ready ? 200 : 503)
      .set(NOT_KEPT)
      .set(ready ? {} : { 'Retry-After': '2' })
      .json({
        status: ready ? 'ready' : 'unavailable',
        ...(mirror && { mirror: mirrorBody(mirror()) }),
      });
  });
  router.all(['/healthz', '/readyz'], refuseOthers);
  return router;
}

/** What is stored is served however old it is, so that this does not decide whether it is ready. */
function mirrorBody({ syncedAt, error }: MirrorHealth): object {
  return {
    status: error === undefined ? (syncedAt ? 'current' : 'starting') : 'failing',
    synced_at: syncedAt?.toISOString() ?? null,
    stale_seconds: syncedAt ? Math.round((Date.now() - syncedAt.getTime()) / 1000) : null,
  };
}

/** Whether a request is one for `health`: those wait for no others. */
export function isProbe({ url }: IncomingMessage): boolean {
  return url === '/healthz' || url === '/readyz';
}

const NOT_KEPT = { 'Cache-Control': 'no-store' };

const refuseOthers: RequestHandler = ({ method }, response) => {
  response
    .status(405)
    .set('Allow', 'GET, HEAD')
    .json({ detail: `Method "${method}" not allowed.` });
};

/** A database that does not answer in time is not ready. */
function readyTimeout(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, READY_TIMEOUT_MS, false).unref();
  });
}
