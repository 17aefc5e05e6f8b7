import type { StatementsQuery } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { ExportLink } from '../../components/export-link.js';
import { Instant } from '../../components/instant.js';
import { StackedTable } from '../../components/stacked-table.js';
import { serverAddress } from '../../server-address.js';
import { statedVolume } from './stated-volume.js';

type Statement = StatementsQuery['measurementStatements']['nodes'][number];

const FORMATS = ['JSON', 'CSV', 'PDF'] as const;
const MAX_NAMES = 3;

export function StatementTable({ statements }: { statements: readonly Statement[] }) {
  return (
    <StackedTable
      caption="Measurement statements, newest first"
      columns={['Number', 'Period', 'Sensors', 'Indicated volume', 'Issued']}
      actions="Files"
    >
      {statements.map((statement) => (
        <StatementRow key={statement.number} statement={statement} />
      ))}
    </StackedTable>
  );
}

function StatementRow({ statement }: { statement: Statement }) {
  const { number, version, supersedes, supersededBy, sensors, volume, reason } = statement;
  const { calendar, timeZone } = statement;
  return (
    <tr role="row">
      <td role="cell" data-label="Number">
        <strong>{number}</strong>
        {version > 1 && <span className="quiet"> version {version}</span>}{' '}
        {typeof supersededBy === 'number' && (
          <Badge tone="warning">Superseded by {supersededBy}</Badge>
        )}
        {typeof supersedes === 'number' && <p className="small quiet">replaces {supersedes}</p>}
      </td>
      <td role="cell" data-label="Period">
        <Instant at={statement.start} timeZone={timeZone} /> to{' '}
        <Instant at={statement.end} timeZone={timeZone} />
        <p className="small quiet">
          {calendar && (
            <>
              <bdi>{calendar}</bdi>,{' '}
            </>
          )}
          {timeZone}
        </p>
      </td>
      <td role="cell" data-label="Sensors">
        {sensors.slice(0, MAX_NAMES).map(({ id, name }) => (
          <p key={id}>
            <bdi>{name}</bdi> <span className="quiet small">{id}</span>
          </p>
        ))}
        {sensors.length > MAX_NAMES && (
          <p className="quiet small">and {sensors.length - MAX_NAMES} more</p>
        )}
      </td>
      <td role="cell" data-label="Indicated volume" className="number">
        {statedVolume(volume)} bbl
      </td>
      <td role="cell" data-label="Issued">
        <Instant at={statement.issuedAt} />
        <p className="small quiet">
          by <bdi>{statement.issuedBy}</bdi>
          {reason && (
            <>
              : <bdi>{reason}</bdi>
            </>
          )}
        </p>
      </td>
      <td role="cell" className="actions">
        <div className="row">
          {FORMATS.map((format) => (
            <ExportLink
              key={format}
              href={serverAddress(`/app/statements/${number}.${format.toLowerCase()}`)}
            >
              {format} <span className="visually-hidden">of statement {number}</span>
            </ExportLink>
          ))}
        </div>
      </td>
    </tr>
  );
}
