import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { GraphQLContext } from './context.js';
import { listWriter, type ListWriter } from './json-writer.js';
import type { Parts } from './parts.js';
import { WrittenJson } from './written-json.js';

/** Not a character of a name in a document. */
const SUFFIX = '$json';

const Json = new GraphQLScalarType({ name: 'WrittenJson', serialize: (value) => value });

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
    resolve: async (root, args, context, info) => {
      const items = (await resolve(root, args, context, info)) as Items;
      const { writer } = info.fieldNodes[0] as WrittenListNode;
      return items && write(items, writer, (context as GraphQLContext).execution.parts);
    },
  };
}

async function write(
  items: readonly unknown[],
  writeItems: ListWriter,
  parts: Parts | undefined,
): Promise<WrittenJson> {
  const texts = ['['];
  const add = (some: readonly unknown[]) => {
    if (texts.length > 1) texts.push(',');
    // V8 keeps a text that was added up as a tree, which its garbage collector visits part by part
    // for as long as the text waits to be sent. Slicing makes it one piece.
    texts.push(writeItems(some).slice(1));
  };
  if (parts) await parts.each(items, add);
  else add(items);
  return new WrittenJson([...texts, ']']);
}

/**
 * A document that selects the JSON of lists of objects wherever properties of those are all that
 * is selected.
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
  const writer = json && isListType(list) && listWriter(list.ofType, node.selectionSet);
  if (writer) {
    const name = { ...node.name, value: json.name };
    return { ...node, name, alias: node.alias ?? node.name, writer } as WrittenListNode;
  }
  const named = getNamedType(field.type);
  return isObjectType(named)
    ? { ...node, selectionSet: selectJson(named, node.selectionSet) }
    : node;
}
