import { Link } from 'wouter';
import { Badge } from '../../components/badge.js';
import { quantity } from '../../format.js';
import type { ImportedSensor } from './answer.js';

const MAX_ROWS = 200;

/** What becomes of the readings of each sensor. */
export function ChangesTable({ sensors }: { sensors: readonly ImportedSensor[] }) {
  const hasConflicts = sensors.some(({ conflicts }) => conflicts > 0);
  const hasCorrections = sensors.some(({ corrected }) => corrected > 0);
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label="By sensor">
        <table>
          <caption className="visually-hidden">By sensor</caption>
          <thead>
            <tr>
              <th scope="col">Sensor</th>
              <NumberHead name="Readings" />
              <NumberHead name="New" />
              {hasCorrections && <NumberHead name="Corrected" />}
              {hasConflicts && <NumberHead name="In conflict" />}
              <th scope="col">First reading (UTC)</th>
              <th scope="col">Last reading (UTC)</th>
            </tr>
          </thead>
          <tbody>
            {sensors.slice(0, MAX_ROWS).map((sensor) => (
              <tr key={`${sensor.sensor_id} ${sensor.sensor_name}`}>
                <th scope="row">
                  <SensorName sensor={sensor} />
                </th>
                <td className="number">{quantity(sensor.readings)}</td>
                <td className="number">{quantity(sensor.inserted)}</td>
                {hasCorrections && <td className="number">{quantity(sensor.corrected)}</td>}
                {hasConflicts && <td className="number">{quantity(sensor.conflicts)}</td>}
                <td>{plain(sensor.start)}</td>
                <td>{plain(sensor.end)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sensors.length > MAX_ROWS && (
        <p className="quiet">and {quantity(sensors.length - MAX_ROWS)} more sensors</p>
      )}
    </>
  );
}

function NumberHead({ name }: { name: string }) {
  return (
    <th scope="col" className="number">
      {name}
    </th>
  );
}

/** A link to the readings of the file, if the sensor exists. */
function SensorName({ sensor }: { sensor: ImportedSensor }) {
  const { sensor_id: id, sensor_name: name, created, start, end } = sensor;
  const isInstant = start === end;
  const range = isInstant ? '' : `?${new URLSearchParams({ start, end })}`;
  return (
    <>
      {id === null ? (
        <bdi>{name}</bdi>
      ) : (
        <Link href={`/sensors/${id}${range}`}>
          <bdi>{name}</bdi>
        </Link>
      )}{' '}
      {created && (
        <Badge tone="good" icon="plus">
          New sensor
        </Badge>
      )}
    </>
  );
}

function plain(datetime: string): string {
  return datetime.replace('T', ' ').replace('Z', '');
}
