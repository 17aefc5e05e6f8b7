import { Figure } from '../../components/figure.js';
import { quantity } from '../../format.js';
import type { ImportResult } from './answer.js';
import { ChangesTable } from './changes-table.js';
import { Understood } from './understood.js';
import type { Importer } from './use-importer.js';

/** A file that can be loaded, and what would change. */
export function Preview({ importer, result }: { importer: Importer; result: ImportResult }) {
  const { inserted, corrected, sensors_created: created } = result;
  const changes = inserted + corrected;
  return (
    <>
      <Understood file={result} />
      <section className="stack" aria-label="What would change">
        <h2>What would change</h2>
        <ResultFigures result={result} />
        {result.sensors.length > 0 && <ChangesTable sensors={result.sensors} />}
        {changes + created === 0 && <p>All readings of the file are already stored.</p>}
        <div className="row">
          <button
            type="button"
            className="primary"
            disabled={changes + created === 0 || importer.isOutdated}
            onClick={importer.load}
          >
            Load {quantity(changes)} {changes === 1 ? 'reading' : 'readings'}
          </button>
        </div>
      </section>
    </>
  );
}

/** The counts of a file; those that are usually 0 only where they are not. */
export function ResultFigures({ result }: { result: ImportResult }) {
  const { readings, inserted, duplicates, corrected, repeated, qualities } = result;
  const leftOut = Object.values(result.left_out).reduce((total, count) => total + count, 0);
  const unusual: readonly (readonly [string, number])[] = [
    ['Corrected', corrected],
    ['New sensors', result.sensors_created],
    ['Repeated in the file', repeated],
    ['Rows left out', leftOut],
    ['Bad, in no volume', qualities.bad],
    ['Uncertain', qualities.uncertain],
  ];
  return (
    <dl className="row import-figures">
      <Figure name="Readings" value={quantity(readings)} />
      <Figure name="New" value={quantity(inserted)} />
      <Figure name="Already stored" value={quantity(duplicates)} />
      {unusual.map(
        ([name, count]) => count > 0 && <Figure key={name} name={name} value={quantity(count)} />,
      )}
    </dl>
  );
}
