import { useState } from 'react';
import { Link } from 'wouter';
import type { FlagFragment, ReadingFlagResolution } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Instant } from '../../components/instant.js';
import { StackedTable } from '../../components/stacked-table.js';
import { flowrateUnit } from '../../display-units.js';
import { quantity } from '../../format.js';
import { findingText } from './finding-text.js';
import { SettleDialog } from './settle-dialog.js';

const STATUSES = { OPEN: 'Open', ACCEPTED: 'Accepted', REJECTED: 'Rejected' } as const;
const TONES = { OPEN: 'warning', ACCEPTED: 'good', REJECTED: 'bad' } as const;

interface Choice {
  readonly ids: readonly string[];
  readonly resolution: ReadingFlagResolution;
}

/** Flagged readings; administrators settle open ones, one by one or all that are shown. */
export function FlagTable({
  flags,
  isAdmin,
  hasSensor = true,
  timeZone,
  onChanged,
}: {
  flags: readonly FlagFragment[];
  isAdmin: boolean;
  /** whether the sensor of each is named */
  hasSensor?: boolean;
  timeZone?: string;
  onChanged: (news: string) => void;
}) {
  const [choice, setChoice] = useState<Choice>();
  const open = flags.filter(({ status }) => status === 'OPEN').map(({ id }) => id);
  const sensorColumn = hasSensor ? ['Sensor'] : [];
  return (
    <>
      <StackedTable
        caption="Flagged readings, newest flag first"
        columns={['Reading', ...sensorColumn, `Flowrate (${flowrateUnit})`, 'Why', 'State']}
        actions="Actions"
      >
        {flags.map((flag) => (
          <FlagRow
            key={flag.id}
            {...{ flag, isAdmin, hasSensor, ...(timeZone && { timeZone }) }}
            onChoose={(resolution) => setChoice({ ids: [flag.id], resolution })}
          />
        ))}
      </StackedTable>
      {isAdmin && open.length > 1 && (
        <div className="row">
          <button type="button" onClick={() => setChoice({ ids: open, resolution: 'ACCEPT' })}>
            Accept all {open.length} shown
          </button>
          <button
            type="button"
            className="danger"
            onClick={() => setChoice({ ids: open, resolution: 'REJECT' })}
          >
            Reject all {open.length} shown
          </button>
        </div>
      )}
      {choice && (
        <SettleDialog
          {...choice}
          onDone={() => {
            setChoice(undefined);
            onChanged(choice.resolution === 'ACCEPT' ? 'Accepted.' : 'Rejected.');
          }}
          onClose={() => setChoice(undefined)}
        />
      )}
    </>
  );
}

function FlagRow({
  flag: { datetime, sensor, flowrate, findings, status, resolvedBy, comment },
  isAdmin,
  hasSensor,
  timeZone,
  onChoose,
}: {
  flag: FlagFragment;
  isAdmin: boolean;
  hasSensor: boolean;
  timeZone?: string;
  onChoose: (resolution: ReadingFlagResolution) => void;
}) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <Instant at={datetime} {...(timeZone && { timeZone })} />
      </th>
      {hasSensor && (
        <td role="cell" data-label="Sensor">
          <Link href={`/sensors/${sensor.id}`}>
            <bdi>{sensor.name}</bdi>
          </Link>
        </td>
      )}
      <td role="cell" data-label="Flowrate">
        {quantity(flowrate)}
      </td>
      <td role="cell" data-label="Why">
        {findings.map(findingText).join('; ')}
      </td>
      <td role="cell" data-label="State">
        <Badge tone={TONES[status]}>{STATUSES[status]}</Badge>
        {resolvedBy && (
          <div className="quiet small">
            <bdi>{resolvedBy}</bdi>
            {comment && (
              <>
                : <bdi>{comment}</bdi>
              </>
            )}
          </div>
        )}
      </td>
      <td role="cell">
        {isAdmin && status === 'OPEN' && (
          <div className="row">
            <button type="button" onClick={() => onChoose('ACCEPT')}>
              Accept
            </button>
            <button type="button" className="danger" onClick={() => onChoose('REJECT')}>
              Reject
            </button>
          </div>
        )}
      </td>
    </tr>
  );
}
