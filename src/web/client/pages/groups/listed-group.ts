import type { ListedGroupFragment } from '../../../../generated/graphql/graphql.js';

/** A group of sensors as the list has it. */
export type ListedGroup = ListedGroupFragment;
