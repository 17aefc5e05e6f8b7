import {
  Kind,
  parse,
  print,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeNode as TypeReference,
} from 'graphql';
import { isoInstant } from '../../../iso-instant.js';
import { fieldsOf, typeOf, type Operation } from './schema.js';
import { serverAddress } from '../../../server-address.js';

/** How many levels of fields an operation selects. */
const DEPTH = 2;

/** The address of the explorer with an operation for this field, to be filled in. */
export function explorerAddress(operation: Operation, field: FieldDefinitionNode): string {
  const values = operation === 'mutation' ? TO_BE_FILLED_IN : PLACEHOLDERS;
  const parameters = new URLSearchParams({
    query: operationText(operation, field),
    variables: JSON.stringify(
      Object.fromEntries(
        needed(field).map(({ name, type }) => [name.value, placeholder(type, values)]),
      ),
      null,
      2,
    ),
  });
  return serverAddress(`/app/explorer?${parameters.toString()}`);
}

function operationText(operation: Operation, field: FieldDefinitionNode): string {
  const name = field.name.value;
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const variables = needed(field).map(({ name, type }) => `$${name.value}: ${print(type)}`);
  const given = needed(field).map(({ name }) => `${name.value}: $${name.value}`);
  const text = `${operation} ${title}${inBrackets(variables)} { ${name}${inBrackets(given)} ${selection(field.type, DEPTH)} }`;
  return `${print(parse(text))}\n`;
}

function needed({ arguments: all = [] }: FieldDefinitionNode): InputValueDefinitionNode[] {
  return all.filter(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
}

function inBrackets(parts: readonly string[]): string {
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
}

/** `{ … }`, or nothing for a type without fields to select at this depth. */
function selection(type: TypeReference, depth: number): string {
  const fields = fieldsOf(typeOf(nameOf(type)));
  if (fields.length === 0) return '';
  const isConnection = fields.some(({ name }) => name.value === 'nodes');
  const parts = fields.flatMap((field) => {
    const isWrapped = isConnection && field.name.value === 'edges';
    if (isWrapped || needed(field).length > 0) return [];
    const isLeaf = fieldsOf(typeOf(nameOf(field.type))).length === 0;
    if (isLeaf) return [field.name.value];
    const selected = depth > 1 ? selection(field.type, depth - 1) : '';
    return selected ? [`${field.name.value} ${selected}`] : [];
  });
  return parts.length > 0 ? `{ ${parts.join(' ')} }` : '';
}

/** A value of the type with its required fields. */
function placeholder(type: TypeReference, values: Placeholders): unknown {
  if (type.kind === Kind.NON_NULL_TYPE) return placeholder(type.type, values);
  if (type.kind === Kind.LIST_TYPE) return [placeholder(type.type, values)];
  const name = type.name.value;
  const definition = typeOf(name);
  if (definition?.kind === Kind.ENUM_TYPE_DEFINITION) return definition.values?.[0]?.name.value;
  if (definition?.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
    const required = definition.fields?.filter(({ type: { kind } }) => kind === Kind.NON_NULL_TYPE);
    return Object.fromEntries(
      required?.map((field) => [field.name.value, placeholder(field.type, values)]) ?? [],
    );
  }
  return values[name]?.() ?? '';
}

type Placeholders = Readonly<Record<string, () => unknown>>;

const PLACEHOLDERS: Placeholders = {
  ID: () => '1',
  Int: () => 1,
  Float: () => 0,
  Boolean: () => false,
  DateTime: () => isoInstant(Date.now()),
};

/**
 * What the server refuses: a mutation that ran as it is would change or delete real data, such as
 * the first webhook endpoint or token of the account. An empty text is refused as a name or URL.
 */
const TO_BE_FILLED_IN: Placeholders = {
  ID: () => 'id',
  Int: () => 'whole number',
  Float: () => 'number',
  Boolean: () => 'true or false',
  DateTime: () => 'yyyy-mm-ddThh:mm:ssZ',
};

export function nameOf(type: TypeReference): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
