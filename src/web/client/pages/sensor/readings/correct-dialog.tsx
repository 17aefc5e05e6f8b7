import { useCallback, useState } from 'react';
import { useMutation, type Client } from 'urql';
import { CorrectReadingDocument, type Quality } from '../../../../../generated/graphql/graphql.js';
import { ConfirmDialog } from '../../../components/confirm-dialog.js';
import { FormField } from '../../../components/form-field.js';
import { dateTime, flowrate } from '../../../format.js';
import { iso } from '../../../range/range.js';
import { useAsync } from '../../../use-async.js';
import { loadNeighbours, loadVolume, segmentVolume, type Reading } from './neighbours.js';
import { QUALITY_NAMES, QualityBadge } from './quality-badge.js';
import { NO_REASON, ReasonFields, reasonInput } from './reason-fields.js';
import { VolumePreview } from './volume-preview.js';
import { flowrateUnit, unitVariables } from '../../../display-units.js';

/** Corrects a reading, and shows before what becomes of the volume around it. */
export function CorrectDialog({
  id,
  reading,
  timeZone,
  onDone,
  onClose,
}: {
  id: string;
  reading: Reading;
  timeZone: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const [, correct] = useMutation(CorrectReadingDocument);
  const [text, setText] = useState(String(reading.flowrate));
  const [quality, setQuality] = useState(reading.quality);
  const [reason, setReason] = useState(NO_REASON);
  const load = useCallback(
    async (client: Client) => {
      const { before, after, method } = await loadNeighbours(
        client,
        id,
        reading.at - 1,
        reading.at + 1,
      );
      const [start, end] = [before?.at ?? reading.at, after?.at ?? reading.at];
      return { before, after, method, start, end, now: await loadVolume(client, id, start, end) };
    },
    [id, reading.at],
  );
  const { data: around } = useAsync(load);
  const value = text.trim() === '' ? NaN : Number(text);
  const isNumber = Number.isFinite(value);
  const isChanged = isNumber && (value !== reading.flowrate || quality !== reading.quality);
  const corrected = { at: reading.at, flowrate: value };
  return (
    <ConfirmDialog
      title="Correct a reading"
      action="Correct"
      canConfirm={isChanged}
      onConfirm={() =>
        correct({
          input: {
            pings: [{ sensorId: id, flowrate: value, datetime: iso(reading.at), quality }],
            onConflict: 'OVERWRITE',
            unit: unitVariables.flowrateUnit,
            ...reasonInput(reason),
          },
        })
      }
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        {dateTime(new Date(reading.at), timeZone, true)}: {flowrate(reading.flowrate)}
        <QualityBadge quality={reading.quality} />
      </p>
      <FormField
        label="Right flowrate"
        hint={`${flowrateUnit}; negative for reverse flow.`}
        error={isNumber ? undefined : 'Must be a number.'}
      >
        {(input) => (
          <input
            {...input}
            inputMode="decimal"
            autoComplete="off"
            autoFocus
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </FormField>
      <FormField label="Quality" hint="A bad reading counts in no volume.">
        {(input) => (
          <select
            {...input}
            value={quality}
            onChange={({ target }) => setQuality(target.value as Quality)}
          >
            {Object.entries(QUALITY_NAMES).map(([each, name]) => (
              <option key={each} value={each}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <ReasonFields value={reason} onChange={setReason} />
      {around && isChanged && (
        <VolumePreview
          timeZone={timeZone}
          preview={{
            ...around,
            then:
              quality === 'BAD'
                ? segmentVolume(around.before, around.after, around.method)
                : segmentVolume(around.before, corrected, around.method) +
                  segmentVolume(corrected, around.after, around.method),
          }}
        />
      )}
    </ConfirmDialog>
  );
}
