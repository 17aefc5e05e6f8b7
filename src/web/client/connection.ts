import { Store } from './store.js';
import { serverAddress } from './server-address.js';

/** Dispatched on the window once the server can be reached again. */
export const CONNECTION_RESTORED = 'flowgate:connection-restored';

const PROBE_INTERVAL_MS = 4000;
const PROBE_TIMEOUT_MS = 5000;

/** Whether the server could be reached at the last attempt. */
export const isServerReachable = new Store(true);

/** Reports the outcome of a request: whether the server answered it at all. */
export function reportReachable(isReachable: boolean): void {
  const wasLost = !isServerReachable.get();
  isServerReachable.set(isReachable);
  if (wasLost && isReachable) window.dispatchEvent(new Event(CONNECTION_RESTORED));
}

/** Asks the server for a sign of life. */
export async function probeServer(): Promise<boolean> {
  const isReachable = await fetch(serverAddress('/healthz'), {
    cache: 'no-store',
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
  }).then(
    // A proxy answers with 502 to 504 for a server that is away.
    ({ status }) => status < 500,
    () => false,
  );
  reportReachable(isReachable);
  return isReachable;
}

/** Notices within seconds, also on a page that loads nothing, that the server is away. */
export function watchConnection(): () => void {
  const probe = () => {
    if (!document.hidden) void probeServer();
  };
  const timer = window.setInterval(probe, PROBE_INTERVAL_MS);
  window.addEventListener('offline', probe);
  window.addEventListener('online', probe);
  document.addEventListener('visibilitychange', probe);
  return () => {
    window.clearInterval(timer);
    window.removeEventListener('offline', probe);
    window.removeEventListener('online', probe);
    document.removeEventListener('visibilitychange', probe);
  };
}
