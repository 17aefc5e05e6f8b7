import { Link } from 'wouter';
import { Coverage } from '../../components/coverage.js';
import { Icon } from '../../components/icon.js';
import { roundedParts, volumeFormat } from '../../rounded-volumes.js';
import { percentOf, signed } from '../../signed.js';
import { changeOf, type Order, type SortKey } from './order.js';
import type { SensorVolume } from './use-volumes.js';
import { volumeUnit } from '../../display-units.js';

const COLUMNS: readonly { key: SortKey; name: string; startsDescending?: boolean }[] = [
  { key: 'name', name: 'Sensor' },
  { key: 'volume', name: `Volume (${volumeUnit})`, startsDescending: true },
  { key: 'interpolated', name: `Of it interpolated (${volumeUnit})`, startsDescending: true },
  { key: 'measured', name: 'Time measured' },
  { key: 'before', name: `Period before (${volumeUnit})`, startsDescending: true },
  { key: 'change', name: `Change (${volumeUnit})` },
];

/** A row for each sensor, rounded so that the rows add up, and their total. */
export function VolumeTable({
  sensors,
  order,
  linkTo,
  onOrder,
}: {
  sensors: readonly SensorVolume[];
  order: Order;
  /** the address of a sensor's page for the same period */
  linkTo: (id: string) => string;
  onOrder: (order: Order) => void;
}) {
  const { rows, total, format } = rounded(sensors);
  return (
    <div className="scroll">
      <table className="volumes-table">
        <caption className="visually-hidden">Volumes of the period by sensor</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ key, name, startsDescending = false }) => {
              const isSorted = order.sort === key;
              const descending = isSorted ? !order.descending : startsDescending;
              return (
                <th
                  key={key}
                  scope="col"
                  className={key === 'name' ? undefined : 'number'}
                  aria-sort={isSorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" onClick={() => onOrder({ sort: key, descending })}>
                    {name}
                    {isSorted && <Icon name={order.descending ? 'down' : 'up'} />}
                  </button>
                </th>
              );
            })}
            <th scope="col" className="number">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link href={linkTo(row.id)}>
                  <bdi>{row.name}</bdi>
                </Link>{' '}
                <span className="quiet small">#{row.id}</span>
              </th>
              <Cells row={row} format={format} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              Total of {rows.length === 1 ? '1 sensor' : `${rows.length} sensors`}
            </th>
            <Cells row={total} format={format} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

type Row = Omit<SensorVolume, 'id' | 'name' | 'tags'>;

function Cells({ row, format }: { row: Row; format: (volume: number) => string }) {
  const change = row.hasData || row.hadData ? changeOf(row) : undefined;
  return (
    <>
      <td className="number">{row.hasData ? format(row.volume) : 'No data'}</td>
      <td className="number">{row.interpolated === 0 ? '–' : format(row.interpolated)}</td>
      <td className="number">
        <Coverage share={row.measured} />
      </td>
      <td className="number">{row.hadData ? format(row.before) : 'No data'}</td>
      <td className="number">{signed(change, format)}</td>
      <td className="number">{percentOf(change, row.before)}</td>
    </>
  );
}

/** Volumes rounded so that each column adds up to its total. */
function rounded(sensors: readonly SensorVolume[]) {
  const sum = (of: (sensor: SensorVolume) => number) =>
    sensors.reduce((all, sensor) => all + of(sensor), 0);
  const { decimals, format } = volumeFormat(
    sensors.flatMap(({ volume, before }) => [volume, before]),
  );
  const column = (of: (sensor: SensorVolume) => number) =>
    roundedParts(sum(of), sensors.map(of), decimals);
  const volumes = column(({ volume }) => volume);
  const interpolated = column((sensor) => sensor.interpolated);
  const before = column((sensor) => sensor.before);
  const rows = sensors.map((sensor, index) => ({
    ...sensor,
    volume: volumes[index]!,
    interpolated: interpolated[index]!,
    before: before[index]!,
  }));
  const totalOf = (of: (row: SensorVolume) => number) =>
    rows.reduce((all, row) => all + of(row), 0);
  const total: Row = {
    volume: totalOf(({ volume }) => volume),
    interpolated: totalOf((row) => row.interpolated),
    before: totalOf((row) => row.before),
    hasData: rows.some((row) => row.hasData),
    hadData: rows.some((row) => row.hadData),
    measured: totalOf(({ measured }) => measured ?? 1) / Math.max(rows.length, 1),
  };
  return { rows, total, format };
}
