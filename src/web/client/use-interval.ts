import { useEffect, useRef } from 'react';

/** Calls every so often while the page is visible, and when it becomes so. Undefined: not at all. */
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
