import { Icon } from '../../components/icon.js';
import type { OverviewData } from './use-overview.js';
import type { Selection, SortKey } from './selection.js';
import { SensorRow } from './sensor-row.js';

const COLUMNS: readonly {
  key: SortKey;
  name: string;
  number?: boolean;
  startsDescending?: boolean;
}[] = [
  { key: 'name', name: 'Sensor' },
  { key: 'state', name: 'State' },
  { key: 'reading', name: 'Last reading', number: true, startsDescending: true },
  { key: 'age', name: 'Age', number: true, startsDescending: true },
  { key: 'volume', name: '24 h volume', number: true, startsDescending: true },
  { key: 'coverage', name: 'Time measured' },
];

// Rows are laid out as cards on narrow screens, which takes away a table's own roles.
export function SensorTable({
  data: { start, end },
  sensors,
  now,
  selection,
  onChange,
  chosen,
  onChoose,
}: {
  data: OverviewData;
  sensors: OverviewData['sensors'];
  now: Date;
  selection: Selection;
  onChange: (change: Partial<Selection>) => void;
  /** ids */
  chosen: ReadonlySet<string>;
  onChoose: (id: string, isChosen: boolean) => void;
}) {
  return (
    <table className="sensor-table" role="table">
      <caption className="visually-hidden">Sensors, each with its last 24 hours</caption>
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map(({ key, name, number, startsDescending = false }) => {
            const isSorted = selection.sort === key;
            const descending = isSorted ? !selection.descending : startsDescending;
            return (
              <th
                key={key}
                role="columnheader"
                scope="col"
                className={number ? 'number' : undefined}
                aria-sort={isSorted ? (selection.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button type="button" onClick={() => onChange({ sort: key, descending })}>
                  {name}
                  {isSorted && <Icon name={selection.descending ? 'down' : 'up'} />}
                </button>
              </th>
            );
          })}
          <th role="columnheader" scope="col" className="trend">
            Last 24 h
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sensors.map((sensor) => (
          <SensorRow
            key={sensor.id}
            sensor={sensor}
            start={start}
            end={end}
            now={now}
            isChosen={chosen.has(sensor.id)}
            onChoose={onChoose}
          />
        ))}
      </tbody>
    </table>
  );
}
