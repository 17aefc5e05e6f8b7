import { useState } from 'react';
import { useClient, useMutation } from 'urql';
import {
  RevokePreviousWebhookSecretDocument,
  RotateWebhookSecretDocument,
  WebhookSecretDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { CopyButton } from '../../../components/copy-button.js';
import { reasonOf } from '../../../components/failure.js';
import { Instant } from '../../../components/instant.js';

/** The secret, which is not even loaded until it is shown or copied. */
export function Secret({
  endpoint: { id, url, previousSecretExpiresAt },
  onChange,
}: {
  endpoint: EndpointPartsFragment;
  onChange: () => void;
}) {
  const client = useClient();
  const [shown, setShown] = useState<string>();
  const [error, setError] = useState<string>();
  const [openDialog, setOpenDialog] = useState<'rotate' | 'revoke'>();
  const [, rotate] = useMutation(RotateWebhookSecretDocument);
  const [, revoke] = useMutation(RevokePreviousWebhookSecretDocument);

  const load = async () => {
    const result = await client.query(WebhookSecretDocument, { id });
    setError(result.error && reasonOf(result.error));
    return result.data?.webhookEndpoint?.secret ?? undefined;
  };
  const rotated = async () => {
    const result = await rotate({ id });
    if (result.data) setShown(result.data.rotateWebhookSecret.secret ?? undefined);
    return result;
  };
  const done = () => {
    setOpenDialog(undefined);
    onChange();
  };
  const isPreviousValid =
    previousSecretExpiresAt && Date.parse(previousSecretExpiresAt) > Date.now();

  return (
    <div className="secret">
      <div className="row">
        <span className="secret-name">Secret</span>
        <code className="secret-value">{shown ?? 'whsec_••••••••••••'}</code>
        <button
          type="button"
          aria-label={`${shown ? 'Hide' : 'Show'} the secret of ${url}`}
          onClick={async () => setShown(shown ? undefined : await load())}
        >
          {shown ? 'Hide' : 'Show'}
        </button>
        <CopyButton what={`the secret of ${url}`} text={() => shown ?? load()} />
        <button
          type="button"
          aria-label={`Rotate the secret of ${url}`}
          onClick={() => setOpenDialog('rotate')}
        >
          Rotate…
        </button>
      </div>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {isPreviousValid && (
        <p className="row small">
          <span>
            The previous secret is also accepted until <Instant at={previousSecretExpiresAt} />.
          </span>
          <button
            type="button"
            aria-label={`Stop using the previous secret of ${url}`}
            onClick={() => setOpenDialog('revoke')}
          >
            Stop using it now…
          </button>
        </p>
      )}
      {openDialog === 'rotate' && (
        <ConfirmDialog
          title="Rotate the secret?"
          action="Rotate"
          onConfirm={rotated}
          onDone={done}
          onClose={() => setOpenDialog(undefined)}
        >
          <p>
            For 24 hours requests carry both signatures in <code>webhook-signature</code>, so
            receivers that verify it keep working. <code>FC-Signature</code> is the new secret from
            now on: receivers that compare it must accept both secrets until they are updated.
          </p>
          {isPreviousValid && (
            <p>The present previous secret is no longer accepted after this rotation.</p>
          )}
        </ConfirmDialog>
      )}
      {openDialog === 'revoke' && (
        <ConfirmDialog
          title="Stop using the previous secret?"
          action="Stop using it"
          isDangerous
          onConfirm={() => revoke({ id })}
          onDone={done}
          onClose={() => setOpenDialog(undefined)}
        >
          <p>
            Requests no longer carry its signature. A receiver that knows only the previous secret
            will reject them.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
