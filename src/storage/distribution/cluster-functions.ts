import { APPEND_FUNCTION, PREPARE_FUNCTION } from './append-function.js';
import { ROWS_FUNCTION } from './rows-function.js';

/** What is done where the sensors are. */
export const CLUSTER_FUNCTIONS = [ROWS_FUNCTION, PREPARE_FUNCTION, APPEND_FUNCTION];
