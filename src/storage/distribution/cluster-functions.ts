import { APPEND_FUNCTION, PREPARE_FUNCTION } from './append-function.js';
import { SHARD_ROWS_FUNCTION } from './shard-rows-function.js';

/** What is done where the sensors are. */
export const CLUSTER_FUNCTIONS = [SHARD_ROWS_FUNCTION, PREPARE_FUNCTION, APPEND_FUNCTION];
