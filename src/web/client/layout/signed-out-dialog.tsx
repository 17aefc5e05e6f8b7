import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { ViewerDocument } from '../../../generated/graphql/graphql.js';
import { Dialog } from '../components/dialog.js';
import { isSignedOut, resumeSession, signInAddress } from '../session.js';
import { useStore } from '../store.js';
import { serverAddress } from '../server-address.js';

/** Keeps the page, with what was typed, while the user signs in again in another tab. */
export function SignedOutDialog({ username }: { username: string | undefined }) {
  return useStore(isSignedOut) ? <OpenDialog username={username} /> : null;
}

function OpenDialog({ username }: { username: string | undefined }) {
  const client = useClient();
  const [isStillOut, setStillOut] = useState(false);
  const resume = useCallback(async (): Promise<boolean> => {
    if (!(await resumeSession())) return false;
    const { data } = await client.query(ViewerDocument, {});
    if (!data) return false;
    // The page shows what another user may not see.
    if (data.viewer.username !== username) window.location.reload();
    isSignedOut.set(false);
    return true;
  }, [client, username]);

  useEffect(() => {
    const resumeOnReturn = () => {
      if (!document.hidden) void resume().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', resumeOnReturn);
    window.addEventListener('focus', resumeOnReturn);
    return () => {
      document.removeEventListener('visibilitychange', resumeOnReturn);
      window.removeEventListener('focus', resumeOnReturn);
    };
  }, [resume]);

  return (
    <Dialog title="You are signed out" onClose={() => undefined} mustAnswer>
      <p>
        Your session has ended. What you typed on this page is kept: sign in in a new tab, then
        continue here.
      </p>
      <p role="status">{isStillOut && 'You are still signed out.'}</p>
      <div className="dialog-actions">
        <button
          type="button"
          onClick={async () => setStillOut(!(await resume().catch(() => false)))}
        >
          Continue
        </button>
        <a className="button primary" href={signInAddress(serverAddress('/app/'))} target="_blank">
          Sign in in a new tab
        </a>
      </div>
    </Dialog>
  );
}
