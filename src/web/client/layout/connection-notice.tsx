import { useEffect } from 'react';
import { isServerReachable, watchConnection } from '../connection.js';
import { useStore } from '../store.js';

/** Says on every page, at once, that the server is away, so that old data is not taken for new. */
export function ConnectionNotice() {
  const isReachable = useStore(isServerReachable);
  useEffect(watchConnection, []);
  return (
    <div role="alert">
      {!isReachable && (
        <p className="connection-notice">
          <strong>The server cannot be reached.</strong> This page may be out of date. Trying again…
        </p>
      )}
    </div>
  );
}
