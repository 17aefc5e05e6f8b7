import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FragmentDefinitionNode,
  getNamedType,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  isEnumType,
  isSpecifiedScalarType,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit';
import { withWrittenLists } from './written-lists.js';

/** A field takes some 60 µs to compile, and all of them are compiled without a pause. */
const MAX_FIELDS = 200;

type Execution = Pick<
  ExecutionArgs,
  'document' | 'operationName' | 'variableValues' | 'contextValue'
>;

/**
 * Executes operations. A query is compiled into a function when it comes a second time: the
 * function answers a thousand objects in a fraction of the time, and compiling costs as much as
 * executing a few times. A compiled query whose result has errors is executed a second time by
 * graphql-js, whose errors are better; only queries are compiled, so nothing is changed twice.
 */
export class CompiledQueries {
  /** by document, for as long as Apollo's document store keeps it; then by the operation's name */
  private readonly seen = new WeakMap<
    DocumentNode,
    Map<string | null, CompiledQuery | undefined>
  >();

  constructor(private readonly schema: GraphQLSchema) {}

  async execute(execution: Execution): Promise<ExecutionResult> {
    const query = this.compiled(execution);
    const { contextValue, variableValues } = execution;
    if (query && variablesFit(this.schema, execution)) {
      const result = await query.query(undefined, contextValue, variableValues);
      // What was read is still in the context's loaders.
      if (!result.errors) return result;
    }
    return execute({ ...execution, schema: this.schema });
  }

  private compiled({ document, operationName }: Execution): CompiledQuery | undefined {
    const name = operationName ?? null;
    const byName = this.seen.get(document);
    if (!byName) {
      this.seen.set(document, new Map());
      return undefined;
    }
    if (!byName.has(name)) {
      const compiles = canBeCompiled(this.schema, document, operationName);
      byName.set(name, compiles ? compile(this.schema, document, operationName) : undefined);
    }
    return byName.get(name);
  }
}

/**
 * Whether a compiled query treats these variables as graphql-js does. It does not where a list is
 * given for an input object, or null for a variable that is allowed in a non-null position only
 * because it has a default.
 */
function variablesFit(
  schema: GraphQLSchema,
  { document, operationName, variableValues }: Execution,
): boolean {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const isNullForDefault = ({ variable, defaultValue }: VariableDefinitionNode) =>
    defaultValue && variableValues?.[variable.name.value] === null;
  if (definitions.some(isNullForDefault)) return false;
  return !getVariableValues(schema, definitions, variableValues ?? {}, { maxErrors: 1 }).errors;
}

/**
 * A compiled query uses a variable's default as written, but a DateTime would have to be parsed.
 */
function canBeCompiled(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): boolean {
  const definition = getOperationAST(document, operationName);
  const needsParsing = ({ type, defaultValue }: VariableDefinitionNode) => {
    const named = getNamedType(typeFromAST(schema, type));
    return defaultValue && !isEnumType(named) && !(named && isSpecifiedScalarType(named));
  };
  return (
    definition?.operation === OperationTypeNode.QUERY &&
    new FieldCount(document).of(definition.selectionSet) <= MAX_FIELDS &&
    !definition.variableDefinitions?.some(needsParsing)
  );
}

/** How many fields a document selects, those of a fragment wherever it is spread. */
class FieldCount {
  private readonly ofFragments = new Map<string, number>();

  constructor(private readonly document: DocumentNode) {}

  of({ selections }: SelectionSetNode): number {
    return selections.reduce((sum, selection) => sum + this.ofSelection(selection), 0);
  }

  private ofSelection(selection: SelectionNode): number {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value);
    const { selectionSet } = selection;
    const fields = selectionSet ? this.of(selectionSet) : 0;
    return selection.kind === Kind.FIELD ? fields + 1 : fields;
  }

  private ofFragment(name: string): number {
    const known = this.ofFragments.get(name);
    if (known !== undefined) return known;
    const fragment = this.document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
    ) as FragmentDefinitionNode;
    const count = this.of(fragment.selectionSet);
    this.ofFragments.set(name, count);
    return count;
  }
}

/** Undefined where graphql-jit cannot compile it. */
function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): CompiledQuery | undefined {
  const written = withWrittenLists(schema, document);
  const compiled = compileQuery(schema, written, operationName ?? undefined, {
    disablingCapturingStackErrors: true,
  });
  return isCompiledQuery(compiled) ? compiled : undefined;
}
