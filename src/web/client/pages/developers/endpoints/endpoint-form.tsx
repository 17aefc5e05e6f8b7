import { useState } from 'react';
import { useMutation } from 'urql';
import {
  CreateWebhookEndpointDocument,
  UpdateWebhookEndpointDocument,
  type EndpointPartsFragment,
} from '../../../../../generated/graphql/graphql.js';
import { FormDialog, textOf } from '../../../components/form-dialog.js';
import { FieldGroup, FormField } from '../../../components/form-field.js';
import { SensorPicker } from '../../../components/sensor-picker.js';
import { formErrors } from '../../../form-errors.js';
import { EVENT_TYPES } from '../event-types.js';
import type { NamedSensor } from '../../../use-sensor-names.js';
import { useRepetitionWarning } from './use-repetition-warning.js';

const FIELDS = ['url', 'description', 'sensorIds', 'eventTypes'];

/** Creates an endpoint, or changes one. The server validates the input. */
export function EndpointForm({
  endpoint,
  sensors,
  onSaved,
  onClose,
}: {
  endpoint?: EndpointPartsFragment;
  sensors: readonly NamedSensor[] | undefined;
  onSaved: () => void;
  onClose: () => void;
}) {
  const [sensorIds, setSensorIds] = useState<readonly string[] | null>(endpoint?.sensorIds ?? null);
  const { repeated, maySave } = useRepetitionWarning(endpoint);
  const [created, create] = useMutation(CreateWebhookEndpointDocument);
  const [updated, update] = useMutation(UpdateWebhookEndpointDocument);
  const isBusy = created.fetching || updated.fetching;
  const errors = formErrors(created.error ?? updated.error, FIELDS);

  const save = async (data: FormData) => {
    const input = {
      url: textOf(data, 'url').trim(),
      description: textOf(data, 'description').trim() || null,
      sensorIds: sensorIds && [...sensorIds],
      eventTypes: data.getAll('eventTypes').map(String),
    };
    if (!(await maySave(input))) return;
    const { error } = await (endpoint ? update({ id: endpoint.id, input }) : create({ input }));
    if (!error) onSaved();
  };

  return (
    <FormDialog
      title={endpoint ? 'Edit the endpoint' : 'Add a webhook endpoint'}
      action={`${endpoint ? 'Save' : 'Add endpoint'}${repeated ? ' anyway' : ''}`}
      errors={errors}
      isBusy={isBusy}
      onSubmit={save}
      onClose={onClose}
    >
      <FormField
        label="URL"
        hint="Each event is sent here with POST. Redirects are not followed."
        error={errors.byField.url}
      >
        {(input) => (
          <input
            {...input}
            name="url"
            type="url"
            inputMode="url"
            placeholder="https://example.com/flowgate"
            defaultValue={endpoint?.url}
            autoComplete="off"
            autoFocus
          />
        )}
      </FormField>
      <FormField label="Description (optional)" error={errors.byField.description}>
        {(input) => (
          <input {...input} name="description" defaultValue={endpoint?.description ?? ''} />
        )}
      </FormField>
      <FieldGroup label="Events" error={errors.byField.eventTypes}>
        {EVENT_TYPES.map(({ type, description }) => (
          <label key={type} className="choice">
            <input
              type="checkbox"
              name="eventTypes"
              value={type}
              defaultChecked={(endpoint?.eventTypes ?? ['ping_received']).includes(type)}
            />
            <span>
              <code>{type}</code> <span className="quiet">– {description}</span>
            </span>
          </label>
        ))}
      </FieldGroup>
      <SensorPicker
        sensors={sensors}
        chosen={sensorIds}
        onChange={setSensorIds}
        all="All sensors, including new ones"
        error={errors.byField.sensorIds}
      />
      {repeated && (
        <div className="notice warning" role="alert">
          <p>
            <strong>Another endpoint already sends to this URL.</strong> Its receiver would get
            every {repeated.join(' and ')} twice.
          </p>
        </div>
      )}
    </FormDialog>
  );
}
