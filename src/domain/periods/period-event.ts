import type { NewPeriod, PeriodRow } from '../../storage/periods/period-store.js';
import type { OutboxEvent } from '../../storage/webhooks/event-outbox.js';
import type { SensorGroup } from '../groups/sensor-groups.js';
import { formatInstant } from '../shared/time.js';
import { roundVolume } from '../volumes/round-volume.js';
import { sumOf } from './figures.js';

/** What webhook endpoints are sent of a period that was closed. */
export function periodClosed(
  { id, start, end, closedAt, closedBy, reason }: PeriodRow,
  group: SensorGroup,
  sensors: NewPeriod['sensors'],
): OutboxEvent {
  return {
    type: 'period_closed',
    sensorIds: sensors.map(({ sensorId }) => sensorId),
    data: {
      ...{ id, group_id: group.id, group_name: group.name },
      ...{ start: formatInstant(start), end: formatInstant(end) },
      ...{ closed_at: formatInstant(closedAt), closed_by: closedBy, reason },
      sensors: sensors.map(({ sensorId, direction, figures }) => {
        return { sensor_id: sensorId, direction, volume: roundVolume(sumOf(figures).volume) };
      }),
    },
  };
}
