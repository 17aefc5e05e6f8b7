import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  type ASTVisitor,
  GraphQLError,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** Names, punctuation and values in a document: enough for about 900 pings as literals. */
export const MAX_TOKENS = 10_000;
const MAX_DEPTH = 30;
const MAX_ALIASES = 200;
const MAX_DIRECTIVES = 50;
/** Operations and fragments: rules compare every two fragments that are spread side by side. */
const MAX_DEFINITIONS = 200;

/** Limits of a document, apart from its cost. The depth of `__schema` is not limited. */
export const limitRules: ValidationRule[] = (() => {
  const reported = { propagateOnRejection: false, onReject: [report] };
  const { validationRules } = new ApolloArmor({
    maxDepth: { n: MAX_DEPTH, ...reported },
    maxAliases: { n: MAX_ALIASES, ...reported },
    maxDirectives: { n: MAX_DIRECTIVES, ...reported },
    // The parser limits tokens itself; query-cost.ts computes costs from what an answer may hold.
    maxTokens: { enabled: false },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  }).protect();
  return [limitDefinitions, ...validationRules];
})();

function limitDefinitions(context: ValidationContext): ASTVisitor {
  return {
    Document: ({ definitions }) => {
      if (definitions.length <= MAX_DEFINITIONS) return;
      const message = `A document may have at most ${MAX_DEFINITIONS} operations and fragments, not ${definitions.length}.`;
      context.reportError(tooComplex(message));
    },
  };
}

export function tooComplex(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  });
}

function report(context: ValidationContext | null, { message }: GraphQLError): void {
  context?.reportError(tooComplex(message.replace(/^Syntax Error: /, '')));
}
