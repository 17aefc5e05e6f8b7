import { useEffect, useRef } from 'react';
import { CONNECTION_RESTORED } from './connection.js';

/**
 * Calls at an interval while the page is visible, and whenever it becomes visible again or the
 * server can be reached again.
 * @param milliseconds undefined: never
 */
export function useInterval(milliseconds: number | undefined, call: () => void): void {
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  useEffect(() => {
    if (milliseconds === undefined) return;
    const tick = () => {
      if (!document.hidden) latest.current();
    };
    const timer = window.setInterval(tick, milliseconds);
    document.addEventListener('visibilitychange', tick);
    window.addEventListener(CONNECTION_RESTORED, tick);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
      window.removeEventListener(CONNECTION_RESTORED, tick);
    };
  }, [milliseconds]);
}
