import { Kind, type TypeNode } from 'graphql';
import { addressOf, typeOf } from './schema.js';

/** A type such as `[Ping!]!`, whose name links to its description. */
export function TypeReference({ type }: { type: TypeNode }) {
  switch (type.kind) {
    case Kind.NON_NULL_TYPE:
      return (
        <>
          <TypeReference type={type.type} />!
        </>
      );
    case Kind.LIST_TYPE:
      return (
        <>
          [<TypeReference type={type.type} />]
        </>
      );
    case Kind.NAMED_TYPE: {
      const name = type.name.value;
      return typeOf(name) ? <a href={addressOf(name)}>{name}</a> : name;
    }
  }
}
