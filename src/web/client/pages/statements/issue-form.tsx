import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  CalendarsDocument,
  type GroupToStateQuery,
  IssueStatementDocument,
} from '../../../../generated/graphql/graphql.js';
import { CalendarField } from '../../components/calendar-field.js';
import { FormDialog, textOf } from '../../components/form-dialog.js';
import { FormField } from '../../components/form-field.js';
import { SensorPicker } from '../../components/sensor-picker.js';
import { formErrors } from '../../form-errors.js';
import { lastMonth, periodOf, UTC_DAYS } from '../../range/days.js';
import { useSensorNames } from '../../use-sensor-names.js';
import { statedVolume } from './stated-volume.js';

const FIELDS = ['sensorIds', 'start', 'end', 'calendar', 'supersedes', 'reason'];

/** Issues a statement of whole days. The server validates the input. */
export function IssueForm({
  group,
  onIssued,
  onClose,
}: {
  /** whose sensors and calendar are chosen at first; undefined: all sensors, and days of UTC */
  group: NonNullable<GroupToStateQuery['sensorGroup']> | undefined;
  onIssued: (news: string) => void;
  onClose: () => void;
}) {
  const { sensors } = useSensorNames();
  const [{ data }] = useQuery({ query: CalendarsDocument });
  const [sensorIds, setSensorIds] = useState<readonly string[] | null>(
    () => group?.members.map(({ sensor }) => sensor.id) ?? null,
  );
  const [days, setDays] = useState(() => lastMonth(Date.now()));
  const [{ error, fetching }, issue] = useMutation(IssueStatementDocument);
  const [wrongNumber, setWrongNumber] = useState<string>();
  const errors = formErrors(error, FIELDS);
  const submit = async (entered: FormData) => {
    const text = (name: string) => textOf(entered, name).trim();
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
    <FormDialog
      title="Issue a statement"
      action={fetching ? 'Issuing…' : 'Issue'}
      errors={errors}
      isBusy={fetching}
      canSubmit={Boolean(sensors && data && periodOf(days, UTC_DAYS))}
      onSubmit={submit}
      onClose={onClose}
    >
      {data && (
        <CalendarField
          label="Calendar"
          hint="Its time zone and start of the day decide where days begin and end."
          error={errors.byField.calendar}
          calendars={data.calendars}
          chosen={group?.calendar?.name}
        />
      )}
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
    </FormDialog>
  );
}
