import { useState } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { ImportsDocument, type ImportsQuery } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Failure } from '../../components/failure.js';
import { Instant } from '../../components/instant.js';
import { StackedTable } from '../../components/stacked-table.js';
import { quantity } from '../../format.js';
import { isolated } from '../../isolated.js';
import { UndoDialog } from './undo-dialog.js';

export type PastImport = ImportsQuery['imports'][number];

const PAGE = 20;
const MAX_SENSORS = 5;

/** The files that were loaded, the newest first, each of which can be undone. */
export function PastImports() {
  // The last id of each page but the last one shown.
  const [ends, setEnds] = useState<readonly (string | null)[]>([null]);
  const [{ data, error }, reload] = useQuery({
    query: ImportsDocument,
    variables: { before: ends.at(-1) ?? null },
  });
  const [undoing, setUndoing] = useState<PastImport>();
  const [news, setNews] = useState('');
  const imports = data?.imports ?? [];
  if (error) return <Failure what="Earlier imports" error={error} retry={() => reload()} />;
  if (!data || (imports.length === 0 && ends.length === 1)) return null;
  return (
    <section className="stack" aria-label="Earlier imports">
      <h2>Earlier imports</h2>
      <p role="status" className={news ? 'notice' : 'visually-hidden'}>
        {news}
      </p>
      <StackedTable
        caption="Earlier imports"
        columns={['File', 'Imported', 'By', 'New', 'Corrected', 'Sensors']}
        actions="Actions"
        className="past-imports"
      >
        {imports.map((each) => (
          <Row key={each.id} imported={each} onUndo={() => setUndoing(each)} />
        ))}
      </StackedTable>
      <div className="row">
        {ends.length > 1 && (
          <button type="button" onClick={() => setEnds(ends.slice(0, -1))}>
            Later
          </button>
        )}
        {imports.length === PAGE && (
          <button type="button" onClick={() => setEnds([...ends, imports.at(-1)!.id])}>
            Earlier
          </button>
        )}
      </div>
      {undoing && (
        <UndoDialog
          imported={undoing}
          onDone={() => {
            setUndoing(undefined);
            setNews(`The import of ${nameOf(undoing)} was undone.`);
            reload();
          }}
          onClose={() => setUndoing(undefined)}
        />
      )}
    </section>
  );
}

function Row({ imported, onUndo }: { imported: PastImport; onUndo: () => void }) {
  const { importedAt, importedBy, inserted, corrected, sensors, undoneAt, undoneBy } = imported;
  const hidden = sensors.length - MAX_SENSORS;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <bdi>{nameOf(imported)}</bdi>
      </th>
      <td role="cell" data-label="Imported">
        <Instant at={importedAt} />
      </td>
      <td role="cell" data-label="By">
        <bdi>{importedBy.replace(/^(user|token):/, '')}</bdi>
      </td>
      <td role="cell" data-label="New">
        {quantity(inserted)}
      </td>
      <td role="cell" data-label="Corrected">
        {quantity(corrected)}
      </td>
      <td role="cell" data-label="Sensors" className="past-sensors">
        {sensors.slice(0, MAX_SENSORS).map(({ sensorId, name }, index) => (
          <span key={sensorId}>
            {index > 0 && ', '}
            <Link href={`/sensors/${sensorId}`}>
              <bdi>{name}</bdi>
            </Link>
          </span>
        ))}
        {hidden > 0 && ` and ${quantity(hidden)} more`}
      </td>
      <td role="cell">
        {undoneAt ? (
          <Badge tone="quiet">
            Undone by <bdi>{undoneBy?.replace(/^(user|token):/, '')}</bdi>
          </Badge>
        ) : (
          inserted + corrected > 0 && (
            <button type="button" className="danger" onClick={onUndo}>
              Undo
              <span className="visually-hidden"> the import of {isolated(nameOf(imported))}</span>
            </button>
          )
        )}
      </td>
    </tr>
  );
}

export function nameOf({ id, fileName }: Pick<PastImport, 'id' | 'fileName'>): string {
  return fileName ?? `Import ${id}`;
}
