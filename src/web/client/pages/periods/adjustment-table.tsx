import { useState } from 'react';
import type { AdjustmentCause, PeriodDetailsQuery } from '../../../../generated/graphql/graphql.js';
import { Badge } from '../../components/badge.js';
import { Instant } from '../../components/instant.js';
import { StackedTable } from '../../components/stacked-table.js';
import { volumeUnit } from '../../display-units.js';
import { volumeFormat } from '../../rounded-volumes.js';
import { roundedDifference } from '../../rounding.js';
import { DecideDialog, type Decision } from './decide-dialog.js';

type Adjustment = NonNullable<PeriodDetailsQuery['period']>['adjustments']['nodes'][number];

const CAUSES: Readonly<Record<AdjustmentCause, string>> = {
  CORRECTIONS: 'corrected readings',
  DELETIONS: 'deleted readings',
  LATER_READINGS: 'the next reading after the period',
  LATE_READINGS: 'late readings',
  MAX_GAP: 'another maxGap',
  METER_FACTOR: 'another meter factor',
  METHOD: 'another method',
  QUALITY: 'quality of readings',
  SUBSTITUTION: 'substituted readings',
};
const STATUSES = { PENDING: 'Pending', ACCEPTED: 'Accepted', REJECTED: 'Rejected' } as const;
const TONES = { PENDING: 'warning', ACCEPTED: 'good', REJECTED: 'bad' } as const;

export function AdjustmentTable({
  adjustments,
  timeZone,
  isAdmin,
  onChanged,
}: {
  adjustments: readonly Adjustment[];
  timeZone: string;
  isAdmin: boolean;
  onChanged: (news: string) => void;
}) {
  const [choice, setChoice] = useState<{ ids: readonly string[]; decision: Decision }>();
  const { decimals, format } = volumeFormat(
    adjustments.flatMap(({ before, after }) => [before.volume, after.volume]),
  );
  const pending = adjustments.filter(({ status }) => status === 'PENDING').map(({ id }) => id);
  return (
    <>
      <StackedTable
        caption="Adjustments by day and sensor"
        columns={['Day from', 'Sensor', `Before, ${volumeUnit}`, 'After', 'Change', 'Why', 'State']}
        actions="Actions"
      >
        {adjustments.map((each) => (
          <tr key={each.id} role="row">
            <th role="rowheader" scope="row">
              <Instant at={each.start} timeZone={timeZone} />
            </th>
            <td role="cell" data-label="Sensor">
              <bdi>{each.sensor.name}</bdi>
            </td>
            <td role="cell" data-label="Before" className="number">
              {format(each.before.volume)}
            </td>
            <td role="cell" data-label="After" className="number">
              {format(each.after.volume)}
            </td>
            <td role="cell" data-label="Change" className="number">
              {format(roundedDifference(each.after.volume, each.before.volume, decimals))}
            </td>
            <td role="cell" data-label="Why">
              {each.causes.map((cause) => CAUSES[cause]).join(', ')}
            </td>
            <td role="cell" data-label="State">
              <Badge tone={TONES[each.status]}>{STATUSES[each.status]}</Badge>
              {each.decidedBy && (
                <p className="quiet small">
                  by <bdi>{each.decidedBy}</bdi>
                  {each.comment && (
                    <>
                      : <bdi>{each.comment}</bdi>
                    </>
                  )}
                </p>
              )}
            </td>
            <td role="cell">
              {isAdmin && each.status === 'PENDING' && (
                <Decisions onChoose={(decision) => setChoice({ ids: [each.id], decision })} />
              )}
            </td>
          </tr>
        ))}
      </StackedTable>
      {isAdmin && pending.length > 1 && (
        <Decisions
          what={` all ${pending.length} pending`}
          onChoose={(decision) => setChoice({ ids: pending, decision })}
        />
      )}
      {choice && (
        <DecideDialog
          {...choice}
          onDone={() => {
            setChoice(undefined);
            onChanged(choice.decision === 'ACCEPT' ? 'Accepted.' : 'Rejected.');
          }}
          onClose={() => setChoice(undefined)}
        />
      )}
    </>
  );
}

function Decisions({
  what = '',
  onChoose,
}: {
  what?: string;
  onChoose: (decision: Decision) => void;
}) {
  return (
    <div className="row">
      <button type="button" onClick={() => onChoose('ACCEPT')}>
        Accept{what}
      </button>
      <button type="button" className="danger" onClick={() => onChoose('REJECT')}>
        Reject{what}
      </button>
    </div>
  );
}
