import {
  Kind,
  parse,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ScalarTypeDefinitionNode,
} from 'graphql';
import text from '../../../../../../schema/schema.graphql?raw';
import { serverAddress } from '../../../server-address.js';

export type TypeNode =
  | ObjectTypeDefinitionNode
  | InputObjectTypeDefinitionNode
  | EnumTypeDefinitionNode
  | ScalarTypeDefinitionNode;

/** The kind of operation that starts with a field of a root type. */
export type Operation = 'query' | 'mutation' | 'subscription';

export interface Group {
  readonly name: string;
  readonly types: readonly TypeNode[];
}

/** The schema as it is committed, which is checked against the resolvers. */
const types: readonly TypeNode[] = parse(text).definitions.filter(isType);

const byName: ReadonlyMap<string, TypeNode> = new Map(types.map((type) => [type.name.value, type]));

export function typeOf(name: string): TypeNode | undefined {
  return byName.get(name);
}

/** The address of the description of a type, without a search that might hide it. */
export function addressOf(name: string): string {
  return serverAddress(`/app/reference/graphql#${name}`);
}

export function operationOf({ name }: TypeNode): Operation | undefined {
  return OPERATIONS[name.value];
}

export function fieldsOf(type: TypeNode | undefined): readonly FieldDefinitionNode[] {
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.fields ?? []) : [];
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Query: 'query',
  Mutation: 'mutation',
  Subscription: 'subscription',
};

const isRoot = (type: TypeNode) => operationOf(type) !== undefined;
const ofKind = (kind: TypeNode['kind']) =>
  types.filter((type) => type.kind === kind && !isRoot(type));

export const GROUPS: readonly Group[] = [
  { name: 'Operations', types: Object.keys(OPERATIONS).flatMap((name) => byName.get(name) ?? []) },
  { name: 'Types', types: ofKind(Kind.OBJECT_TYPE_DEFINITION) },
  { name: 'Inputs', types: ofKind(Kind.INPUT_OBJECT_TYPE_DEFINITION) },
  { name: 'Enums', types: ofKind(Kind.ENUM_TYPE_DEFINITION) },
  { name: 'Scalars', types: ofKind(Kind.SCALAR_TYPE_DEFINITION) },
];

function isType(definition: { kind: Kind }): definition is TypeNode {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.SCALAR_TYPE_DEFINITION:
      return true;
    default:
      return false;
  }
}
