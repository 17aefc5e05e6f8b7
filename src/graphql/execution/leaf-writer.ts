import { GraphQLFloat, GraphQLID, GraphQLInt, type GraphQLLeafType, GraphQLString } from 'graphql';
import type { JsonBytes } from '../../http/json-bytes.js';
import { DateTime } from '../types/date-time.scalar.js';
import { Json, type WrittenJson } from './written-json.js';

/** Writes a value. @throws what its scalar throws, where the value is not of its type */
export type LeafWriter = (out: JsonBytes, value: unknown) => void;

/** For the values of a type but null. */
export function leafWriter(type: GraphQLLeafType): LeafWriter {
  const serialized: LeafWriter = (out, value) => out.json(JSON.stringify(type.serialize(value)));
  switch (type) {
    case Json:
      return (out, value) => out.append((value as WrittenJson).chunks);
    case DateTime:
      return (out, value) =>
        value instanceof Date ? out.instant(value.getTime()) : serialized(out, value);
    case GraphQLID:
    case GraphQLString:
      return (out, value) =>
        typeof value === 'string' ? out.string(value) : serialized(out, value);
    case GraphQLFloat:
    case GraphQLInt:
      return (out, value) => out.number(type.serialize(value) as number);
    default:
      return serialized;
  }
}
