import { useState } from 'react';
import { useMutation, useQuery, type CombinedError } from 'urql';
import {
  EndUserSessionDocument,
  EndUserSessionsDocument,
  UserSessionsDocument,
} from '../../../../generated/graphql/graphql.js';
import { Dialog } from '../../components/dialog.js';
import { Failure, reasonOf } from '../../components/failure.js';
import { Loading } from '../../components/loading.js';
import { SessionTable } from '../../components/session-table.js';

/** Where a user is signed in, to end one session or all. */
export function SessionDialog({
  user: { id: userId, username },
  onClose,
}: {
  user: { id: string; username: string };
  onClose: () => void;
}) {
  const [{ data, error }, reload] = useQuery({
    query: UserSessionsDocument,
    variables: { userId },
    requestPolicy: 'network-only',
  });
  const [, endOne] = useMutation(EndUserSessionDocument);
  const [, endAll] = useMutation(EndUserSessionsDocument);
  const [failure, setFailure] = useState<CombinedError>();
  const [news, setNews] = useState('');
  const sessions = data?.userSessions;
  const end = async (work: Promise<{ error?: CombinedError | undefined }>, done: string) => {
    const result = await work;
    setFailure(result.error);
    if (!result.error) setNews(done);
    reload();
  };
  return (
    <Dialog
      title={
        <>
          Sessions of <bdi>{username}</bdi>
        </>
      }
      onClose={onClose}
    >
      {error && <Failure what="The sessions" error={error} retry={() => reload()} />}
      {!data && !error && <Loading what="sessions" />}
      {sessions?.length === 0 && <p>The user is signed in with no browser.</p>}
      {sessions && sessions.length > 0 && (
        <SessionTable
          caption={`Browsers that ${username} is signed in with`}
          sessions={sessions}
          onEnd={(id) => void end(endOne({ userId, id }), 'The browser is signed out.')}
        />
      )}
      <p className="small quiet" role="status">
        {news}
      </p>
      {failure && (
        <p className="notice bad" role="alert">
          {reasonOf(failure)}
        </p>
      )}
      <div className="dialog-actions">
        <button type="button" onClick={onClose} autoFocus>
          Close
        </button>
        <button
          type="button"
          className="danger"
          disabled={!sessions || sessions.length === 0}
          onClick={() => void end(endAll({ id: userId }), 'All browsers are signed out.')}
        >
          Sign out everywhere
        </button>
      </div>
    </Dialog>
  );
}
