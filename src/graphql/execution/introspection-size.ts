import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLSchema,
  isIntrospectionType,
  isListType,
} from 'graphql';

// No pause is made in introspection, so it counts more than other objects.
const ROOT = 3;
// More than one parent has on average: of fields, the longest of the lists, there are 4.
const LIST = 5;
const ARGUMENTS = 2;
// Most types have none, or none below it.
const OF_TYPE = 0.5;

const typeCounts = new WeakMap<GraphQLSchema, number>();

function typeCount(schema: GraphQLSchema): number {
  let count = typeCounts.get(schema);
  if (count === undefined) {
    count = Object.keys(schema.getTypeMap()).length;
    typeCounts.set(schema, count);
  }
  return count;
}

/** About how many objects a field of introspection has; 1 for other fields. */
export function introspectionSize(
  schema: GraphQLSchema,
  { name, type }: GraphQLField<unknown, unknown>,
): number {
  if (!isIntrospectionType(getNamedType(type))) return 1;
  if (name === '__schema' || name === '__type') return ROOT;
  if (name === 'types') return typeCount(schema);
  if (name === 'args') return ARGUMENTS;
  if (name === 'ofType') return OF_TYPE;
  return isListType(getNullableType(type)) ? LIST : 1;
}
