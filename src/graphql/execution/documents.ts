import { createHash } from 'node:crypto';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RequestLimiter } from '../../domain/auth/request-limiter.js';
import { ConcurrencyLimiter } from '../../domain/shared/concurrency-limiter.js';
import type { Principal } from '../../domain/shared/principal.js';
import { type Turns, turnsOf } from '../../domain/shared/time-slices.js';
import { limitRules, MAX_TOKENS } from './document-limits.js';
import { asGraphQLError, withCode } from './graphql-error.js';
import { requireBoundedDocument } from './request-bounds.js';
import { requireFewTokens } from './token-limit.js';

/** Of the texts of all cached documents, in characters; parsed they take some forty times that. */
const MAX_CACHED = 1_000_000;
/** From this length on, a document is validated by a few rules at a time. */
const LONG_DOCUMENT = 4000;
const RULES_AT_ONCE = 4;
/** long documents that are checked at a time, of one account one: parsed they take megabytes each */
const LONG_AT_ONCE = 8;
/** Parsing and validating a text of that many characters takes as long as an object of an answer. */
const LENGTH_PER_COST = 5;

const RULES = [...specifiedRules, ...limitRules];
// The limits come first, because they bound what the other rules take.
const RULES_OF_LONG = [...limitRules, ...specifiedRules];

export interface DocumentsDeps {
  readonly schema: GraphQLSchema;
  readonly costLimiter: Pick<RequestLimiter, 'take'>;
}

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

export type CheckedDocument =
  | { readonly document: DocumentNode }
  | { readonly errors: readonly GraphQLError[] };

/** Whether what a document takes is to be done in turns. @param length of its text, in characters */
export function isLongDocument(length: number): boolean {
  return length >= LONG_DOCUMENT;
}

/** Whether every operation of a document is a query, which changes nothing. */
export function hasOnlyQueries({ definitions }: DocumentNode): boolean {
  return definitions.every(
    (each) => each.kind !== Kind.OPERATION_DEFINITION || each.operation === OperationTypeNode.QUERY,
  );
}

/** Parses and validates documents, once for each text while it is in use, also where it is refused. */
export class Documents {
  private readonly cached = new LRUCache<string, CheckedDocument>({
    maxSize: MAX_CACHED,
    maxEntrySize: MAX_CACHED / 4,
  });

  private readonly longOnes = new ConcurrencyLimiter(LONG_AT_ONCE, Infinity, 1);

  constructor(private readonly deps: DocumentsDeps) {}

  /**
   * What a document says, or why it is refused. One that is refused counts against the cost limit of
   * its sender, and so does a long one that is new.
   * @throws RateLimitedError
   */
  async check(principal: Principal, query: string): Promise<CheckedDocument> {
    const cost = Math.ceil(query.length / LENGTH_PER_COST);
    try {
      requireBoundedDocument(query);
    } catch (error) {
      await this.deps.costLimiter.take(principal, cost);
      return { errors: [error as GraphQLError] };
    }
    const key = createHash('sha256').update(query).digest('hex');
    const cached = this.cached.get(key);
    if (cached) {
      if ('errors' in cached) await this.deps.costLimiter.take(principal);
      return cached;
    }
    const isLong = isLongDocument(query.length);
    if (isLong) {
      await this.deps.costLimiter.take(principal, cost);
      try {
        requireFewTokens(query);
      } catch (error) {
        return { errors: [error as GraphQLError] };
      }
    }
    const checked = isLong
      ? await this.longOnes.run(
          // Meanwhile another request may have had the same one checked.
          async () => this.cached.get(key) ?? this.checkNow(query, turnsOf(principal.accountId)),
          String(principal.accountId),
        )
      : await this.checkNow(query, undefined);
    this.cached.set(key, checked, { size: query.length + 1 });
    if (!isLong && 'errors' in checked) await this.deps.costLimiter.take(principal, cost);
    return checked;
  }

  /** For Apollo, which then neither parses nor validates them: its keys end with a text's hash. */
  readonly store: DocumentStore = {
    get: (key) => {
      const cached = this.cached.get(key.slice(key.lastIndexOf(':') + 1));
      return Promise.resolve(cached && 'document' in cached ? cached.document : undefined);
    },
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  };

  /** @param turns in which a long document is validated */
  private async checkNow(query: string, turns: Turns | undefined): Promise<CheckedDocument> {
    let document: DocumentNode;
    if (turns?.isOver) await turns.next();
    try {
      document = parse(query, { maxLexicalTokens: MAX_TOKENS });
    } catch (error) {
      const failure = asGraphQLError(error);
      return { errors: [withCode('GRAPHQL_PARSE_FAILED', failure)] };
    }
    const errors = turns
      ? await this.validateInSlices(document, turns)
      : validate(this.deps.schema, document, RULES);
    if (errors.length === 0) return { document };
    return { errors: errors.map((error) => withCode('GRAPHQL_VALIDATION_FAILED', error)) };
  }

  /** @returns the errors of the first rules that are broken */
  private async validateInSlices(
    document: DocumentNode,
    turns: Turns,
  ): Promise<readonly GraphQLError[]> {
    const { schema } = this.deps;
    for (let index = 0; index < RULES_OF_LONG.length; index += RULES_AT_ONCE) {
      if (turns.isOver) await turns.next();
      const rules = RULES_OF_LONG.slice(index, index + RULES_AT_ONCE);
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return errors;
    }
    return [];
  }
}
