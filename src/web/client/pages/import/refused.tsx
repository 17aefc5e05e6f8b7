import { Figure } from '../../components/figure.js';
import { quantity } from '../../format.js';
import type { Refusal, Remedy } from './answer.js';
import { ChangesTable } from './changes-table.js';
import { remedied } from './draft.js';
import { Understood } from './understood.js';
import type { Importer } from './use-importer.js';

/** A file that cannot be loaded as it is, and what can help. */
export function Refused({ importer, refusal }: { importer: Importer; refusal: Refusal }) {
  const { errors, count, file, changes } = refusal;
  const hidden = count - errors.length;
  return (
    <>
      <div className="notice bad import-errors" role="alert">
        <p>
          <strong>
            {count === 1 ? 'There is an error' : `There are ${quantity(count)} errors`}; nothing was
            loaded.
          </strong>
        </p>
        <ul>
          {errors.map(({ line, column, message }, index) => (
            <li key={index}>
              {place(line, column)}
              {message}
            </li>
          ))}
          {hidden > 0 && <li>and {quantity(hidden)} more</li>}
        </ul>
        <Remedies importer={importer} remedies={errors.flatMap(({ remedies }) => remedies)} />
      </div>
      {changes && (
        <section className="stack" aria-label="What would change">
          <h2>What would change</h2>
          <dl className="row import-figures">
            <Figure name="Readings" value={quantity(changes.readings)} />
            <Figure name="New" value={quantity(changes.inserted)} />
            <Figure
              name="In conflict"
              tone="bad"
              value={quantity(
                changes.sensors.reduce((total, { conflicts }) => total + conflicts, 0),
              )}
            />
          </dl>
          <ChangesTable sensors={changes.sensors} />
        </section>
      )}
      {file && <Understood file={file} />}
    </>
  );
}

/** A button for each way out that needs no further choice, and a sentence for the others. */
function Remedies({ importer, remedies }: { importer: Importer; remedies: readonly Remedy[] }) {
  const distinct = [...new Map(remedies.map((each) => [JSON.stringify(each), each])).values()];
  const applicable = distinct.flatMap((remedy) => {
    const draft = remedied(importer.draft, remedy);
    return draft ? [{ remedy, draft }] : [];
  });
  const hints = distinct.flatMap((remedy) =>
    remedied(importer.draft, remedy) ? [] : (HINTS[remedy.parameter] ?? []),
  );
  return (
    <>
      {hints.map((hint) => (
        <p key={hint}>{hint}</p>
      ))}
      <div className="row">
        {applicable.map(({ remedy, draft }) => (
          <button
            key={JSON.stringify(remedy)}
            type="button"
            onClick={() => importer.preview(draft)}
          >
            {nameOf(remedy)}
          </button>
        ))}
      </div>
    </>
  );
}

const HINTS: Readonly<Record<string, string>> = {
  columns: 'Choose the columns under “How the file is written”.',
  delimiter: 'Choose what is between the columns under “How the file is written”.',
  decimal: 'Choose the decimal separator under “How the file is written”.',
  time_zone: 'Choose the time zone of the file’s clock under “How the file is written”.',
};

function nameOf({ parameter, value }: Remedy): string {
  const names: Readonly<Record<string, string>> = {
    columns: `Read the columns as ${value}`,
    wide: 'Read a column for each sensor',
    create_sensors: 'Create the sensors',
    on_conflict: 'Correct the stored readings',
    skip_empty: 'Leave out rows without a flowrate',
    encoding: `Read the file as ${value ?? 'windows-1252'}`,
    null_value: `Leave out rows with ${value}`,
    where: `Read only rows with ${value}`,
    date_format: `Read datetimes as ${value}`,
    decimal: `Read “${value}” as the decimal separator`,
    unit: `Read flowrates in ${value}`,
  };
  return names[parameter] ?? parameter;
}

function place(line: number | null, column: string | null): string {
  const parts = [...(line === null ? [] : [`Line ${line}`]), ...(column === null ? [] : [column])];
  return parts.length > 0 ? `${parts.join(', ')}: ` : '';
}
