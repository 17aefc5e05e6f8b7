import type { JsonProfileName } from '../config.js';
import { readKepware } from './kepware.js';
import { readPlain } from './plain.js';
import type { ReadProfile } from './profile.js';
import { readThingsboard } from './thingsboard.js';

export const READERS: Readonly<Record<JsonProfileName, ReadProfile>> = {
  plain: readPlain,
  kepware: readKepware,
  thingsboard: readThingsboard,
};
