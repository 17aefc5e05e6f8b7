import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  ApiTokensDocument,
  RevokeApiTokenDocument,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { Failure } from '../../../components/failure.js';
import { Loading } from '../../../components/loading.js';
import { useListNews } from '../use-list-news.js';
import type { Token } from './token.js';
import { TokenForm } from './token-form.js';
import { TokenTable } from './token-table.js';

/** The machine credentials of the account, for administrators. */
export function TokenSection() {
  const { heading, said, removed } = useListNews();
  const [{ data, error }, ask] = useQuery({ query: ApiTokensDocument });
  const [isMaking, setMaking] = useState(false);
  const [toRevoke, setToRevoke] = useState<Token>();
  const [, revoke] = useMutation(RevokeApiTokenDocument);
  const tokens = data?.apiTokens;
  return (
    <section className="stack" aria-labelledby="tokens-heading">
      <div className="row spread">
        <h2 id="tokens-heading" ref={heading} tabIndex={-1}>
          API tokens
        </h2>
        <button type="button" className="primary" onClick={() => setMaking(true)}>
          Make a token
        </button>
      </div>
      <p className="quiet">
        What a program signs in with, over REST and GraphQL: <code>Authorization: Token KEY</code>
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {error && <Failure what="The tokens" error={error} retry={() => ask()} />}
      {!tokens && !error && <Loading what="tokens" />}
      {tokens?.length === 0 && (
        <p className="notice">
          There are no tokens yet. Make one for each program, so that it can be revoked alone.
        </p>
      )}
      {tokens && tokens.length > 0 && <TokenTable tokens={tokens} onRevoke={setToRevoke} />}
      {isMaking && (
        <TokenForm
          onMade={ask}
          onClose={() => {
            setMaking(false);
            ask();
          }}
        />
      )}
      {toRevoke && (
        <ConfirmDialog
          title={`Revoke “${toRevoke.name}”?`}
          action="Revoke"
          isDangerous
          onConfirm={() => revoke({ id: toRevoke.id })}
          onDone={() => {
            setToRevoke(undefined);
            ask();
            removed(`The token ${toRevoke.name} was revoked.`);
          }}
          onClose={() => setToRevoke(undefined)}
        >
          <p>
            Within a second no request with its key is let in any more, and its open subscriptions
            end. It cannot be taken back.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}
