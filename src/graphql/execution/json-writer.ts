import {
  type FieldNode,
  GraphQLFloat,
  GraphQLID,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { numberText } from '../../domain/shared/number-text.js';
import { formatInstant } from '../../domain/shared/time.js';
import { DateTime } from '../types/date-time.scalar.js';

/**
 * Writes items of a list as JSON, each after a comma.
 * @throws TypeError or what a scalar throws, where a value is not of its type
 */
export type ListWriter = (items: readonly unknown[]) => string;

/**
 * Compiles a writer for the items of a list. A function that is compiled for one selection reads
 * each property at a place of its own, which V8 optimises for the one kind of object that comes
 * there; a place that serves all selections has soon met too many kinds.
 *
 * Undefined where what is selected takes more than reading properties: a resolver, arguments, a
 * directive, a fragment.
 */
export function listWriter(
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
): ListWriter | undefined {
  const compilation = new Compilation();
  const item = compilation.value('items[index]', type, selection);
  return item && compilation.writer(item);
}

/** How a value is written, as JavaScript. */
interface Source {
  /** to run before the expressions */
  readonly statements: string;
  /** whose results together are the value's JSON */
  readonly json: readonly Piece[];
}

/** Text that is always the same, or an expression for what is not. */
type Piece = { readonly text: string } | { readonly expression: string };

type LeafWriter = (value: unknown) => string;

class Compilation {
  private readonly leafWriters: LeafWriter[] = [];
  private objects = 0;

  writer({ statements, json }: Source): ListWriter {
    const latest = Array.from(
      { length: this.objects },
      (_, n) => `let latest${n} = none, json${n};`,
    );
    // Names of the schema and aliases, which are part of it, have letters, digits and _ alone.
    const source = `return (items) => {
      let text = '';
      ${latest.join('\n')}
      for (let index = 0; index < items.length; index++) {
        ${statements}
        text += ${concatenation([{ text: ',' }, ...json])};
      }
      return text;
    };`;
    const names = this.leafWriters.map((_, n) => `write${n}`);
    // eslint-disable-next-line typescript/no-implied-eval -- compiled on purpose: see listWriter
    const make = new Function('none', 'missing', 'requireObject', ...names, source) as (
      ...values: unknown[]
    ) => ListWriter;
    return make(Symbol(), missing, requireObject, ...this.leafWriters);
  }

  /** @param value an expression */
  value(
    value: string,
    type: GraphQLOutputType,
    selection: SelectionSetNode | undefined,
  ): Source | undefined {
    const isRequired = isNonNullType(type);
    const named = isRequired ? type.ofType : type;
    if (isLeafType(named)) return this.leaf(value, named, isRequired);
    if (isObjectType(named) && selection) return this.object(value, named, isRequired, selection);
    return undefined;
  }

  private leaf(value: string, type: GraphQLLeafType, isRequired: boolean): Source {
    const unquoted = isRequired ? unquotedWriter(type) : undefined;
    const write = unquoted ?? leafWriter(type);
    const writeNullable: LeafWriter = (leaf) =>
      leaf === null || leaf === undefined ? missing(isRequired) : write(leaf);
    const name = `write${this.leafWriters.push(writeNullable) - 1}`;
    const written = { expression: `${name}(${value})` };
    return { statements: '', json: unquoted ? [QUOTE, written, QUOTE] : [written] };
  }

  private object(
    value: string,
    type: GraphQLObjectType,
    isRequired: boolean,
    { selections }: SelectionSetNode,
  ): Source | undefined {
    const n = this.objects++;
    const fields = selections.map((each) =>
      each.kind === Kind.FIELD ? this.field(`object${n}`, type, each) : undefined,
    );
    const keys = new Set(fields.map((field) => field?.key));
    // What has the same key would have to be merged.
    if (!fields.every((field) => field !== undefined) || keys.size < fields.length)
      return undefined;
    const members = fields.flatMap(({ key, json }, index) => [
      { text: `${index === 0 ? '{' : ','}"${key}":` },
      ...json,
    ]);
    // The same object may come again and again, such as the sensor of a list of pings.
    const statements = `
      const object${n} = ${value};
      if (object${n} !== latest${n}) {
        latest${n} = object${n};
        if (object${n} === null || object${n} === undefined) json${n} = missing(${isRequired});
        else {
          requireObject(object${n});
          ${fields.map((field) => field.statements).join('')}
          json${n} = ${concatenation([...members, { text: '}' }])};
        }
      }`;
    return { statements, json: [{ expression: `json${n}` }] };
  }

  private field(
    object: string,
    type: GraphQLObjectType,
    { alias, name, arguments: given, directives, selectionSet }: FieldNode,
  ): (Source & { key: string }) | undefined {
    const key = (alias ?? name).value;
    const property = name.value;
    if (given?.length || directives?.length) return undefined;
    if (property === '__typename') {
      return { key, statements: '', json: [{ text: `"${type.name}"` }] };
    }
    const field = type.getFields()[property];
    if (!field || !isStored(field)) return undefined;
    const source = this.value(`${object}.${property}`, field.type, selectionSet);
    return source && { key, ...source };
  }
}

/** Whether a field is a property of its object, unless it has arguments. */
function isStored({ resolve, extensions }: GraphQLField<unknown, unknown>): boolean {
  return !resolve || extensions.isStored === true;
}

function missing(isRequired: boolean): string {
  if (isRequired) throw new TypeError('A value is missing.');
  return 'null';
}

function requireObject(value: unknown): void {
  if (value instanceof Promise) throw new TypeError('A value is a promise.');
}

const QUOTE: Piece = { text: '"' };

/** An expression: each concatenation takes time, and what stays the same is one text. */
function concatenation(pieces: readonly Piece[]): string {
  const terms: string[] = [];
  let text = '';
  const endText = () => {
    if (text !== '') terms.push(JSON.stringify(text));
    text = '';
  };
  for (const piece of pieces) {
    if ('text' in piece) text += piece.text;
    else {
      endText();
      terms.push(piece.expression);
    }
  }
  endText();
  return terms.join(' + ');
}

function leafWriter(type: GraphQLLeafType): LeafWriter {
  const unquoted = unquotedWriter(type);
  if (unquoted) return (value) => `"${unquoted(value)}"`;
  const write = serialized(type);
  // JSON knows no -0.
  return type === GraphQLFloat
    ? (value) => (Number.isFinite(value) ? numberText((value as number) + 0) : write(value))
    : write;
}

/** Of a type whose values are strings: what is between the quotes. */
function unquotedWriter(type: GraphQLLeafType): LeafWriter | undefined {
  const write = serialized(type);
  switch (type) {
    case DateTime:
      return (value) => (value instanceof Date ? formatInstant(value) : write(value).slice(1, -1));
    case GraphQLID:
      return (value) => (isDigits(value) ? value : write(value).slice(1, -1));
    default:
      return undefined;
  }
}

function serialized(type: GraphQLLeafType): LeafWriter {
  return (value) => JSON.stringify(type.serialize(value));
}

function isDigits(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
