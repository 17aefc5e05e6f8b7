import { GraphQLScalarType, Kind, print } from 'graphql';
import { formatInstant, parseInstant } from '../../domain/shared/time.js';

/** An instant, read and written as in REST. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'An instant of the years 0001 to 9999. It is written in UTC as `2019-02-05T20:41:02Z`, with `.123` before the Z only where there are milliseconds. It is read in ISO 8601, with `Z` or an offset; without an offset it is UTC, and a date alone is midnight UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => formatInstant(value as Date),
  parseValue: parseDateTime,
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return parseDateTime(node.value);
    throw wrongValue(print(node));
  },
});

function parseDateTime(value: unknown): Date {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (instant) return instant;
  throw wrongValue(JSON.stringify(value));
}

/** Not a GraphQLError, so that graphql-js adds the position of the value. */
function wrongValue(value: string): TypeError {
  return new TypeError(
    `DateTime must be a string in ISO 8601, such as "2019-02-05T20:41:02Z", of the years 0001 to 9999; got ${value}.`,
  );
}
