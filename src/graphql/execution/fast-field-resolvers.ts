import { type GraphQLSchema, isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

type Method = (...values: unknown[]) => unknown;
type Args = Readonly<Record<string, unknown>>;
type Value = (root: unknown, args: Args, context: unknown) => unknown;

/**
 * Lets objects' fields call their methods directly. What type-graphql does before each call is for validators,
 * middlewares and containers, none of which is here, and costs more than most of the methods do.
 */
export function bypassTypeGraphql(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  for (const metadata of fieldResolvers) {
    const { kind, target, getObjectType, schemaName, methodName, params = [] } = metadata;
    const object = objectTypes.find((each) => each.target === getObjectType?.());
    const type = schema.getType(object?.name ?? '');
    const field = isObjectType(type) ? type.getFields()[schemaName] : undefined;
    if (!field) continue;
    const values = [...params].sort((one, other) => one.index - other.index).map(valueOf);
    const resolver: unknown = kind === 'external' ? Reflect.construct(target, []) : undefined;
    field.resolve = (root: unknown, args: Args, context) => {
      const holder = (resolver ?? root) as Record<string, Method>;
      return holder[methodName]!(...values.map((value) => value(root, args, context)));
    };
  }
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
    default:
      throw new Error(`A field takes ${param.kind}, which it is not given.`);
  }
}
