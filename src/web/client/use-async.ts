import { useCallback, useEffect, useState } from 'react';
import { useClient, type Client, type CombinedError } from 'urql';

/**
 * The combined result of several requests; undefined until it is loaded. The previous result stays
 * while it is loaded again, and if that fails.
 * @param load must be the same function at every render
 */
export function useAsync<Data>(load: (client: Client) => Promise<Data>) {
  const client = useClient();
  const [data, setData] = useState<Data>();
  const [error, setError] = useState<CombinedError>();
  const [attempt, setAttempt] = useState(0);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    let isCurrent = true;
    load(client).then(
      (loaded) => {
        if (!isCurrent) return;
        setData(loaded);
        setError(undefined);
      },
      (failure: CombinedError) => {
        if (isCurrent) setError(failure);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, load, attempt]);

  return { data, error, reload };
}
