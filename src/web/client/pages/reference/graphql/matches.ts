import { Kind } from 'graphql';
import { GROUPS, type Group, type TypeNode } from './schema.js';

interface Named {
  readonly name: { readonly value: string };
  readonly description?: { readonly value: string };
}

/** Types that are named by, described by, or have a member that is, what is searched for. */
export function found(search: string): readonly Group[] {
  const sought = search.trim().toLowerCase();
  if (!sought) return GROUPS;
  return GROUPS.map(({ name, types }) => ({
    name,
    types: types.filter((type) => [type, ...membersOf(type)].some((one) => tells(one, sought))),
  })).filter(({ types }) => types.length > 0);
}

/** Whether a member is worth pointing out among its type's. */
export function isFound(member: Named, search: string): boolean {
  const sought = search.trim().toLowerCase();
  return sought !== '' && tells(member, sought);
}

function membersOf(type: TypeNode): readonly Named[] {
  if (type.kind === Kind.ENUM_TYPE_DEFINITION) return type.values ?? [];
  return type.kind === Kind.SCALAR_TYPE_DEFINITION ? [] : (type.fields ?? []);
}

function tells({ name, description }: Named, sought: string): boolean {
  return `${name.value} ${description?.value ?? ''}`.toLowerCase().includes(sought);
}
