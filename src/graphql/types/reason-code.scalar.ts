import { GraphQLScalarType, Kind, print } from 'graphql';

/**
 * A code of an account's closed list. It is not an enum of the schema, because each account may add
 * codes of its own; in a document it is written as an enum's value or as a string.
 */
export const ReasonCode = new GraphQLScalarType<string, string>({
  name: 'ReasonCode',
  description:
    'Why the history of a sensor’s readings was changed: one of the codes that `reasonCodes` lists, such as `METER_ERROR`. It is read as an enum value or as a string.',
  serialize: String,
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw wrongValue(JSON.stringify(value));
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.ENUM || node.kind === Kind.STRING) return node.value;
    throw wrongValue(print(node));
  },
});

/** Not a GraphQLError, so that graphql-js adds the position of the value. */
function wrongValue(value: string): TypeError {
  return new TypeError(`ReasonCode must be a code such as METER_ERROR; got ${value}.`);
}
