import { BREAK, Kind, parse, visit, type ASTNode, type GraphQLError } from 'graphql';

const VALUES = new Set<string>([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);
// The messages of graphql-js 16.15: another version may word them differently.
const WRONG_VARIABLE = /^Variable "\$(\w+)" (?:got invalid value|of (?:required|non-null) type) /;
const NULL_ARGUMENT = /^Argument "(\w+)" of non-null type /;
const PATH_IN_VARIABLE = / at "\w+((?:\.\w+|\[\d+\])+)"; /;
const WRONG_KEY = /Field "(?:\w+\.)?(\w+)" (?:of required|is not defined by) type /;

/**
 * The path of the argument that a wrong value was given for, such as `pings.3.flowrate`; '' where
 * it cannot be determined; undefined where the error is not about a value.
 *
 * graphql-js reports wrong values in three ways: literals at their node when it validates,
 * variables at their definition when it coerces them, and variables that turn out to be null when
 * it resolves the field.
 */
export function inputErrorPath({ message, nodes }: GraphQLError): string | undefined {
  const [node] = nodes ?? [];
  const body = node?.loc?.source.body;
  if (!node || body === undefined) return undefined;
  const argument = NULL_ARGUMENT.exec(message)?.[1];
  if (argument !== undefined) return argument;
  const variable = WRONG_VARIABLE.exec(message)?.[1];
  const key = [WRONG_KEY.exec(message)?.[1] ?? []].flat();
  if (variable !== undefined) {
    const within = PATH_IN_VARIABLE.exec(message)?.[1]?.match(/\w+/g) ?? [];
    return argumentPath(body, variable, [...within, ...key]).join('.');
  }
  if (!VALUES.has(node.kind)) return undefined;
  const isNode = (each: ASTNode) => each.kind === node.kind && each.loc?.start === node.loc?.start;
  return withoutInput([...pathOf(body, isNode), ...key]).join('.');
}

/**
 * The path of a place in a variable as its argument has it; empty where no argument uses the
 * variable.
 * @param within from the variable's value down to the place
 */
export function argumentPath(body: string, variable: string, within: readonly string[]): string[] {
  const isUse = (each: ASTNode) => each.kind === Kind.VARIABLE && each.name.value === variable;
  const path = pathOf(body, isUse);
  return path.length > 0 ? withoutInput([...path, ...within]) : [];
}

/** Most mutations have `input` as their only argument: paths within it do not name it. */
function withoutInput(path: string[]): string[] {
  return path[0] === 'input' && path.length > 1 ? path.slice(1) : path;
}

/** The argument that holds the first matching node, and the path from there down to it. */
function pathOf(body: string, matches: (node: ASTNode) => boolean): string[] {
  let found: string[] = [];
  const document = parse(body);
  visit(document, {
    enter(node, _key, parent, path) {
      // A variable's definition names it too, but is not a use of it.
      const isDefinition = parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
      if (isDefinition || !matches(node)) return undefined;
      found = stepsOf(document, path);
      return BREAK;
    },
  });
  return found;
}

function stepsOf(document: ASTNode, path: readonly (string | number)[]): string[] {
  let at: unknown = document;
  let list = '';
  const steps: string[] = [];
  for (const key of path) {
    at = (at as Record<string | number, unknown>)[key];
    const { kind, name } = at as { kind?: string; name?: { value: string } };
    if ((kind === Kind.ARGUMENT || kind === Kind.OBJECT_FIELD) && name) steps.push(name.value);
    if (list === 'values' && typeof key === 'number') steps.push(String(key));
    list = String(key);
  }
  return steps;
}
