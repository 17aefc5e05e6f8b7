import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  EndOtherSessionsDocument,
  EndSessionDocument,
  SessionsDocument,
} from '../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Failure } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { SessionTable } from '../../components/session-table.js';
import { browserName } from '../../browser-name.js';

/** The browsers that the user is signed in with. */
export function SessionSection({ onNews }: { onNews: (text: string) => void }) {
  const [{ data, error }, reload] = useQuery({
    query: SessionsDocument,
    requestPolicy: 'network-only',
  });
  const [, endOne] = useMutation(EndSessionDocument);
  const [, endOthers] = useMutation(EndOtherSessionsDocument);
  /** the id of a session, or all others */
  const [ending, setEnding] = useState<string>();
  const sessions = data?.sessions ?? [];
  const chosen = sessions.find(({ id }) => id === ending);
  return (
    <section className="card stack" aria-labelledby="sessions-heading">
      <div className="row spread">
        <h2 id="sessions-heading">Sessions</h2>
        <button
          type="button"
          disabled={!sessions.some(({ isCurrent }) => !isCurrent)}
          onClick={() => setEnding('others')}
        >
          Sign out all others
        </button>
      </div>
      {error && <Failure what="Your sessions" error={error} retry={() => reload()} />}
      {!data && !error && <Loading what="your sessions" />}
      {data && (
        <SessionTable
          caption="Browsers that you are signed in with"
          sessions={sessions}
          onEnd={setEnding}
        />
      )}
      {ending !== undefined && (
        <ConfirmDialog
          title={chosen ? 'Sign out this browser?' : 'Sign out all other browsers?'}
          action="Sign out"
          isDangerous
          onConfirm={() => (chosen ? endOne({ id: chosen.id }) : endOthers({}))}
          onDone={() => {
            setEnding(undefined);
            onNews(chosen ? 'The browser is signed out.' : 'All other browsers are signed out.');
            reload();
          }}
          onClose={() => setEnding(undefined)}
        >
          <p>
            {chosen
              ? `${browserName(chosen.userAgent)}, ${chosen.address ?? 'unknown address'}: it has to sign in again.`
              : 'Only this browser stays signed in.'}
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}
