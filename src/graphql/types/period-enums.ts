import { registerEnumType } from 'type-graphql';
import { APPROVALS } from '../../domain/periods/approval.js';
import { ADJUSTMENT_CAUSES, ADJUSTMENT_STATUSES } from '../../domain/periods/adjustments.js';
import { IMBALANCE_STATES } from '../../domain/groups/imbalance.js';
import { enumOf } from './enums.js';

export const FlowDirection = enumOf(['IN', 'OUT']);
export const ImbalanceState = enumOf(IMBALANCE_STATES);
export const Approval = enumOf(APPROVALS);
export const PeriodStatus = enumOf(['CLOSED', 'REOPENED']);
export const AdjustmentStatus = enumOf(ADJUSTMENT_STATUSES);
export const AdjustmentCause = enumOf(ADJUSTMENT_CAUSES);

registerEnumType(FlowDirection, {
  name: 'FlowDirection',
  description: 'Which way the flow through a sensor counts in the balance of a group.',
  valuesConfig: {
    IN: { description: 'Its flow goes into what the group measures.' },
    OUT: { description: 'Its flow leaves what the group measures.' },
  },
});
registerEnumType(ImbalanceState, {
  name: 'ImbalanceState',
  description: 'What the thresholds of a group make of the imbalance of a day.',
  valuesConfig: {
    WITHIN: { description: 'It is above none of them.' },
    ABOVE: { description: 'It is above one of them: a leak, or a meter that drifts.' },
    UNMEASURED: {
      description:
        'It is not judged, because part of the day was not measured: a sensor has readings further apart than its `maxGap`, or none up to the end of the day.',
    },
  },
});
registerEnumType(Approval, {
  name: 'Approval',
  description: 'Whether a volume has been closed.',
  valuesConfig: {
    PROVISIONAL: { description: 'Part of its range lies in no closed period.' },
    APPROVED: {
      description:
        'Its range lies in closed periods. What has changed it since is in their adjustments.',
    },
  },
});
registerEnumType(PeriodStatus, {
  name: 'PeriodStatus',
  description: 'Whether the figures of a period stand.',
  valuesConfig: {
    CLOSED: { description: 'They stand; what changes them is an adjustment.' },
    REOPENED: { description: 'They do not: the period was reopened, and is kept for the record.' },
  },
});
registerEnumType(AdjustmentStatus, {
  name: 'AdjustmentStatus',
  description: 'Whether an adjustment of a closed period has been decided.',
  valuesConfig: {
    PENDING: { description: 'It has not.' },
    ACCEPTED: { description: 'It was accepted, to be settled in a later period.' },
    REJECTED: { description: 'It was rejected: it is on record, and is not settled.' },
  },
});
registerEnumType(AdjustmentCause, {
  name: 'AdjustmentCause',
  description: 'What has changed a figure of a closed period.',
  valuesConfig: {
    LATE_READINGS: { description: 'Readings of the period were recorded after it was closed.' },
    CORRECTIONS: { description: 'Flowrates of readings were corrected.' },
    DELETIONS: { description: 'Readings were deleted.' },
    QUALITY: { description: 'The quality of readings was changed.' },
    SUBSTITUTION: { description: 'Readings were substituted, or a substitution was reversed.' },
    MAX_GAP: { description: 'The sensor’s `maxGap` was changed, with effect in the period.' },
    METHOD: { description: 'The sensor’s method was changed, with effect in the period.' },
    METER_FACTOR: {
      description: 'The sensor’s meter factor was changed, with effect in the period.',
    },
    LATER_READINGS: {
      description:
        'The next reading after the period was recorded, to which its last segment leads; or nothing that is logged.',
    },
  },
});
