import { Field, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { FlowSensor } from './flow-sensor.type.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The time in which the history of a flow sensor is that of one device.',
})
export class SensorHistoryPart {
  @Field(() => FlowSensor, { description: 'The sensor whose pings count in that time.' })
  sensor!: FlowSensor;

  @Field(() => DateTime, {
    nullable: true,
    description: 'From when on, inclusive. Null: since the first ping of the sensor.',
  })
  start!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when, exclusive: the next sensor replaced it then. Null: still.',
  })
  end!: Date | null;
}

@ObjectType({
  description:
    'The pings of a flow sensor and of those that it continues, as one series: of each only those before it was replaced, and of the next one those from then on. No ping counts twice. The segment between two devices counts, in volume and coverage, if it is no longer than the earlier one’s `maxGap`; if it is longer, nothing is made up for it.',
})
export class SensorHistory {
  constructor(readonly sensorId: number) {}
}
