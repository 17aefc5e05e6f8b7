import { GraphQLScalarType } from 'graphql';

/** A value of a result that is JSON already. */
export class WrittenJson {
  /** @param chunks of its UTF-8 */
  constructor(readonly chunks: readonly Uint8Array[]) {}
}

/** The type of values that are JSON already. */
export const Json = new GraphQLScalarType({ name: 'WrittenJson', serialize: (value) => value });
