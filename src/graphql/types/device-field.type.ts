import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { NETWORKS } from '../../domain/transfer/devices/devices.js';
import { FlowrateUnit } from './units.js';

export const DeviceNetwork = {
  TTN: 'TTN',
  CHIRPSTACK: 'CHIRPSTACK',
  MQTT: 'MQTT',
} as const satisfies {
  readonly [N in (typeof NETWORKS)[number]]: N;
};
registerEnumType(DeviceNetwork, {
  name: 'DeviceNetwork',
  description: 'Where the messages of devices come from.',
  valuesConfig: {
    TTN: { description: 'LoRaWAN by The Things Stack, version 3: `POST /ingest/ttn`.' },
    CHIRPSTACK: {
      description: 'LoRaWAN by ChirpStack, version 4 or 3: `POST /ingest/chirpstack`.',
    },
    MQTT: { description: 'The MQTT broker that the server is connected to.' },
  },
});

const DEVICE =
  'The device: its DevEUI, or on The Things Stack its application and device id as `APPLICATION/DEVICE`; in messages of a broker the tag, the device or the name in the topic.';
const FIELD =
  'The field of the decoded payload that is the flowrate, or a path of fields joined by points; in messages of a broker the name of the value.';
const PORT = 'The port (FPort), 0 to 255, whose messages have the field, on LoRaWAN. Null: any.';
const TIME_FIELD =
  'The field with the datetime of the reading, in ISO 8601 or seconds since 1970. Null: when the network received the message, or as the message of a broker says.';
const ABSENT = 'Whether a decoded message without the field says 0; otherwise it is ignored.';

@ObjectType({
  simpleResolvers: true,
  description: 'Which field of the messages of a device is the flowrate of which flow sensor.',
})
export class DeviceField {
  @Field(() => DeviceNetwork, { description: 'Where the messages of the device come from.' })
  network!: keyof typeof DeviceNetwork;

  @Field(() => String, { description: DEVICE })
  device!: string;

  @Field(() => String, { description: FIELD })
  field!: string;

  @Field(() => ID, { description: 'The id of the flow sensor.' })
  sensorId!: number;

  @Field(() => String, { description: 'The unit of the flowrate, such as `m3/h`.' })
  unit!: string;

  @Field(() => Int, { nullable: true, description: PORT })
  port!: number | null;

  @Field(() => String, { nullable: true, description: TIME_FIELD })
  timeField!: string | null;

  @Field(() => Boolean, { description: ABSENT })
  absentIsZero!: boolean;
}

@InputType({ description: 'Identifies a field of the messages of a device.' })
export class DeviceFieldKey {
  @Field(() => DeviceNetwork, { description: 'Where the messages of the device come from.' })
  network!: keyof typeof DeviceNetwork;

  @Field(() => String, { description: `${DEVICE} It has 1 to 255 characters.` })
  device!: string;

  @Field(() => String, {
    defaultValue: 'flowrate',
    description: `${FIELD} It has 1 to 255 characters.`,
  })
  field!: string;
}

@InputType({
  description: 'Which field of the messages of a device is the flowrate of which sensor.',
})
export class DeviceFieldInput extends DeviceFieldKey {
  @Field(() => ID, { description: 'The id of a flow sensor of the account.' })
  sensorId!: string;

  @Field(() => FlowrateUnit, {
    nullable: true,
    description: 'The unit of the flowrate. Null or absent: barrels per day.',
  })
  unit?: string | null;

  @Field(() => Int, { nullable: true, description: PORT })
  port?: number | null;

  @Field(() => String, { nullable: true, description: TIME_FIELD })
  timeField?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `${ABSENT} Null or absent: it says 0 on LoRaWAN, and is ignored otherwise.`,
  })
  absentIsZero?: boolean | null;
}
