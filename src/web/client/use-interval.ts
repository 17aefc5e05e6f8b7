import { useEffect, useRef } from 'react';

/**
 * Calls at an interval while the page is visible, and whenever it becomes visible again.
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
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [milliseconds]);
}
