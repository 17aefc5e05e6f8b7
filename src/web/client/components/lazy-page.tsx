import { useEffect, useState, type ComponentType } from 'react';
import { CONNECTION_RESTORED, probeServer } from '../connection.js';
import { Loading } from './loading.js';

type Reason = 'unreachable' | 'outdated';

/**
 * A component whose code is loaded when it is first shown. A failure ends with its cause:
 * React.lazy would keep it. Once some of the code failed to load, browsers and bundler remember
 * parts of it as loaded, so the whole document is loaded again.
 */
export function lazyPage<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  let hasFailed = false;

  return function LazyPage(props: Props) {
    const [Page, setPage] = useState(() => loaded);
    const [reason, setReason] = useState<Reason>();
    const [attempt, setAttempt] = useState(0);

    useEffect(() => {
      if (loaded) return;
      let isCurrent = true;
      const show = async () => {
        try {
          if (!hasFailed) {
            loaded = (await load()).default;
            if (isCurrent) setPage(() => loaded);
            return;
          }
          if (isCurrent && (await probeServer())) window.location.reload();
          else if (isCurrent) setReason('unreachable');
        } catch {
          hasFailed = true;
          const isReachable = await probeServer();
          if (isCurrent) setReason(isReachable ? 'outdated' : 'unreachable');
        }
      };
      void show();
      return () => {
        isCurrent = false;
      };
    }, [attempt]);

    if (Page) return <Page {...props} />;
    if (!reason) return <Loading what="the page" />;
    return <LoadFailure reason={reason} retry={() => setAttempt(attempt + 1)} />;
  };
}

function LoadFailure({ reason, retry }: { reason: Reason; retry: () => void }) {
  useEffect(() => {
    window.addEventListener(CONNECTION_RESTORED, retry);
    return () => window.removeEventListener(CONNECTION_RESTORED, retry);
  }, [retry]);
  return (
    <div className="notice bad" role="alert">
      <p>
        <strong>This page could not be loaded.</strong>{' '}
        {reason === 'outdated'
          ? 'Flowgate was updated: reload to get its new version.'
          : 'The server cannot be reached. The page opens as soon as it can.'}
      </p>
      <button type="button" onClick={retry}>
        {reason === 'outdated' ? 'Reload' : 'Try again'}
      </button>
    </div>
  );
}
