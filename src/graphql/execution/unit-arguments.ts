import {
  isEnumType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { fromBarrels, fromBarrelsPerDay } from '../../domain/shared/units.js';
import type { FLOWRATE, VOLUME } from '../types/units.js';
import {
  DEFAULT_FLOWRATE_UNIT,
  DEFAULT_VOLUME_UNIT,
  readFlowrateUnit,
  readVolumeUnit,
} from '../types/units.js';

type Field = GraphQLField<unknown, unknown>;
type Quantity = (typeof VOLUME)['quantity'] | (typeof FLOWRATE)['quantity'];

const QUANTITIES = {
  VOLUME: {
    enumName: 'VolumeUnit',
    defaultUnit: DEFAULT_VOLUME_UNIT,
    convert: (value: number, unit: string) => fromBarrels(value, readVolumeUnit(unit)),
  },
  FLOWRATE: {
    enumName: 'FlowrateUnit',
    defaultUnit: DEFAULT_FLOWRATE_UNIT,
    convert: (value: number, unit: string) => fromBarrelsPerDay(value, readFlowrateUnit(unit)),
  },
} as const;

/**
 * Gives fields that are marked as VOLUME or FLOWRATE the argument `unit`. What is loaded is in
 * barrels whatever the unit is, so that any number of units takes no further statement.
 */
export function addUnitArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { quantity } = field.extensions as { quantity?: Quantity };
      if (quantity) addUnitArgument(schema, field, quantity);
    }
  }
}

function addUnitArgument(schema: GraphQLSchema, field: Field, quantity: Quantity): void {
  const { enumName, defaultUnit, convert } = QUANTITIES[quantity];
  const type = schema.getType(enumName);
  if (!isEnumType(type)) throw new Error(`The schema has no enum ${enumName}.`);
  field.args = [
    ...field.args,
    {
      name: 'unit',
      description: `The unit of the ${quantity.toLowerCase()}. Null: ${defaultUnit}.`,
      type: type satisfies GraphQLInputType,
      defaultValue: defaultUnit,
      deprecationReason: undefined,
      extensions: {},
      astNode: undefined,
    },
  ];
  const { name, resolve } = field;
  const read = resolve ?? ((root) => (root as Record<string, unknown>)[name]);
  field.resolve = (root, args, context, info) => {
    const { unit } = args as { unit: string | null };
    const value = read(root, args, context, info);
    if (unit === defaultUnit || unit === null) return value;
    const converted = (found: unknown) =>
      typeof found === 'number' ? convert(found, unit) : found;
    return value instanceof Promise ? value.then(converted) : converted(value);
  };
}
