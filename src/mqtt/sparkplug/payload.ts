import protobuf from 'protobufjs/light.js';
import { BadMessageError } from '../profiles/profile.js';

/** A value of a metric or of a property: one of these is given, or none. */
export interface RawValue {
  readonly isNull?: boolean;
  /** of up to 32 bits, unsigned as sent */
  readonly intValue?: number;
  /** of 64 bits, unsigned as sent, in decimal */
  readonly longValue?: string;
  readonly floatValue?: number;
  readonly doubleValue?: number;
  readonly booleanValue?: boolean;
  readonly stringValue?: string;
}

/** A metric as a payload of Sparkplug B has it. */
export interface Metric extends RawValue {
  readonly name?: string;
  readonly alias?: string;
  /** in milliseconds since 1970, in decimal */
  readonly timestamp?: string;
  readonly datatype?: number;
  readonly properties?: {
    readonly keys?: readonly string[];
    readonly values?: readonly (RawValue & { readonly type?: number })[];
  };
}

export interface Payload {
  /** in milliseconds since 1970, in decimal */
  readonly timestamp?: string;
  readonly seq?: string;
  readonly metrics?: readonly Metric[];
}

// The fields of sparkplug_b.proto that are read; the decoder skips the others, such as data sets.
// https://github.com/eclipse-sparkplug/sparkplug/blob/master/specification/src/main/xsd/sparkplug_b.proto
const field = (id: number, type: string) => ({ id, type });
const VALUE_TYPES = ['uint32', 'uint64', 'float', 'double', 'bool', 'string'];
const VALUE_NAMES = ['int', 'long', 'float', 'double', 'boolean', 'string'];
const valuesFrom = (first: number) =>
  Object.fromEntries(
    VALUE_NAMES.map((name, index) => [`${name}Value`, field(first + index, VALUE_TYPES[index]!)]),
  );
// With proto2 a field that is sent is there, even if it is zero; without it the decoder drops zeros.
const edition = 'proto2';
const SCHEMA = protobuf.Root.fromJSON({
  nested: {
    PropertyValue: {
      edition,
      fields: { type: field(1, 'uint32'), isNull: field(2, 'bool'), ...valuesFrom(3) },
    },
    PropertySet: {
      edition,
      fields: {
        keys: { rule: 'repeated', ...field(1, 'string') },
        values: { rule: 'repeated', ...field(2, 'PropertyValue') },
      },
    },
    Metric: {
      edition,
      fields: {
        name: field(1, 'string'),
        alias: field(2, 'uint64'),
        timestamp: field(3, 'uint64'),
        datatype: field(4, 'uint32'),
        isNull: field(7, 'bool'),
        properties: field(9, 'PropertySet'),
        ...valuesFrom(10),
      },
    },
    Payload: {
      edition,
      fields: {
        timestamp: field(1, 'uint64'),
        metrics: { rule: 'repeated', ...field(2, 'Metric') },
        seq: field(3, 'uint64'),
      },
    },
  },
});
const PAYLOAD = SCHEMA.lookupType('Payload');

/** @throws BadMessageError */
export function decodePayload(bytes: Buffer): Payload {
  try {
    return PAYLOAD.toObject(PAYLOAD.decode(bytes), { longs: String });
  } catch {
    throw new BadMessageError('The message is not a payload of Sparkplug B.');
  }
}

const BOOLEAN = 11;

/** A command that asks an edge node for its births. */
export function rebirthCommand(at: Date): Buffer {
  const timestamp = at.getTime();
  const metric = { name: 'Node Control/Rebirth', timestamp, datatype: BOOLEAN, booleanValue: true };
  return Buffer.from(PAYLOAD.encode({ timestamp, metrics: [metric] }).finish());
}
