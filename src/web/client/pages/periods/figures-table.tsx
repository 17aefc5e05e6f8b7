import type { PeriodSensorFiguresFragment } from '../../../../generated/graphql/graphql.js';
import { volumeUnit } from '../../display-units.js';
import { duration } from '../../format.js';
import { roundedParts, volumeFormat } from '../../rounded-volumes.js';

const DIRECTIONS = { IN: 'in', OUT: 'out' } as const;

/** What a period has of its sensors. */
export function FiguresTable({ sensors }: { sensors: readonly PeriodSensorFiguresFragment[] }) {
  const { decimals, format } = volumeFormat(sensors.map(({ total }) => total.volume));
  return (
    <table>
      <caption className="visually-hidden">Figures of the period by sensor</caption>
      <thead>
        <tr>
          <th scope="col">Sensor</th>
          <th scope="col">Direction</th>
          <th scope="col" className="number">
            Volume, {volumeUnit}
          </th>
          <th scope="col" className="number">
            Measured
          </th>
          <th scope="col" className="number">
            Interpolated
          </th>
          <th scope="col" className="number">
            Time missing
          </th>
        </tr>
      </thead>
      <tbody>
        {sensors.map(({ sensor, direction, total }) => {
          const { volume, volumeMeasured, volumeInterpolated } = total;
          const parts = roundedParts(volume, [volumeMeasured, volumeInterpolated], decimals);
          return (
            <tr key={sensor.id}>
              <th scope="row">
                <bdi>{sensor.name}</bdi>
              </th>
              <td>{direction ? DIRECTIONS[direction] : 'none'}</td>
              <td className="number">{format(volume)}</td>
              <td className="number">{format(parts[0]!)}</td>
              <td className="number">{format(parts[1]!)}</td>
              <td className="number">{duration(total.durationMissing * 1000)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
