import type { IncomingMessage } from 'node:http';
import { Router, type RequestHandler } from 'express';

/** Whether requests can be answered; if not, the reason is not disclosed. */
export type Readiness = () => Promise<boolean>;

/** How up to date the mirror of another server is. */
export interface MirrorHealth {
  readonly name: string;
  readonly syncedAt: Date | undefined;
  readonly error: string | undefined;
}

/** What else an administrator is shown of the server; undefined for others. */
export type Details = (request: IncomingMessage) => Promise<object | undefined>;

const READY_TIMEOUT_MS = 2000;

/**
 * `/healthz`: the process is alive. `/readyz`: it can do its work. Neither needs a credential; with
 * one of an administrator `/readyz` has details.
 */
export function health(
  isReady: Readiness,
  details: Details,
  mirrors: () => readonly MirrorHealth[],
): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set(NOT_KEPT).json({ status: 'ok' });
  });
  router.get('/readyz', async (request, response) => {
    const ready = await Promise.race([isReady().catch(() => false), readyTimeout()]);
    const more = ready
      ? await Promise.race([details(request).catch(() => undefined), noDetails()])
      : undefined;
    response
      .status(ready ? 200 : 503)
      .set(NOT_KEPT)
      .set(ready ? {} : { 'Retry-After': '2' })
      .json({
        status: ready ? 'ready' : 'unavailable',
        ...more,
        ...mirrorOf(mirrors()),
      });
  });
  router.all(['/healthz', '/readyz'], refuseOthers);
  return router;
}

/**
 * What is stored is served however old it is, so that this does not decide whether it is ready. Of
 * several mirrors the one that is the most out of date comes first, so that one figure can be
 * watched.
 */
function mirrorOf(mirrors: readonly MirrorHealth[]): object {
  const bodies = mirrors.map((mirror) => [mirror.name, mirrorBody(mirror)] as const);
  const [worst] = bodies
    .map(([, body]) => body)
    .sort(
      (a, b) =>
        STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
        (b.stale_seconds ?? Infinity) - (a.stale_seconds ?? Infinity),
    );
  if (!worst) return {};
  const upstreams = bodies.length > 1 ? { upstreams: Object.fromEntries(bodies) } : {};
  return { mirror: { ...worst, ...upstreams } };
}

/** The worst one first. */
const STATUSES = ['failing', 'starting', 'current'] as const;

function mirrorBody({ syncedAt, error }: MirrorHealth) {
  const status: (typeof STATUSES)[number] =
    error === undefined ? (syncedAt ? 'current' : 'starting') : 'failing';
  return {
    status,
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
  return after(READY_TIMEOUT_MS, false);
}

function noDetails(): Promise<undefined> {
  return after(READY_TIMEOUT_MS, undefined);
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, value).unref();
  });
}
