import type { SensorParameter } from '../../generated/graphql/graphql.js';

const PARAMETERS: Readonly<Record<SensorParameter, string>> = {
  NAME: 'Name',
  LATITUDE: 'Latitude',
  LONGITUDE: 'Longitude',
  PIPE_DIAMETER: 'Pipe diameter (in)',
  ACTIVATED_AT: 'Active since',
  MAX_GAP: 'Outage after (s)',
  METHOD: 'Flow between readings',
  METER_FACTOR: 'Meter factor',
  TOTALIZER_ROLLOVER: 'Totalizer begins again at (bbl)',
  ENTRY_UNIT: 'Unit of incoming readings',
  CALENDAR: 'Calendar',
  CHECKS: 'Checks',
  TAGS: 'Tags',
  RETIRED_AT: 'Retired since',
  CONTINUES_SENSOR: 'Replaced sensor',
  CONTINUES_FROM: 'Replaced it on',
};

/** What pages call a setting of a sensor. */
export function parameterName(parameter: SensorParameter): string {
  return PARAMETERS[parameter];
}
