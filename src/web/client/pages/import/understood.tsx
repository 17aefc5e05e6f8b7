import type { UnderstoodFile } from './answer.js';
import { quantity } from '../../format.js';

const FIELDS: readonly (readonly [string, string])[] = [
  ['sensor_id', 'sensor id'],
  ['sensor_name', 'sensor'],
  ['datetime', 'datetime'],
  ['flowrate', 'flowrate'],
  ['quality', 'quality'],
  ['totalizer', 'totalizer'],
  ['latitude', 'latitude'],
  ['longitude', 'longitude'],
  ['pipe_diameter', 'pipe diameter'],
];

/** What the file was taken for, and its first rows. */
export function Understood({ file }: { file: UnderstoodFile }) {
  const { recognised, unread_columns: unread, assumed_utc: isUtc, preview } = file;
  const hasQuality = preview.some(({ quality }) => quality !== null);
  const hasTotalizer = preview.some(({ totalizer }) => totalizer !== null);
  const read = FIELDS.flatMap(([key, name]) => {
    const columns = file.columns[key];
    return columns ? [`${name} from ${columns.map((each) => `“${each}”`).join(' + ')}`] : [];
  });
  return (
    <section className="stack" aria-label="How the file was understood">
      <h2>How the file was understood</h2>
      <ul className="import-facts">
        {recognised.length > 0 && <li>Recognised: {recognised.join(', ')}.</li>}
        {read.length > 0 && (
          <li>{file.wide ? `A column for each sensor: ${sensors(file)}` : sentence(read)}</li>
        )}
        {unread.length > 0 && <li>Columns not read: {unread.join(', ')}.</li>}
      </ul>
      {isUtc && (
        <p className="notice warning">
          Datetimes without an offset were read as UTC. If the file’s clock shows another zone,
          choose it under “How the file is written”.
        </p>
      )}
      {preview.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="The first rows">
          <table>
            <caption className="visually-hidden">The first rows</caption>
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Sensor</th>
                <th scope="col">Datetime (UTC)</th>
                <th scope="col" className="number">
                  Flowrate (bbl/d)
                </th>
                {hasQuality && <th scope="col">Quality</th>}
                {hasTotalizer && (
                  <th scope="col" className="number">
                    Totalizer (bbl)
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {preview.map((row, index) => (
                <tr key={index}>
                  <td>{row.line}</td>
                  <td>
                    <bdi>{row.sensor_name}</bdi>
                  </td>
                  <td>{row.datetime.replace('T', ' ').replace('Z', '')}</td>
                  <td className="number">{row.flowrate}</td>
                  {hasQuality && <td>{row.quality}</td>}
                  {hasTotalizer && <td className="number">{row.totalizer}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function sentence(parts: readonly string[]): string {
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function sensors({ columns }: UnderstoodFile): string {
  const names = columns.flowrate ?? [];
  const shown = names.slice(0, 10).join(', ');
  return `${shown}${names.length > 10 ? ` and ${quantity(names.length - 10)} more` : ''}.`;
}
