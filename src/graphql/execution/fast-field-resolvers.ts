import {
  getNullableType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isListType,
  isObjectType,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { GraphQLContext } from './context.js';
import { isWrittenList } from './written-lists.js';

type Method = (...values: unknown[]) => unknown;
type Args = Readonly<Record<string, unknown>>;
type Value = (root: unknown, args: Args, context: unknown, info: GraphQLResolveInfo) => unknown;

interface Guarded {
  readonly target: unknown;
  readonly name?: string;
  readonly methodName?: string;
  readonly middlewares?: readonly unknown[] | undefined;
  readonly roles?: readonly unknown[] | undefined;
}

/**
 * Makes the fields of objects call their methods directly. What type-graphql does before each call
 * is for validators, middlewares, roles and containers, none of which this schema has, and costs
 * more than most of the methods do.
 * @throws Error where a field has a middleware or roles
 */
export function bypassTypeGraphql(schema: GraphQLSchema): void {
  const { fieldResolvers, fields, objectTypes } = getMetadataStorage();
  [...fieldResolvers, ...fields].forEach(requireUnguarded);
  for (const metadata of fieldResolvers) {
    const { kind, target, getObjectType, schemaName, methodName, params = [] } = metadata;
    const object = objectTypes.find((each) => each.target === getObjectType?.());
    const type = schema.getType(object?.name ?? '');
    const field = isObjectType(type) ? type.getFields()[schemaName] : undefined;
    if (!field) continue;
    const values = [...params].sort((one, other) => one.index - other.index).map(valueOf);
    const resolver: unknown = kind === 'external' ? Reflect.construct(target, []) : undefined;
    const call: Value = (root, args, context, info) => {
      const owner = (resolver ?? root) as Record<string, Method>;
      return owner[methodName]!(...values.map((value) => value(root, args, context, info)));
    };
    field.resolve = isListType(getNullableType(field.type)) ? inParts(call) : call;
  }
}

/** A list of a large operation is executed in parts. */
function inParts(call: Value): Value {
  return (root, args, context, info) => {
    const { parts } = (context as GraphQLContext).execution;
    const list = call(root, args, context, info);
    return parts && !isWrittenList(info) ? parts.divide(list) : list;
  };
}

/**
 * A field's middlewares and roles would be dropped in silence. The domain checks scopes instead.
 */
function requireUnguarded({ target, name, methodName, middlewares, roles }: Guarded): void {
  const guard = middlewares?.length ? 'a middleware' : roles && 'roles';
  if (!guard) return;
  const owner = (target as { name: string }).name;
  throw new Error(
    `${owner}.${methodName ?? name} has ${guard}, which would not be applied: check in the domain.`,
  );
}

function valueOf(param: { readonly kind: string; readonly name?: string }): Value {
  switch (param.kind) {
    case 'root':
      return (root) => root;
    case 'context':
      return (_root, _args, context) => context;
    case 'args':
      return (_root, args) => args;
    case 'arg':
      return (_root, args) => args[param.name!];
    case 'info':
      return (_root, _args, _context, info) => info;
    default:
      throw new Error(
        `A field resolver takes a parameter of kind ${param.kind}, which is not supported.`,
      );
  }
}
