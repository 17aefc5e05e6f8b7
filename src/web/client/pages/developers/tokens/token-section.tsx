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

/** The account's API tokens, for administrators. */
export function TokenSection() {
  const { heading, announcement, removed } = useListNews();
  const [{ data, error }, reload] = useQuery({ query: ApiTokensDocument });
  const [isCreating, setCreating] = useState(false);
  const [toRevoke, setToRevoke] = useState<Token>();
  const [, revoke] = useMutation(RevokeApiTokenDocument);
  const tokens = data?.apiTokens;
  return (
    <section className="stack" aria-labelledby="tokens-heading">
      <div className="row spread">
        <h2 id="tokens-heading" ref={heading} tabIndex={-1}>
          API tokens
        </h2>
        <button type="button" className="primary" onClick={() => setCreating(true)}>
          Create token
        </button>
      </div>
      <p className="quiet">
        Programs use a token to call REST and GraphQL: <code>Authorization: Token KEY</code>
      </p>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
      {error && <Failure what="The tokens" error={error} retry={() => reload()} />}
      {!tokens && !error && <Loading what="tokens" />}
      {tokens?.length === 0 && (
        <p className="notice">
          There are no tokens yet. Create one for each program, so that each can be revoked on its
          own.
        </p>
      )}
      {tokens && tokens.length > 0 && <TokenTable tokens={tokens} onRevoke={setToRevoke} />}
      {isCreating && (
        <TokenForm
          onCreated={reload}
          onClose={() => {
            setCreating(false);
            reload();
          }}
        />
      )}
      {toRevoke && (
        <ConfirmDialog
          title={
            <>
              Revoke “<bdi>{toRevoke.name}</bdi>”?
            </>
          }
          action="Revoke"
          isDangerous
          onConfirm={() => revoke({ id: toRevoke.id })}
          onDone={() => {
            setToRevoke(undefined);
            reload();
            removed(`The token ${toRevoke.name} was revoked.`);
          }}
          onClose={() => setToRevoke(undefined)}
        >
          <p>
            Within a second requests with its key are refused and its open subscriptions end. This
            cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}
