import type { TotalizerFragment } from '../../../../generated/graphql/graphql.js';
import { Instant } from '../../components/instant.js';
import { volumeUnit } from '../../display-units.js';
import type { VolumeAnswer } from './volume-answer.js';

/** What the meter counted by itself, beside the integral of its flowrate over the same time. */
export function TotalizerComparison({
  totalizer: { start, end, resets, volume, rateVolume, difference },
  format,
  timeZone,
}: {
  totalizer: TotalizerFragment;
  format: VolumeAnswer['format'];
  timeZone: string;
}) {
  const rows = [
    { name: 'Counted by the meter', volume },
    { name: 'Volume of the flowrates', volume: rateVolume },
    { name: 'Difference', volume: difference },
  ];
  return (
    <div className="scroll" role="group" aria-label="Totalizer" tabIndex={0}>
      <table>
        <caption>
          The meter’s own totalizer, from <Instant at={start} timeZone={timeZone} /> to{' '}
          <Instant at={end} timeZone={timeZone} />
          {resets > 0 && `; set back ${resets === 1 ? 'once' : `${resets} times`}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className="number">
              Volume ({volumeUnit})
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td className="number">{format(row.volume)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
