import { Kind } from 'graphql';
import { GROUPS, type Group, type TypeNode } from './schema.js';

interface Named {
  readonly name: { readonly value: string };
  readonly description?: { readonly value: string };
}

/** The types whose name, description or members mention the search text. */
export function findTypes(search: string): readonly Group[] {
  const term = search.trim().toLowerCase();
  if (!term) return GROUPS;
  return GROUPS.map(({ name, types }) => ({
    name,
    types: types.filter((type) => [type, ...membersOf(type)].some((one) => mentions(one, term))),
  })).filter(({ types }) => types.length > 0);
}

/** Whether a member is one that the search found. */
export function isFound(member: Named, search: string): boolean {
  const term = search.trim().toLowerCase();
  return term !== '' && mentions(member, term);
}

function membersOf(type: TypeNode): readonly Named[] {
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) return type.values ?? [];
  return type.kind === Kind.SCALAR_TYPE_DEFINITION ? [] : (type.fields ?? []);
}

function mentions({ name, description }: Named, term: string): boolean {
  return `${name.value} ${description?.value ?? ''}`.toLowerCase().includes(term);
}
