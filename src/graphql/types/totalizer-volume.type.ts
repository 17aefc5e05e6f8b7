import { Extensions, Field, Float, Int, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { VOLUME } from './units.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'What the meter counted by itself, beside the integral of its flowrate over exactly the same time. Nothing is interpolated.',
})
export class TotalizerVolume {
  @Field(() => DateTime, {
    description:
      'The instant of the first reading with a totalizer at or after the start of the range. BAD readings do not count.',
  })
  start!: Date;

  @Field(() => DateTime, {
    description:
      'The instant of the last reading with a totalizer at or before the end of the range. BAD readings do not count.',
  })
  end!: Date;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description:
      'By how much the totalizer grew from `start` to `end`, times the meter factor, in barrels unless `unit` says otherwise. A decrease is a rollover, which counts, if the sensor has a `totalizerRollover` and the step over it is at most half of that; else it is a reset, over which nothing counts.',
  })
  volume!: number;

  @Field(() => Int, {
    description:
      'How often the totalizer decreased without a rollover. Above 0, `volume` is the sum over the stretches between these resets.',
  })
  resets!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description:
      'The integral of the flowrate from `start` to `end`, times the meter factor, in barrels unless `unit` says otherwise: what `volume` of a `FlowVolume` is over that time.',
  })
  rateVolume!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description: '`volume` minus `rateVolume`, in barrels unless `unit` says otherwise.',
  })
  difference!: number;
}
