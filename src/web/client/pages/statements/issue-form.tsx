import { useState, type SubmitEvent } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  CalendarsDocument,
  IssueStatementDocument,
} from '../../../../generated/graphql/graphql.js';
import { Dialog } from '../../components/dialog.js';
import { FormField } from '../../components/form-field.js';
import { SensorPicker } from '../../components/sensor-picker.js';
import { formErrors } from '../../form-errors.js';
import { lastMonth, periodOf, UTC_DAYS } from '../../range/days.js';
import { useErrorFocus } from '../../use-error-focus.js';
import { useSensorNames } from '../../use-sensor-names.js';

import { statedVolume } from './stated-volume.js';

const FIELDS = ['sensorIds', 'start', 'end', 'calendar', 'supersedes', 'reason'];

/** Issues a statement of whole days. The server validates the input. */
export function IssueForm({
  onIssued,
  onClose,
}: {
  onIssued: (news: string) => void;
  onClose: () => void;
}) {
  const { sensors } = useSensorNames();
  const [{ data }] = useQuery({ query: CalendarsDocument });
  const [sensorIds, setSensorIds] = useState<readonly string[] | null>(null);
  const [days, setDays] = useState(() => lastMonth(Date.now()));
  const [{ error, fetching }, issue] = useMutation(IssueStatementDocument);
  const [wrongNumber, setWrongNumber] = useState<string>();
  const errors = formErrors(error, FIELDS);
  const form = useErrorFocus(errors);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const text = (name: string) => ((entered.get(name) as string | null) ?? '').trim();
    const calendar = data?.calendars.find(({ name }) => name === text('calendar'));
    const period = periodOf(days, calendar ?? UTC_DAYS);
    const supersedes = text('supersedes');
    const isNumber = /^\d*$/.test(supersedes);
    setWrongNumber(isNumber ? undefined : `Must be a whole number; got ${supersedes}.`);
    if (!period || !isNumber) return;
    const result = await issue({
      input: {
        sensorIds: [...(sensorIds ?? (sensors ?? []).map(({ id }) => id))],
        ...period,
        calendar: calendar?.name ?? null,
        supersedes: supersedes ? Number(supersedes) : null,
        reason: text('reason') || null,
      },
    });
    const issued = result.data?.issueStatement;
    if (issued) {
      onIssued(`Statement ${issued.number} was issued: ${statedVolume(issued.volume)} bbl.`);
    }
  };
  return (
    <Dialog title="Issue a statement" onClose={onClose}>
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        <FormField
          label="Calendar"
          hint="Its time zone and start of the day decide where days begin and end."
          error={errors.byField.calendar}
        >
          {(input) => (
            <select {...input} name="calendar" defaultValue="">
              <option value="">Days of UTC</option>
              {data?.calendars.map(({ name, timeZone, dayStart }) => (
                <option key={name} value={name}>
                  {name} ({timeZone}, {dayStart})
                </option>
              ))}
            </select>
          )}
        </FormField>
        <div className="row">
          <FormField label="First day" error={errors.byField.start}>
            {(input) => (
              <input
                {...input}
                type="date"
                required
                value={days.first}
                onChange={(event) => setDays({ ...days, first: event.target.value })}
              />
            )}
          </FormField>
          <FormField label="Last day" error={errors.byField.end}>
            {(input) => (
              <input
                {...input}
                type="date"
                required
                value={days.last}
                onChange={(event) => setDays({ ...days, last: event.target.value })}
              />
            )}
          </FormField>
        </div>
        <SensorPicker
          sensors={sensors}
          chosen={sensorIds}
          onChange={setSensorIds}
          all="All sensors in service"
          error={errors.byField.sensorIds}
        />
        <FormField
          label="Replaces statement number (optional)"
          error={wrongNumber ?? errors.byField.supersedes}
        >
          {(input) => <input {...input} name="supersedes" inputMode="numeric" autoComplete="off" />}
        </FormField>
        <FormField label="Reason (required if it replaces one)" error={errors.byField.reason}>
          {(input) => <input {...input} name="reason" autoComplete="off" />}
        </FormField>
        {errors.general && (
          <p className="notice bad" role="alert">
            {errors.general}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="primary"
            disabled={fetching || !sensors || !periodOf(days, UTC_DAYS)}
          >
            {fetching ? 'Issuing…' : 'Issue'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
