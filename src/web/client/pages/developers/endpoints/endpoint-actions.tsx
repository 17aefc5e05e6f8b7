import { useState } from 'react';
import { useMutation } from 'urql';
import {
  DeleteWebhookEndpointDocument,
  UpdateWebhookEndpointDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
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
  const [openDialog, setOpenDialog] = useState<'edit' | 'enabled' | 'delete'>();
  const [, update] = useMutation(UpdateWebhookEndpointDocument);
  const [, remove] = useMutation(DeleteWebhookEndpointDocument);
  const close = () => setOpenDialog(undefined);
  const changed = () => {
    close();
    onChange();
  };
  return (
    <>
      <button type="button" aria-label={`Edit ${url}`} onClick={() => setOpenDialog('edit')}>
        Edit
      </button>
      <button
        type="button"
        aria-label={`${enabled ? 'Disable' : 'Enable'} ${url}`}
        onClick={() => setOpenDialog('enabled')}
      >
        {enabled ? 'Disable' : 'Enable'}
      </button>
      <button
        type="button"
        className="danger"
        aria-label={`Delete ${url}`}
        onClick={() => setOpenDialog('delete')}
      >
        Delete
      </button>
      {openDialog === 'edit' && (
        <EndpointForm endpoint={endpoint} sensors={sensors} onSaved={changed} onClose={close} />
      )}
      {openDialog === 'enabled' && (
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
              ? 'Nothing more is sent to it. Readings that arrive while it is disabled are not queued for it; deliveries that are waiting now are sent once it is enabled again.'
              : 'Waiting deliveries are sent at once, and readings from now on.'}
          </p>
        </ConfirmDialog>
      )}
      {openDialog === 'delete' && (
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
            Its secret and all its deliveries, waiting ones included, are deleted for good. To pause
            it, disable it instead.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
