import { useInterval } from '../../use-interval.js';
import { usePings } from '../../use-pings.js';
import { useRevisionPolling } from './use-revision-polling.js';

/** A range that ends now moves on without readings too. */
const REFRESH_INTERVAL_MS = 30_000;

/**
 * While the page is visible, calls when the sensor has a new reading, soon after a reading was
 * corrected or deleted, and every half minute.
 */
export function useLive(id: string, onChange: () => void): void {
  usePings(id, { onPings: onChange, onMissed: onChange });
  useRevisionPolling(id, onChange);
  useInterval(REFRESH_INTERVAL_MS, onChange);
}
