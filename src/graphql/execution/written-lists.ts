import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { asciiBytes, JsonBytes } from '../../http/json-bytes.js';
import type { GraphQLContext } from './context.js';
import { listWriter, type ListWriter } from './json-writer.js';
import { PART, type Parts } from './parts.js';
import { resolveFields, type ResolvedValues } from './resolved-fields.js';
import { Json, WrittenJson } from './written-json.js';

/** Not a character of a name in a document. */
const SUFFIX = '$json';

type Items = readonly unknown[] | null | undefined;

/** A field of a document whose list is written as JSON instead of becoming objects. */
interface WrittenListNode extends FieldNode {
  readonly writer: ListWriter;
}

/**
 * Adds to each list of objects, as a field beside it, its JSON. Neither introspection nor clients'
 * documents know these fields: `withWrittenLists` selects them.
 */
export function addWrittenLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    for (const field of Object.values(fields)) {
      const list = getNullableType(field.type);
      if (!field.resolve || !isListType(list) || !isObjectType(getNamedType(list))) continue;
      Object.defineProperty(fields, field.name + SUFFIX, {
        value: writtenList(field, field.resolve),
        configurable: true,
        enumerable: false,
      });
    }
  }
}

/** Whether a field's list is to be written: then all of its items are needed at once. */
export function isWrittenList({ fieldNodes }: GraphQLResolveInfo): boolean {
  return 'writer' in fieldNodes[0]!;
}

function writtenList(
  field: GraphQLField<unknown, unknown>,
  resolve: NonNullable<GraphQLField<unknown, unknown>['resolve']>,
): GraphQLField<unknown, unknown> {
  return {
    ...field,
    name: field.name + SUFFIX,
    type: isNonNullType(field.type) ? new GraphQLNonNull(Json) : Json,
    resolve: (root, args, context, info) => {
      const written = (items: Items) => items && write(items, context as GraphQLContext, info);
      const items = resolve(root, args, context, info) as Items | Promise<Items>;
      return items instanceof Promise ? items.then(written) : written(items);
    },
  };
}

/** At once where nothing has to be waited for. */
function write(
  items: readonly unknown[],
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): WrittenJson | Promise<WrittenJson> {
  const { writer } = info.fieldNodes[0] as WrittenListNode;
  const { parts } = context.execution;
  if (writer.fields.length === 0 && !parts) return writeAll(items, [], writer);
  return resolveFields(writer.fields, items, context, info).then((values) =>
    parts ? writeInParts(items, values, writer, parts) : writeAll(items, values, writer),
  );
}

function writeAll(
  items: readonly unknown[],
  values: ResolvedValues,
  writer: ListWriter,
): WrittenJson {
  const out = new JsonBytes();
  out.literal(OPEN);
  writer.write(out, items, values, 0, items.length);
  out.literal(CLOSE);
  return new WrittenJson(out.end());
}

async function writeInParts(
  items: readonly unknown[],
  values: ResolvedValues,
  writer: ListWriter,
  parts: Parts,
): Promise<WrittenJson> {
  const out = new JsonBytes();
  out.literal(OPEN);
  await parts.each(items.length, writer.hasLists ? 1 : PART, (start, end) =>
    writer.write(out, items, values, start, end),
  );
  out.literal(CLOSE);
  return new WrittenJson(out.end());
}

const [OPEN, CLOSE] = [asciiBytes('['), asciiBytes(']')];

/**
 * A document that selects the JSON of lists of objects wherever their selection is one that a
 * `listWriter` can be made of.
 */
export function withWrittenLists(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const query = schema.getQueryType()!;
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === OperationTypeNode.QUERY
        ? { ...definition, selectionSet: selectJson(query, definition.selectionSet) }
        : definition,
    ),
  };
}

function selectJson(type: GraphQLObjectType, selectionSet: SelectionSetNode): SelectionSetNode {
  const keys = selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : undefined,
  );
  // Fields of the same key are merged, and those of fragments may have any.
  if (keys.includes(undefined)) return selectionSet;
  return {
    ...selectionSet,
    selections: (selectionSet.selections as readonly FieldNode[]).map((node, index) =>
      keys.indexOf(keys[index]) === keys.lastIndexOf(keys[index]) ? asJson(type, node) : node,
    ),
  };
}

function asJson(type: GraphQLObjectType, node: FieldNode): FieldNode {
  const fields = type.getFields();
  const field = fields[node.name.value];
  if (!field || !node.selectionSet) return node;
  const list = getNullableType(field.type);
  const json = fields[node.name.value + SUFFIX];
  const named = getNamedType(field.type);
  if (!isObjectType(named)) return node;
  const selectionSet = selectJson(named, node.selectionSet);
  const writer = json && isListType(list) && listWriter(list.ofType, selectionSet);
  if (!writer) return { ...node, selectionSet };
  const name = { ...node.name, value: json.name };
  return { ...node, name, selectionSet, alias: node.alias ?? node.name, writer } as WrittenListNode;
}
