import {
  getNamedType,
  isEnumType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { unitName } from '../../domain/shared/unit-name.js';
import {
  enteredFlowrate,
  fromBarrels,
  fromBarrelsPerDay,
  isFlowrateUnit,
} from '../../domain/shared/units.js';
import {
  DEFAULT_FLOWRATE_UNIT,
  DEFAULT_VOLUME_UNIT,
  readFlowrateUnit,
  readVolumeUnit,
} from '../types/units.js';

type Field = GraphQLField<unknown, unknown>;
type Root = Readonly<Record<string, unknown>>;
type Resolver = GraphQLFieldResolver<unknown, unknown>;

interface Quantity {
  readonly enumName: string;
  /** null where the argument has no default */
  readonly defaultUnit: string | null;
  readonly description: string;
  /** @returns the figure in the unit, of what the field has without one */
  readonly read: (root: Root, value: unknown, unit: string | null) => unknown;
}

const QUANTITIES: Readonly<Record<string, Quantity>> = {
  VOLUME: {
    enumName: 'VolumeUnit',
    defaultUnit: DEFAULT_VOLUME_UNIT,
    description: 'The unit of the volume. Null: BBL.',
    read: converted(DEFAULT_VOLUME_UNIT, (value, unit) => fromBarrels(value, readVolumeUnit(unit))),
  },
  FLOWRATE: {
    enumName: 'FlowrateUnit',
    defaultUnit: DEFAULT_FLOWRATE_UNIT,
    description: 'The unit of the flowrate. Null: BBL_PER_DAY.',
    read: converted(DEFAULT_FLOWRATE_UNIT, (value, unit) =>
      fromBarrelsPerDay(value, readFlowrateUnit(unit)),
    ),
  },
  ENTERED_FLOWRATE: {
    enumName: 'FlowrateUnit',
    defaultUnit: null,
    description: 'The unit in which the flowrate came in. Null: the sensor’s unit of entry.',
    read: readEntered,
  },
};
const UNIT_ENUMS = new Set(Object.values(QUANTITIES).map(({ enumName }) => enumName));

/**
 * Gives fields that are marked as a quantity the argument `unit`, and fields that are a unit its
 * name in the schema. What is loaded is in barrels whatever the unit is, so that any number of units
 * takes no further statement.
 */
export function addUnitArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { quantity } = field.extensions as { quantity?: string };
      if (quantity) addUnitArgument(schema, field, QUANTITIES[quantity]!);
      else if (UNIT_ENUMS.has(getNamedType(field.type).name)) nameUnit(field);
    }
  }
}

function addUnitArgument(schema: GraphQLSchema, field: Field, quantity: Quantity): void {
  const { enumName, defaultUnit, description, read } = quantity;
  const type = schema.getType(enumName);
  if (!isEnumType(type)) throw new Error(`The schema has no enum ${enumName}.`);
  field.args = [
    ...field.args,
    {
      name: 'unit',
      description,
      type,
      defaultValue: defaultUnit ?? undefined,
      deprecationReason: undefined,
      extensions: {},
      astNode: undefined,
    },
  ];
  const { name, resolve } = field;
  if (!resolve && defaultUnit !== null) field.extensions = { ...field.extensions, isStored: true };
  const stored: Resolver = resolve ?? ((root) => (root as Root)[name]);
  field.resolve = (root, args, context, info) => {
    const value = stored(root, args, context, info);
    const { unit = null } = args as { unit?: string | null };
    return read(root as Root, value, unit);
  };
}

function converted(
  defaultUnit: string,
  convert: (value: number, unit: string) => number,
): Quantity['read'] {
  return (_root, value, unit) => {
    if (unit === null || unit === defaultUnit) return value;
    const inUnit = (found: unknown) => (typeof found === 'number' ? convert(found, unit) : found);
    return value instanceof Promise ? value.then(inUnit) : inUnit(value);
  };
}

/** Of a ping, whose sensor is a promise in subscriptions. */
function readEntered(root: Root, _value: unknown, unit: string | null): unknown {
  const { flowrate, sensor } = root as unknown as {
    flowrate: number;
    sensor: { entryUnit: string } | Promise<{ entryUnit: string }>;
  };
  const entered = (symbol: string) =>
    isFlowrateUnit(symbol) ? enteredFlowrate(flowrate, symbol) : flowrate;
  if (unit !== null) return entered(readFlowrateUnit(unit));
  return sensor instanceof Promise
    ? sensor.then(({ entryUnit }) => entered(entryUnit))
    : entered(sensor.entryUnit);
}

/** The domain writes a unit as `m3/h`, the schema as M3_PER_HOUR. */
function nameUnit(field: Field): void {
  const { name, resolve } = field;
  const symbolOf: Resolver = resolve ?? ((root) => (root as Root)[name]);
  field.resolve = (...args) => {
    const symbol = symbolOf(...args);
    return symbol instanceof Promise ? symbol.then(nameOf) : nameOf(symbol);
  };
}

function nameOf(symbol: unknown): string | null {
  return typeof symbol === 'string' ? unitName(symbol) : null;
}
