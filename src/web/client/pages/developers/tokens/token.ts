import type { ApiTokensQuery } from '../../../../../generated/graphql/graphql.js';

export type Token = ApiTokensQuery['apiTokens'][number];
