import type { OverviewSensorFragment } from '../../../../generated/graphql/graphql.js';
import type { MeasuredTime } from '../../measured-time.js';

export interface OverviewSensor extends OverviewSensorFragment {
  /** of the 24 hours that were loaded */
  readonly measured: MeasuredTime;
}
