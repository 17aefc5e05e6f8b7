import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  ClosePeriodDocument,
  PeriodPreviewDocument,
} from '../../../../generated/graphql/graphql.js';
import { FormDialog, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { Loading } from '../../components/loading.js';
import { unitVariables } from '../../display-units.js';
import { formErrors } from '../../form-errors.js';
import { dayAfter, lastMonth, periodOf, UTC_DAYS } from '../../range/days.js';
import { FiguresTable } from './figures-table.js';
import type { Group } from './group.js';

/** Closes the next period of a group, whose figures it shows before. */
export function CloseDialog({
  group,
  last,
  onClosed,
  onClose,
}: {
  group: Group;
  /** the last period that is closed */
  last: { readonly end: string } | undefined;
  onClosed: () => void;
  onClose: () => void;
}) {
  const calendar = group.calendar ?? UTC_DAYS;
  const [days, setDays] = useState(() => lastMonth(Date.now()));
  const period = periodOf(days, calendar);
  const range = {
    group: group.id,
    start: last ? null : (period?.start ?? null),
    end: period?.end ?? '',
  };
  const [{ data, error: previewError, fetching: isReading }] = useQuery({
    query: PeriodPreviewDocument,
    variables: { ...range, volumeUnit: unitVariables.volumeUnit },
    pause: !period,
    requestPolicy: 'network-only',
  });
  const [{ error, fetching }, close] = useMutation(ClosePeriodDocument);
  const errors = formErrors(error ?? previewError, ['start', 'end', 'reason']);
  const preview = isReading || previewError ? undefined : data?.periodPreview;
  const obstacles = preview ? obstaclesOf(preview) : [];
  const submit = async (entered: FormData) => {
    const reason = textOf(entered, 'reason').trim() || null;
    const force = obstacles.length > 0;
    const result = await close({ ...range, force, reason });
    if (result.data) onClosed();
  };
  return (
    <FormDialog
      title="Close a period"
      action={obstacles.length > 0 ? 'Close anyway' : 'Close the period'}
      errors={errors}
      isBusy={fetching}
      canSubmit={preview !== undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="quiet small">
        Days of {calendar.timeZone} from {calendar.dayStart}.
      </p>
      <div className="row">
        {!last && (
          <FormField label="First day" error={errors.byField.start}>
            {(input) => (
              <input
                {...input}
                type="date"
                value={days.first}
                onChange={({ target }) => setDays({ ...days, first: target.value })}
              />
            )}
          </FormField>
        )}
        <FormField
          label="Last day"
          hint={last && `The period starts on ${dayAfter(last.end, calendar)}.`}
          error={errors.byField.end}
        >
          {(input) => (
            <input
              {...input}
              type="date"
              value={days.last}
              onChange={({ target }) => setDays({ ...days, last: target.value })}
            />
          )}
        </FormField>
      </div>
      {isReading && <Loading what="the figures" />}
      {preview && (
        <div className="scrolls" role="group" aria-label="Figures by sensor" tabIndex={0}>
          <FiguresTable sensors={preview.sensors} />
        </div>
      )}
      {obstacles.map((text) => (
        <p key={text} className="notice warning">
          {text}
        </p>
      ))}
      <FormField
        label={obstacles.length > 0 ? 'Why it is closed all the same' : 'Reason (optional)'}
        error={errors.byField.reason}
      >
        {(input) => <input {...input} name="reason" autoComplete="off" />}
      </FormField>
    </FormDialog>
  );
}

function obstaclesOf({
  incomplete,
  openFlags,
}: {
  readonly incomplete: readonly { readonly name: string }[];
  readonly openFlags: number;
}): string[] {
  const names = incomplete.map(({ name }) => name).join(', ');
  return [
    ...(incomplete.length > 0 ? [`Readings up to the end are missing of ${names}.`] : []),
    ...(openFlags > 0 ? [`Flagged readings that are not worked off: ${openFlags}.`] : []),
  ];
}
