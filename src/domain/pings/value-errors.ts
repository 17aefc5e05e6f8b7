import type { FieldError } from '../shared/errors.js';
import { isRecordId } from '../shared/record-id.js';
import { unknownSensor, type NewPing } from './resolve-conflicts.js';
import { datetimeError, flowrateError, totalizerError } from './rules.js';

/** The errors of pings that can be found without the database. */
export function valueErrors(pings: readonly NewPing[], now: Date): FieldError[] {
  const errors: FieldError[] = [];
  pings.forEach(({ sensorId, flowrate, datetime, totalizer }, index) => {
    if (!isRecordId(sensorId)) errors.push(unknownSensor(sensorId, index));
    const wrongFlowrate = flowrateError(flowrate);
    if (wrongFlowrate) errors.push({ path: [index, 'flowrate'], message: wrongFlowrate });
    const wrongTotalizer = totalizer === undefined ? undefined : totalizerError(totalizer);
    if (wrongTotalizer) errors.push({ path: [index, 'totalizer'], message: wrongTotalizer });
    const wrongDatetime = datetimeError(datetime.getTime(), now);
    if (wrongDatetime) errors.push({ path: [index, 'datetime'], message: wrongDatetime });
  });
  return errors;
}
