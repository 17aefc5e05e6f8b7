import { useState } from 'react';
import { useMutation, useQuery, type CombinedError } from 'urql';
import {
  CalendarsDocument,
  UpdateFlowSensorsDocument,
  type UpdateFlowSensorsInput,
  type UpdateFlowSensorsMutation,
} from '../../../../generated/graphql/graphql.js';
import { FormDialog } from '../../components/form-dialog.js';
import { SinceFields, type Since } from '../../components/since-fields.js';
import { FormField } from '../../components/form-field.js';
import { formErrors } from '../../form-errors.js';
import type { NamedGroup } from '../../use-groups.js';
import { readEdit } from './edit-input.js';
import { EditFields } from './edit-fields.js';
import { EditPreview } from './edit-preview.js';

type Preview = UpdateFlowSensorsMutation['updateFlowSensors'];

const FIELDS = [
  ...['maxGap', 'method', 'entryUnit', 'calendar', 'addTags', 'removeTags'],
  ...['addToGroups', 'removeFromGroups', 'retire', 'effectiveFrom', 'reason'],
];

/** Changes the selected sensors, all of them or none, once it has shown what that changes. */
export function EditDialog({
  sensorIds,
  groups,
  onDone,
  onClose,
}: {
  sensorIds: readonly string[];
  groups: readonly NamedGroup[];
  onDone: () => void;
  onClose: () => void;
}) {
  const [{ data: calendars }] = useQuery({ query: CalendarsDocument });
  const [, update] = useMutation(UpdateFlowSensorsDocument);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<CombinedError>();
  const [notNumber, setNotNumber] = useState<Readonly<Record<string, string>>>({});
  const [since, setSince] = useState<Since>(null);
  /** what is saved is what was previewed */
  const [previewed, setPreviewed] = useState<{ input: UpdateFlowSensorsInput; preview: Preview }>();
  const { byField, general } = formErrors(error, FIELDS);
  const errors = { general, byField: { ...byField, ...notNumber } };
  const count = sensorIds.length === 1 ? '1 sensor' : `${sensorIds.length} sensors`;

  const send = async (input: UpdateFlowSensorsInput, dryRun: boolean) => {
    setBusy(true);
    const result = await update({ ids: [...sensorIds], input, dryRun });
    setBusy(false);
    setError(result.error);
    return result.data?.updateFlowSensors;
  };
  const submit = async (data: FormData) => {
    if (previewed) {
      if (await send(previewed.input, false)) onDone();
      else setPreviewed(undefined);
      return;
    }
    const { input, errors: wrong } = readEdit(data, since);
    setNotNumber(wrong);
    setError(undefined);
    if (Object.keys(wrong).length > 0) return;
    const preview = await send(input, true);
    if (preview) setPreviewed({ input, preview });
  };
  const changesNothing = previewed?.preview.changedCount === 0;
  return (
    <FormDialog
      title={`Edit ${count}`}
      action={previewed ? 'Save' : 'Preview'}
      errors={errors}
      isBusy={isBusy}
      canSubmit={!changesNothing}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="stack" onChange={() => setPreviewed(undefined)}>
        <EditFields
          errors={errors.byField}
          groups={groups}
          calendars={calendars?.calendars ?? []}
        />
        <SinceFields
          label="In force"
          hint="Of “Outage after”, “Flow between readings” and “Calendar”; all else applies from now on."
          now="From now on"
          at="From a date I choose"
          date={{ label: 'In force from', hint: 'In your time zone.' }}
          error={errors.byField.effectiveFrom}
          onChange={(at) => {
            setSince(at);
            setPreviewed(undefined);
          }}
        />
        <FormField
          label="Reason"
          hint="For the log of each sensor; optional."
          error={errors.byField.reason}
        >
          {(input) => <input {...input} name="reason" maxLength={1000} autoComplete="off" />}
        </FormField>
      </div>
      <div role="status">{previewed && <EditPreview preview={previewed.preview} />}</div>
    </FormDialog>
  );
}
