import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getNamedType,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  isEnumType,
  isSpecifiedScalarType,
  OperationTypeNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit';

type Execution = Pick<
  ExecutionArgs,
  'document' | 'operationName' | 'variableValues' | 'contextValue'
>;

/**
 * Executes operations. A query is compiled into a function when it comes again: that answers a thousand objects in
 * a fraction of the time, and compiling costs as much as executing a few times.
 */
export class CompiledQueries {
  /** by document, as long as whoever parsed it keeps it; then by the operation's name */
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
      // graphql-js tells faults better; what was read is still in the context.
      if (!result.errors) return result;
    }
    return execute({ ...execution, schema: this.schema });
  }

  private compiled({ document, operationName }: Execution): CompiledQuery | undefined {
    const name = operationName ?? null;
    const ofDocument = this.seen.get(document);
    if (!ofDocument) {
      this.seen.set(document, new Map());
      return undefined;
    }
    if (!ofDocument.has(name)) {
      const compiles = canBeCompiled(this.schema, document, operationName);
      ofDocument.set(name, compiles ? compile(this.schema, document, operationName) : undefined);
    }
    return ofDocument.get(name);
  }
}

/**
 * Whether a compiled query answers for these variables as execution does: it also takes a list for an input object,
 * and null where a variable stands in a place that takes none and fits there by its default alone.
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

/** A compiled query takes a variable's default as it is written, where a DateTime would have to be read. */
function canBeCompiled(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): boolean {
  const definition = getOperationAST(document, operationName);
  const isToBeRead = ({ type, defaultValue }: VariableDefinitionNode) => {
    const named = getNamedType(typeFromAST(schema, type));
    return defaultValue && !isEnumType(named) && !(named && isSpecifiedScalarType(named));
  };
  return (
    definition?.operation === OperationTypeNode.QUERY &&
    !definition.variableDefinitions?.some(isToBeRead)
  );
}

/** Undefined where it cannot be compiled. */
function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): CompiledQuery | undefined {
  const compiled = compileQuery(schema, document, operationName ?? undefined, {
    disablingCapturingStackErrors: true,
  });
  return isCompiledQuery(compiled) ? compiled : undefined;
}
