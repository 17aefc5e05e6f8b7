import { GraphQLScalarType, Kind, print } from 'graphql';
import { formatInstant, parseInstant } from '../../domain/shared/time.js';

/** An instant, read and written as in REST. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant, written in UTC as `2019-02-05T20:41:02Z`, with `.123` before the Z only where there are milliseconds. Read in ISO 8601: `Z` or an offset, no offset is UTC, a date alone is midnight UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => formatInstant(value as Date),
  parseValue: read,
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return read(node.value);
    throw wrong(print(node));
  },
});

function read(value: unknown): Date {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (instant) return instant;
  throw wrong(JSON.stringify(value));
}

/** Not a GraphQLError: graphql-js then adds where the value stands. */
function wrong(value: string): TypeError {
  return new TypeError(
    `DateTime must be a string in ISO 8601, such as "2019-02-05T20:41:02Z", of the years 0001 to 9999; got ${value}.`,
  );
}
