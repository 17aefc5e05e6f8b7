import { ArgsType, Extensions, Field, Float, ObjectType } from 'type-graphql';
import { DateTime } from './date-time.scalar.js';
import { VolumeInterval } from './enums.js';
import { AS_OF, RangeArgs } from './volume-args.js';
import { ImbalanceState } from './period-enums.js';
import { VOLUME } from './units.js';

const UNIT = 'in barrels (bbl) unless `unit` says otherwise';
const MEASURED = 'that lies in segments no longer than the sensors’ `maxGap`';

@ObjectType({
  simpleResolvers: true,
  description:
    'What flowed into a group of sensors and out of it in [start, end), as indicated volumes. Those of adjoining ranges add up.',
})
export class GroupBalance {
  @Field(() => DateTime, { description: 'The start of the range, inclusive.' })
  start!: Date;

  @Field(() => DateTime, { description: 'The end of the range, exclusive.' })
  end!: Date;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description: `The volume over the sensors with the direction IN, ${UNIT}.`,
  })
  volumeIn!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description: `The volume over the sensors with the direction OUT, ${UNIT}.`,
  })
  volumeOut!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description: `\`volumeIn\` less \`volumeOut\`, ${UNIT}: what stayed, was lost, or was measured wrongly.`,
  })
  imbalance!: number;

  @Extensions(VOLUME)
  @Field(() => Float, { description: `The part of \`volumeIn\`, ${UNIT}, ${MEASURED}.` })
  volumeInMeasured!: number;

  @Extensions(VOLUME)
  @Field(() => Float, { description: `The part of \`volumeOut\`, ${UNIT}, ${MEASURED}.` })
  volumeOutMeasured!: number;

  @Extensions(VOLUME)
  @Field(() => Float, {
    description: `\`volumeInMeasured\` less \`volumeOutMeasured\`, ${UNIT}.`,
  })
  imbalanceMeasured!: number;

  @Field(() => Float, {
    nullable: true,
    description: '`imbalance` as a share of `volumeIn`. Null: `volumeIn` is 0.',
  })
  imbalanceRatio!: number | null;

  @Field(() => Float, {
    description:
      'The least coverage of a sensor with a direction, 0 to 1: below 1 part of an imbalance may be missing readings. 0 where there is none.',
  })
  coverage!: number;

  @Field(() => ImbalanceState, {
    nullable: true,
    description:
      'What the thresholds of the group make of `imbalance`. Null: the group has none, or the range is not a whole day of its calendar that is over.',
  })
  state!: keyof typeof ImbalanceState | null;
}

@ArgsType()
export class BalanceArgs extends RangeArgs {
  @Field(() => VolumeInterval, {
    description: 'The length of each interval, of the group’s calendar or, without one, of UTC.',
  })
  interval!: keyof typeof VolumeInterval;

  @Field(() => DateTime, { nullable: true, description: AS_OF })
  asOf?: Date | null;
}
