import type { PeriodGroupsQuery } from '../../../../generated/graphql/graphql.js';

/** A group of sensors whose periods close together. */
export type Group = PeriodGroupsQuery['sensorGroups']['nodes'][number];
