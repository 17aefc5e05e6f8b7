import { registerEnumType } from 'type-graphql';
import { FLAG_STATUSES, RESOLUTIONS } from '../../domain/pings/reading-flags.js';
import { SENSOR_CHECKS } from '../../domain/sensors/checks.js';
import { enumOf } from './enums.js';

export const SensorCheck = enumOf(SENSOR_CHECKS);
export const ReadingFlagStatus = enumOf(FLAG_STATUSES);
export const ReadingFlagResolution = enumOf(RESOLUTIONS);

registerEnumType(SensorCheck, {
  name: 'SensorCheck',
  description: 'What a reading is checked for. A check flags readings, and drops none.',
  valuesConfig: {
    FROZEN: { description: 'Equal readings other than 0 in a row, over a duration.' },
    RATE_OF_CHANGE: { description: 'Too fast a change from the reading before.' },
    REASONABILITY: { description: 'A flowrate that the device cannot measure.' },
    OPERATIONAL_LIMIT: { description: 'A flowrate that is not usual in operation.' },
    LOW_FLOW: { description: 'A flowrate other than 0 below the cut-off.' },
    DUPLICATE: { description: 'Another flowrate was sent for an instant that is stored.' },
  },
});
registerEnumType(ReadingFlagStatus, {
  name: 'ReadingFlagStatus',
  description: 'Whether the flag of a reading is settled, and how.',
  valuesConfig: {
    OPEN: { description: 'Nobody has settled it; the reading is UNCERTAIN.' },
    ACCEPTED: { description: 'The reading was accepted, and is good again.' },
    REJECTED: { description: 'The reading was rejected, corrected or deleted.' },
  },
});
registerEnumType(ReadingFlagResolution, {
  name: 'ReadingFlagResolution',
  description: 'What becomes of a reading that was flagged.',
  valuesConfig: {
    ACCEPT: { description: 'It is good again.' },
    REJECT: { description: 'It becomes bad, and counts in no volume.' },
  },
});
