import {
  type DocumentNode,
  type FieldNode,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isCompositeType,
  isObjectType,
  isInterfaceType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  TypeMetaFieldDef,
} from 'graphql';
import { tooComplex } from './document-limits.js';
import type { CostedField } from './field-costs.js';
import { introspectionSize } from './introspection-size.js';

/** The maximum cost of an operation: about the number of objects in its answer. */
export const MAX_COST = 100_000;
/** The maximum number of selected fields after fragments are expanded. */
const MAX_SELECTED = 10_000;
// An answer of objects with many plain values is larger.
const SCALAR = 0.1;

export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

type Args = Readonly<Record<string, unknown>>;
type Estimator = (field: CostedField) => number;

/** Costs of one object with its selection, and of totals over the list that it is a page of. */
interface Cost {
  cost: number;
  totals: number;
}

/**
 * What an operation costs; undefined where its variables are wrong, which execution reports better.
 * @param sensorCount the number of the account's sensors; called if the cost depends on it
 * @throws GraphQLError QUERY_TOO_COMPLEX
 */
export function queryCost(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
  sensorCount: () => number,
): number | undefined {
  const operation = getOperationAST(document, operationName);
  const type = operation && schema.getRootType(operation.operation);
  if (!type) return undefined;
  const definitions = operation.variableDefinitions ?? [];
  // Execution reports up to 50 errors; here the first one ends it.
  const { coerced } = getVariableValues(schema, definitions, variables ?? {}, { maxErrors: 1 });
  if (!coerced) return undefined;
  const costs = new SelectionCosts(schema, document, coerced, sensorCount);
  try {
    const { cost, totals } = costs.of(type, operation.selectionSet, {});
    return Math.ceil(cost + totals);
  } catch (error) {
    // An argument that turns out to be wrong is reported by execution, too.
    if (error instanceof SelectionLimitError) throw tooComplex(error.message);
    return undefined;
  }
}

export function requireAffordable(cost: number | undefined): void {
  if (cost === undefined || cost <= MAX_COST) return;
  throw tooComplex(
    `The query costs ${cost}, about as many objects as its answer may hold; at most ${MAX_COST} are allowed.`,
  );
}

class SelectionLimitError extends Error {}

class SelectionCosts {
  private selected = 0;
  private readonly fragments = new Map<string, { type: string; selectionSet: SelectionSetNode }>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Record<string, unknown>,
    private readonly sensorCount: () => number,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const { name, typeCondition, selectionSet } = definition;
      this.fragments.set(name.value, { type: typeCondition.name.value, selectionSet });
    }
  }

  of(type: GraphQLCompositeType, { selections }: SelectionSetNode, parentArgs: Args): Cost {
    const sum: Cost = { cost: 0, totals: 0 };
    for (const selection of selections) {
      const { cost, totals } = this.ofSelection(type, selection, parentArgs);
      sum.cost += cost;
      sum.totals += totals;
    }
    return sum;
  }

  private ofSelection(type: GraphQLCompositeType, selection: SelectionNode, args: Args): Cost {
    this.selected += 1;
    if (this.selected > MAX_SELECTED) {
      throw new SelectionLimitError(`A query may select at most ${MAX_SELECTED} fields.`);
    }
    if (!this.isIncluded(selection)) return { cost: 0, totals: 0 };
    if (selection.kind === Kind.FIELD) return this.ofField(type, selection, args);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = this.fragments.get(selection.name.value)!;
      return this.of(this.composite(fragment.type) ?? type, fragment.selectionSet, args);
    }
    const condition = selection.typeCondition && typeFromAST(this.schema, selection.typeCondition);
    return this.of(isCompositeType(condition) ? condition : type, selection.selectionSet, args);
  }

  private ofField(type: GraphQLCompositeType, node: FieldNode, parentArgs: Args): Cost {
    const field = this.fieldOf(type, node.name.value);
    if (!field) return { cost: SCALAR, totals: 0 };
    const args = getArgumentValues(field, node, this.variables);
    const named = getNamedType(field.type);
    const children =
      isCompositeType(named) && node.selectionSet
        ? this.of(named, node.selectionSet, args)
        : undefined;
    const { complexity, isTotal } = field.extensions as {
      complexity?: Estimator | number;
      isTotal?: boolean;
    };
    const { sensorCount } = this;
    const childComplexity = children?.cost ?? 0;
    const totals = children?.totals ?? 0;
    let cost = children
      ? (1 + children.cost + children.totals) * introspectionSize(this.schema, field)
      : SCALAR;
    if (typeof complexity === 'number') cost = complexity;
    if (typeof complexity === 'function') {
      cost = complexity({ args, childComplexity, totals, parentArgs, sensorCount });
    }
    return isTotal ? { cost: 0, totals: cost } : { cost, totals: 0 };
  }

  private fieldOf(
    type: GraphQLCompositeType,
    name: string,
  ): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  private composite(name: string): GraphQLCompositeType | undefined {
    const type = this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  private isIncluded(selection: SelectionNode): boolean {
    if (!selection.directives?.length) return true;
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, this.variables);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, this.variables);
    return skip?.if !== true && include?.if !== false;
  }
}
