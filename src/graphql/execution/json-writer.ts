import {
  type FieldNode,
  GraphQLFloat,
  GraphQLID,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { numberText } from '../../domain/shared/number-text.js';
import { formatInstant } from '../../domain/shared/time.js';
import { DateTime } from '../types/date-time.scalar.js';

/**
 * Writes a value as the JSON of what is selected of it.
 * @throws TypeError or what a scalar throws, where the value is not of its type
 */
export type JsonWriter = (value: unknown) => string;

/** Whether a field is a property of its object, unless it has arguments. */
function isStored({ resolve, extensions }: GraphQLField<unknown, unknown>): boolean {
  return !resolve || extensions.isStored === true;
}

/**
 * Makes a writer for the values of one list. Undefined where what is selected takes more than
 * reading properties: a resolver, arguments, a directive, a fragment.
 */
export function jsonWriters(
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
): (() => JsonWriter) | undefined {
  if (!isNonNullType(type)) return nullable(type, selection, () => 'null');
  return nullable(type.ofType, selection, () => {
    throw new TypeError('A value is missing.');
  });
}

function nullable(
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
  ifMissing: () => string,
): (() => JsonWriter) | undefined {
  const writers = isLeafType(type)
    ? () => leafWriter(type)
    : isObjectType(type) && selection && objectWriters(type, selection);
  return writers
    ? () => {
        const write = writers();
        return (value) => (value === null || value === undefined ? ifMissing() : write(value));
      }
    : undefined;
}

function leafWriter(type: GraphQLLeafType): JsonWriter {
  const write: JsonWriter = (value) => JSON.stringify(type.serialize(value));
  switch (type) {
    case DateTime:
      return (value) => (value instanceof Date ? `"${formatInstant(value)}"` : write(value));
    case GraphQLFloat:
      // JSON knows no -0.
      return (value) => (Number.isFinite(value) ? numberText((value as number) + 0) : write(value));
    case GraphQLID:
      return (value) => (isDigits(value) ? `"${value}"` : write(value));
    default:
      return write;
  }
}

function isDigits(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

interface Member {
  readonly property: string;
  /** its key in JSON, after the separator from the member before it */
  readonly key: string;
  readonly writers: () => JsonWriter;
}

function objectWriters(
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
): (() => JsonWriter) | undefined {
  const members = selections.map((selection, index) =>
    selection.kind === Kind.FIELD ? memberOf(type, selection, index) : undefined,
  );
  const distinct = new Set(members.map((member) => member?.key.slice(1)));
  // What has the same key would have to be merged.
  if (!members.every((member) => member !== undefined) || distinct.size < members.length) {
    return undefined;
  }
  const properties = members.map(({ property }) => property);
  const keys = members.map(({ key }) => key);
  return () => {
    const writes = members.map(({ writers }) => writers());
    // Such as the sensor of a list of pings.
    let [latest, json]: [latest?: unknown, json?: string] = [];
    return (value) => {
      if (value === latest) return json!;
      if (value instanceof Promise) throw new TypeError('A value is a promise.');
      const object = value as Readonly<Record<string, unknown>>;
      let text = '';
      for (let index = 0; index < writes.length; index++) {
        text += keys[index]! + writes[index]!(object[properties[index]!]);
      }
      latest = value;
      json = `${text}}`;
      return json;
    };
  };
}

function memberOf(
  type: GraphQLObjectType,
  { alias, name, arguments: given, directives, selectionSet }: FieldNode,
  index: number,
): Member | undefined {
  const key = `${index === 0 ? '{' : ','}${JSON.stringify((alias ?? name).value)}:`;
  const property = name.value;
  if (given?.length || directives?.length) return undefined;
  if (property === '__typename') {
    return { property, key, writers: () => () => JSON.stringify(type.name) };
  }
  const field = type.getFields()[property];
  const writers = field && isStored(field) ? jsonWriters(field.type, selectionSet) : undefined;
  return writers && { property, key, writers };
}
