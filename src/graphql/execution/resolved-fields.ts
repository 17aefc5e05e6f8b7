import {
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
} from 'graphql';
import type { GraphQLContext } from './context.js';

/** A field of a list's items, or of objects within them, that takes a resolver. */
export interface ResolvedField {
  /** the field whose values have the objects; undefined where the items themselves have them */
  readonly of: number | undefined;
  /** the properties that lead from an item, or from such a value, to the object */
  readonly path: readonly string[];
  /** the keys of the response from an item to the field */
  readonly keys: readonly string[];
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

/** The values of each field, for each of the items. */
export type ResolvedValues = readonly (readonly unknown[])[];

/**
 * Resolves fields for all items of a list, a field at a time: what they load is asked for at once.
 * The fields of an object that is null stay undefined.
 * @param fields each after the one whose values it is of
 * @throws what a resolver throws
 */
export function resolveFields(
  fields: readonly ResolvedField[],
  items: readonly unknown[],
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<ResolvedValues> {
  const { parts } = context.execution;
  // Before anything is loaded that could fail while nobody waits for it: wrong arguments throw.
  const resolvers = fields.map((each) => resolverOf(each, context, info));
  const values: Promise<readonly unknown[]>[] = [];
  for (const [index, { of }] of fields.entries()) {
    const resolve = resolvers[index]!;
    const ofAll = (sources: readonly unknown[]) =>
      parts
        ? parts.map(sources, (source) => handled(resolve(source))).then(settled)
        : settled(sources.map(resolve));
    values.push(of === undefined ? ofAll(items) : values[of]!.then(ofAll));
  }
  return Promise.all(values);
}

/** What throws at once becomes a promise that rejects, like what fails later. */
function resolverOf(
  { path, keys, parentType, field, node }: ResolvedField,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): (source: unknown) => unknown {
  const args = getArgumentValues(field, node, info.variableValues);
  const own: GraphQLResolveInfo = {
    ...info,
    ...{ fieldName: field.name, fieldNodes: [node], returnType: field.type, parentType },
    path: keys.reduce<GraphQLResolveInfo['path']>(
      (prev, key) => ({ prev, key, typename: undefined }),
      info.path,
    ),
  };
  const { resolve } = field;
  return (source) => {
    let object = source;
    for (const name of path)
      object = (object as Record<string, unknown> | null | undefined)?.[name];
    if (object === null || object === undefined) return undefined;
    try {
      return resolve!(object, args, context, own);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

/** What fails before all are waited for has not failed unnoticed. */
function handled(value: unknown): unknown {
  if (value instanceof Promise) value.catch(() => undefined);
  return value;
}

/** Without waiting for each where none is a promise. */
function settled(values: readonly unknown[]): Promise<readonly unknown[]> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : Promise.resolve(values);
}
