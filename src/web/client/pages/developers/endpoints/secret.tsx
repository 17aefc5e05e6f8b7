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

/** The secret: not even loaded until it is asked for. */
export function Secret({
  endpoint: { id, url, previousSecretExpiresAt },
  onChange,
}: {
  endpoint: EndpointPartsFragment;
  onChange: () => void;
}) {
  const client = useClient();
  const [shown, setShown] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [asked, setAsked] = useState<'rotate' | 'revoke'>();
  const [, rotate] = useMutation(RotateWebhookSecretDocument);
  const [, revoke] = useMutation(RevokePreviousWebhookSecretDocument);

  const load = async () => {
    const { data, error } = await client.query(WebhookSecretDocument, { id });
    setFault(error && reasonOf(error));
    return data?.webhookEndpoint?.secret ?? undefined;
  };
  const rotated = async () => {
    const result = await rotate({ id });
    if (result.data) setShown(result.data.rotateWebhookSecret.secret ?? undefined);
    return result;
  };
  const done = () => {
    setAsked(undefined);
    onChange();
  };
  const signsAlong = previousSecretExpiresAt && Date.parse(previousSecretExpiresAt) > Date.now();

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
          onClick={() => setAsked('rotate')}
        >
          Rotate…
        </button>
      </div>
      {fault && (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      {signsAlong && (
        <p className="row small">
          <span>
            The secret before signs along until <Instant at={previousSecretExpiresAt} />.
          </span>
          <button
            type="button"
            aria-label={`Revoke the old secret of ${url}`}
            onClick={() => setAsked('revoke')}
          >
            Revoke it now…
          </button>
        </p>
      )}
      {asked === 'rotate' && (
        <ConfirmDialog
          title="Rotate the secret?"
          action="Rotate"
          onConfirm={rotated}
          onDone={done}
          onClose={() => setAsked(undefined)}
        >
          <p>
            <code>FC-Signature</code> carries the new secret at once. In{' '}
            <code>webhook-signature</code> the old one signs along for 24 hours, so that a receiver
            that verifies it need not be changed in the same moment. A receiver that compares{' '}
            <code>FC-Signature</code> must take either until it knows the new one.
          </p>
          {signsAlong && (
            <p>
              The one before the present secret still signs along; with this rotation it no longer
              does.
            </p>
          )}
        </ConfirmDialog>
      )}
      {asked === 'revoke' && (
        <ConfirmDialog
          title="Revoke the old secret?"
          action="Revoke the old secret"
          isDangerous
          onConfirm={() => revoke({ id })}
          onDone={done}
          onClose={() => setAsked(undefined)}
        >
          <p>
            It no longer signs along. A receiver that knows only the old secret then refuses what it
            gets.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
