import { useCallback } from 'react';
import type { Client } from 'urql';
import { VolumeStatusDocument, type Quality } from '../../../../generated/graphql/graphql.js';
import { Failure } from '../../components/failure.js';
import { useAsync } from '../../use-async.js';

const MEANINGS: Readonly<Record<Quality, string>> = {
  GOOD: 'Good: every reading that the volume depends on is good.',
  UNCERTAIN: 'Uncertain: a reading that the volume depends on is doubtful.',
  BAD: 'Bad: there are bad readings. The volume leaves them out and interpolates over them.',
};

/** The worst quality of the readings that a volume depends on. */
export function VolumeStatus({ id, start, end }: { id: string; start: string; end: string }) {
  const load = useCallback(
    async (client: Client) => {
      const { data, error } = await client.query(VolumeStatusDocument, { id, start, end });
      if (error) throw error;
      return { status: data?.flowSensor?.flowVolume.status };
    },
    [id, start, end],
  );
  const { data, error, reload } = useAsync(load);
  if (error) return <Failure what="The quality of the readings" error={error} retry={reload} />;
  if (!data?.status) return null;
  return <p>Quality of the readings: {MEANINGS[data.status]}</p>;
}
