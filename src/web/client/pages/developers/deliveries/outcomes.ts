import { useEffect, useRef } from 'react';
import type { DeliveryPartsFragment } from '../../../../../generated/graphql/graphql.js';

/** How far deliveries are, in a text that differs once one of them was tried or ended. */
export function outcomesOf(
  deliveries: readonly (Pick<DeliveryPartsFragment, 'id' | 'status'> & {
    readonly attempts: readonly object[];
  })[],
): string {
  return deliveries.map(({ id, status, attempts }) => `${id} ${status} ${attempts.length}`).join();
}

/** Calls when a value that was there before is another one. */
export function useOnChange(value: string | undefined, call: () => void): void {
  const previous = useRef(value);
  useEffect(() => {
    const hasChanged = previous.current !== undefined && previous.current !== value;
    previous.current = value ?? previous.current;
    if (hasChanged && value !== undefined) call();
    // Only the value matters: callers pass a new function at each render.
  }, [value]);
}
