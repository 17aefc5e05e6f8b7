import {
  type FieldNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { asciiBytes, type JsonBytes } from '../../http/json-bytes.js';
import { type LeafWriter, leafWriter } from './leaf-writer.js';
import type { ResolvedField, ResolvedValues } from './resolved-fields.js';
import { Json } from './written-json.js';

/** How the items of a list become JSON. */
export interface ListWriter {
  /** what is resolved before the items are written */
  readonly fields: readonly ResolvedField[];
  /** whether items contain lists, each of which may be long */
  readonly hasLists: boolean;
  /**
   * Writes the items from `start` up to `end`, with a comma before each but the first of all.
   * @param values of the fields
   * @throws TypeError or what a scalar throws, where a value is not of its type
   */
  readonly write: (
    out: JsonBytes,
    items: readonly unknown[],
    values: ResolvedValues,
    start: number,
    end: number,
  ) => void;
}

/**
 * Compiles a writer for the items of a list. A function that is compiled for one selection reads
 * each property at a place of its own, which V8 optimises for the one kind of object that comes
 * there; a place that serves all selections has soon met too many kinds.
 *
 * Undefined where what is selected has a directive, a fragment, or objects of several types.
 */
export function listWriter(
  type: GraphQLOutputType,
  selection: SelectionSetNode | undefined,
): ListWriter | undefined {
  const compilation = new Compilation();
  const item = { value: 'items[index]', of: undefined, path: [], keys: [] };
  return compilation.value(item, type, selection) ? compilation.writer() : undefined;
}

/** Where a value is. */
interface Place {
  /** an expression */
  readonly value: string;
  /** the resolved field whose values have it; undefined where the items have it */
  readonly of: number | undefined;
  /** from there */
  readonly path: readonly string[];
  /** from the item */
  readonly keys: readonly string[];
}

const [NULL, COMMA] = [asciiBytes('null'), asciiBytes(',')];

class Compilation {
  private readonly fields: ResolvedField[] = [];
  private readonly leafWriters: LeafWriter[] = [];
  private readonly literals: Uint8Array[] = [];
  private readonly statements: string[] = [];
  private objects = 0;
  /** what comes next, and is always the same */
  private text = '';

  writer(): ListWriter {
    this.endText();
    const values = this.fields.map((_, n) => `values${n}`);
    const latest = Array.from(
      { length: this.objects },
      (_, n) => `let latest${n} = none, chunk${n}, from${n}, to${n};`,
    );
    // Names of the schema and aliases, which are part of it, have letters, digits and _ alone.
    const source = `return (out, items, [${values.join(', ')}], start, end) => {
      ${latest.join('\n')}
      for (let index = start; index < end; index++) {
        if (index > 0) out.literal(COMMA);
        ${this.statements.join('\n')}
      }
    };`;
    const constants = {
      ...{ none: Symbol(), NULL, COMMA, requireObject, requireNullable },
      ...Object.fromEntries(this.literals.map((literal, n) => [`literal${n}`, literal])),
      ...Object.fromEntries(this.leafWriters.map((write, n) => [`write${n}`, write])),
    };
    // eslint-disable-next-line typescript/no-implied-eval -- compiled on purpose: see listWriter
    const make = new Function(...Object.keys(constants), source) as (
      ...given: unknown[]
    ) => ListWriter['write'];
    return {
      fields: this.fields,
      hasLists: this.fields.some(({ field }) => getNamedType(field.type) === Json),
      write: make(...Object.values(constants)),
    };
  }

  /** @returns whether such values can be written */
  value(place: Place, type: GraphQLOutputType, selection: SelectionSetNode | undefined): boolean {
    const isRequired = isNonNullType(type);
    const named = isRequired ? type.ofType : type;
    if (isLeafType(named)) this.leaf(place.value, named, isRequired);
    else if (isObjectType(named) && selection) {
      return this.object(place, named, isRequired, selection);
    } else return false;
    return true;
  }

  private leaf(value: string, type: GraphQLLeafType, isRequired: boolean): void {
    const write = leafWriter(type);
    const writeNullable: LeafWriter = (out, leaf) => {
      if (leaf !== null && leaf !== undefined) write(out, leaf);
      else {
        requireNullable(isRequired);
        out.literal(NULL);
      }
    };
    const name = `write${this.leafWriters.push(writeNullable) - 1}`;
    this.statement(`${name}(out, ${value});`);
  }

  private object(
    place: Place,
    type: GraphQLObjectType,
    isRequired: boolean,
    { selections }: SelectionSetNode,
  ): boolean {
    const n = this.objects++;
    // The same object may come again and again, such as the sensor of a list of pings.
    this.statement(`
      const object${n} = ${place.value};
      if (object${n} === null || object${n} === undefined) {
        requireNullable(${isRequired});
        out.literal(NULL);
      } else if (object${n} === latest${n}) out.repeat(chunk${n}, from${n}, to${n});
      else {
        requireObject(object${n});
        chunk${n} = out.bytes;
        from${n} = out.at;`);
    const keys = new Set<string>();
    for (const node of selections) {
      if (node.kind !== Kind.FIELD) return false;
      const key = (node.alias ?? node.name).value;
      this.text += `${keys.size === 0 ? '{' : ','}"${key}":`;
      // What has the same key would have to be merged.
      if (keys.has(key) || !this.field({ ...place, value: `object${n}` }, type, node)) return false;
      keys.add(key);
    }
    this.text += '}';
    this.statement(`
        to${n} = out.at;
        latest${n} = chunk${n} === out.bytes ? object${n} : none;
      }`);
    return true;
  }

  private field(object: Place, type: GraphQLObjectType, node: FieldNode): boolean {
    const { alias, name, directives, selectionSet } = node;
    if (directives?.length) return false;
    if (name.value === '__typename') {
      this.text += `"${type.name}"`;
      return true;
    }
    const field = type.getFields()[name.value];
    if (!field) return false;
    const keys = [...object.keys, (alias ?? name).value];
    const place = isStored(field, node)
      ? this.property({ ...object, keys }, name.value)
      : this.resolved({ ...object, keys, parentType: type, field, node });
    return this.value(place, field.type, selectionSet);
  }

  private property({ value, of, path, keys }: Place, name: string): Place {
    return { value: `${value}.${name}`, of, path: [...path, name], keys };
  }

  private resolved({ of, path, keys, parentType, field, node }: ResolvedField): Place {
    const n = this.fields.push({ of, path, keys, parentType, field, node }) - 1;
    return { value: `values${n}[index]`, of: n, path: [], keys };
  }

  private statement(code: string): void {
    this.endText();
    this.statements.push(code);
  }

  private endText(): void {
    if (this.text === '') return;
    const name = `literal${this.literals.push(asciiBytes(this.text)) - 1}`;
    this.text = '';
    this.statements.push(`out.literal(${name});`);
  }
}

/** Whether a field is a property of its object. */
function isStored(
  { resolve, extensions }: GraphQLField<unknown, unknown>,
  node: FieldNode,
): boolean {
  return !resolve || (extensions.isStored === true && !node.arguments?.length);
}

function requireNullable(isRequired: boolean): void {
  if (isRequired) throw new TypeError('A value is missing.');
}

function requireObject(value: unknown): void {
  if (value instanceof Promise) throw new TypeError('A value is a promise.');
}
