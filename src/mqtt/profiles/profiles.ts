import type { ProfileName } from '../config.js';
import { readKepware } from './kepware.js';
import { readPlain } from './plain.js';
import type { ReadProfile } from './profile.js';
import { readThingsboard } from './thingsboard.js';

export const READERS: Readonly<Record<ProfileName, ReadProfile>> = {
  plain: readPlain,
  kepware: readKepware,
  thingsboard: readThingsboard,
};
