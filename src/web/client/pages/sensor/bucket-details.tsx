import { Failure } from '../../components/failure.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { dateTime, duration, percent } from '../../format.js';
import { VolumeStatus } from './volume-status.js';
import { useBucketOutages } from './use-bucket-outages.js';
import type { Bucket, VolumeAnswer } from './volume-answer.js';
import { volumeUnit } from '../../display-units.js';

/** Explains one bar: what of it is measured, and its outages. */
export function BucketDetails({
  id,
  answer,
  bucket,
  timeZone,
  onDrillDown,
  onClose,
}: {
  id: string;
  answer: VolumeAnswer;
  bucket: Bucket;
  timeZone: string;
  /** shows the bar's range by itself, in finer bars; undefined where there are none */
  onDrillDown: (() => void) | undefined;
  onClose: () => void;
}) {
  const { figures, measured, volume, interpolatedVolume } = bucket;
  const { durationGood, durationInterpolated, durationMissing } = figures;
  const { format } = answer;
  const pending = measured.pending / 1000;
  const length = durationGood + durationInterpolated + durationMissing;
  const rows = [
    { name: 'Measured', volume: volume - interpolatedVolume, seconds: durationGood },
    {
      name: 'Interpolated over outages',
      volume: interpolatedVolume,
      seconds: durationInterpolated,
    },
    { name: 'No readings', volume: undefined, seconds: durationMissing - pending },
    ...(pending > 0
      ? [{ name: 'Pending: no reading is overdue yet', volume: undefined, seconds: pending }]
      : []),
    { name: 'Total', volume, seconds: length },
  ];
  return (
    <section className="stack bucket-details" aria-label="Details of the bar">
      <div className="row spread">
        <h3>
          {dateTime(new Date(figures.start), timeZone)} –{' '}
          {dateTime(new Date(figures.end), timeZone)}
        </h3>
        <div className="row">
          {onDrillDown && (
            <button type="button" onClick={onDrillDown}>
              Zoom in to this bar
            </button>
          )}
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
      <div className="scroll" role="group" aria-label="Parts of the volume" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" className="number">
                Volume ({volumeUnit})
              </th>
              <th scope="col" className="number">
                Time
              </th>
              <th scope="col" className="number">
                Share of the time
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, volume: part, seconds }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{part === undefined ? '–' : format(part)}</td>
                <td className="number">{duration(seconds * 1000)}</td>
                <td className="number">{length > 0 ? percent(seconds / length) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <VolumeStatus
        id={id}
        start={figures.start}
        end={figures.end}
        format={format}
        timeZone={timeZone}
      />
      {durationInterpolated > 0 && (
        <Outages id={id} bucket={bucket} format={format} timeZone={timeZone} />
      )}
    </section>
  );
}

function Outages({
  id,
  bucket: { figures },
  format,
  timeZone,
}: {
  id: string;
  bucket: Bucket;
  format: VolumeAnswer['format'];
  timeZone: string;
}) {
  const { outages, total, error, retry } = useBucketOutages(id, figures);
  if (error) return <Failure what="Outages" error={error} retry={retry} />;
  if (!outages) return <Loading what="outages" />;
  return (
    <div className="scroll" role="group" aria-label="Outages" tabIndex={0}>
      <table>
        <caption>
          Outages{total > outages.length && `: the first ${outages.length} of ${total}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="number">
              Length
            </th>
            <th scope="col" className="number">
              Interpolated in this bar ({volumeUnit})
            </th>
          </tr>
        </thead>
        <tbody>
          {outages.map(({ start, end, volume }) => (
            <tr key={start}>
              <td>
                <Instant at={start} timeZone={timeZone} />
              </td>
              <td>
                <Instant at={end} timeZone={timeZone} />
              </td>
              <td className="number">{duration(Date.parse(end) - Date.parse(start))}</td>
              <td className="number">{format(volume)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
