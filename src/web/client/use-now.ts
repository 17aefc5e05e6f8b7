import { useState } from 'react';
import { useInterval } from './use-interval.js';

/** The time, renewed at an interval while the page is visible. */
export function useNow(milliseconds: number): Date {
  const [now, setNow] = useState(() => new Date());
  useInterval(milliseconds, () => setNow(new Date()));
  return now;
}
