import { dateTime, percent, utc } from '../../format.js';
import { hasData } from '../../measured-time.js';
import type { Bucket, VolumeAnswer } from './volume-answer.js';
import { volumeUnit } from '../../display-units.js';

/** The figures of the bar that is pointed at. */
export function VolumeReadout({
  answer,
  bucket,
  timeZone,
  isSpoken,
}: {
  answer: VolumeAnswer;
  bucket: Bucket | undefined;
  timeZone: string;
  /** whether screen readers read it: bars are chosen by keys */
  isSpoken: boolean;
}) {
  if (!bucket) {
    return (
      <p className="readout quiet">
        Point at or tap a bar to read it; click it, or press Enter, for details.
      </p>
    );
  }
  const [start, end] = [new Date(bucket.figures.start), new Date(bucket.figures.end)];
  return (
    <p className="readout" aria-live={isSpoken ? 'polite' : 'off'}>
      <strong>
        {dateTime(start, timeZone)} – {dateTime(end, timeZone)}
      </strong>{' '}
      {volumeText(bucket, answer.format)}{' '}
      <span className="quiet">
        {utc(start)} – {utc(end)}
      </span>
    </p>
  );
}

function volumeText(bucket: Bucket, format: VolumeAnswer['format']): string {
  const { figures, measured, volume, interpolatedVolume } = bucket;
  if (!hasData(figures)) {
    return measured.share === undefined ? 'no reading is due yet' : 'no readings, no volume known';
  }
  const parts =
    figures.durationInterpolated > 0
      ? ` (${format(volume - interpolatedVolume)} measured, ${format(interpolatedVolume)} interpolated over outages)`
      : '';
  const time =
    measured.share === undefined ? '' : `, measured ${percent(measured.share)} of the time`;
  return `${format(volume)} ${volumeUnit}${parts}${time}`;
}
