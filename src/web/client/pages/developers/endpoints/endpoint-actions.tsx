import { useState } from 'react';
import { useMutation } from 'urql';
import {
  DeleteWebhookEndpointDocument,
  UpdateWebhookEndpointDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import type { NamedSensor } from '../use-sensor-names.js';
import { EndpointForm } from './endpoint-form.js';

/** Edit, enable or disable, delete. */
export function EndpointActions({
  endpoint,
  sensors,
  onChange,
  onDelete,
}: {
  endpoint: EndpointPartsFragment;
  sensors: readonly NamedSensor[] | undefined;
  onChange: () => void;
  onDelete: () => void;
}) {
  const { id, url, enabled } = endpoint;
  const [asked, setAsked] = useState<'edit' | 'enabled' | 'delete'>();
  const [, update] = useMutation(UpdateWebhookEndpointDocument);
  const [, remove] = useMutation(DeleteWebhookEndpointDocument);
  const close = () => setAsked(undefined);
  const changed = () => {
    close();
    onChange();
  };
  return (
    <>
      <button type="button" aria-label={`Edit ${url}`} onClick={() => setAsked('edit')}>
        Edit
      </button>
      <button
        type="button"
        aria-label={`${enabled ? 'Disable' : 'Enable'} ${url}`}
        onClick={() => setAsked('enabled')}
      >
        {enabled ? 'Disable' : 'Enable'}
      </button>
      <button
        type="button"
        className="danger"
        aria-label={`Delete ${url}`}
        onClick={() => setAsked('delete')}
      >
        Delete
      </button>
      {asked === 'edit' && (
        <EndpointForm endpoint={endpoint} sensors={sensors} onSaved={changed} onClose={close} />
      )}
      {asked === 'enabled' && (
        <ConfirmDialog
          title={enabled ? 'Disable the endpoint?' : 'Enable the endpoint?'}
          action={enabled ? 'Disable' : 'Enable'}
          onConfirm={() => update({ id, input: { enabled: !enabled } })}
          onDone={changed}
          onClose={close}
        >
          <p className="endpoint-url">{url}</p>
          <p>
            {enabled
              ? 'Nothing more is sent to it. Readings that come in meanwhile are not queued for it; what waits now is sent when it is enabled again.'
              : 'What has been waiting for it is sent at once, and readings from now on.'}
          </p>
        </ConfirmDialog>
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title="Delete the endpoint?"
          action="Delete"
          isDangerous
          onConfirm={() => remove({ id })}
          onDone={() => {
            close();
            onDelete();
          }}
          onClose={close}
        >
          <p className="endpoint-url">{url}</p>
          <p>
            Its secret, its deliveries and what waits for it are gone for good. To stop it for a
            while, disable it instead.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
