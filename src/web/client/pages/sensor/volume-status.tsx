import { useCallback } from 'react';
import type { Client } from 'urql';
import { VolumeStatusDocument, type Quality } from '../../../../generated/graphql/graphql.js';
import { volumeUnit } from '../../display-units.js';
import type { VolumeAnswer } from './volume-answer.js';
import { Failure } from '../../components/failure.js';
import { useAsync } from '../../use-async.js';
import { TotalizerComparison } from './totalizer-comparison.js';

const MEANINGS: Readonly<Record<Quality, string>> = {
  GOOD: 'Good: every reading that the volume depends on is good.',
  UNCERTAIN: 'Uncertain: a reading that the volume depends on is doubtful.',
  BAD: 'Bad: there are bad readings. The volume leaves them out and interpolates over them.',
};

/**
 * The worst quality of the readings that a volume depends on, what of it rests on substitutes, and what
 * the meter counted by itself.
 */
export function VolumeStatus({
  id,
  start,
  end,
  format,
  timeZone,
}: {
  id: string;
  start: string;
  end: string;
  format: VolumeAnswer['format'];
  timeZone: string;
}) {
  const load = useCallback(
    async (client: Client) => {
      const { data, error } = await client.query(VolumeStatusDocument, { id, start, end });
      if (error) throw error;
      return { volume: data?.flowSensor?.flowVolume };
    },
    [id, start, end],
  );
  const { data, error, reload } = useAsync(load);
  if (error) return <Failure what="The quality of the readings" error={error} retry={reload} />;
  const { status, volumeSubstituted = 0, totalizer } = data?.volume ?? {};
  return (
    <>
      {status && <p>Quality of the readings: {MEANINGS[status]}</p>}
      {volumeSubstituted !== 0 && (
        <p>
          Of the volume, {format(volumeSubstituted)} {volumeUnit} rest on substituted readings.
        </p>
      )}
      {totalizer && (
        <TotalizerComparison totalizer={totalizer} format={format} timeZone={timeZone} />
      )}
    </>
  );
}
