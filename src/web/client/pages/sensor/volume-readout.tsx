import type { VolumeFiguresFragment } from '../../../../generated/graphql/graphql.js';
import { dateTime, percent, utc, volume } from '../../format.js';

/** The figures of the bar that is pointed at. */
export function VolumeReadout({
  bucket,
  timeZone,
}: {
  bucket: VolumeFiguresFragment | undefined;
  timeZone: string;
}) {
  if (!bucket) return <p className="readout quiet">Point at a bar to read it.</p>;
  const [start, end] = [new Date(bucket.start), new Date(bucket.end)];
  return (
    <p className="readout">
      <strong>
        {dateTime(start, timeZone)} – {dateTime(end, timeZone)}
      </strong>{' '}
      {volume(bucket.volume)}, {percent(bucket.coverage)} measured{' '}
      <span className="quiet">
        {utc(start)} – {utc(end)}
      </span>
    </p>
  );
}
