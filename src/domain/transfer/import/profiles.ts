import type { ImportProfileStore } from '../../../storage/transfer/import-profile-store.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../../shared/errors.js';
import { nameError } from '../../shared/name-rules.js';
import { actorName, requireScope, type Principal } from '../../shared/principal.js';
import { requireSettings, type ImportSettings } from './settings.js';

/** How a kind of file is written, saved under a name. */
export interface ImportProfile {
  readonly name: string;
  readonly settings: ImportSettings;
  readonly savedAt: Date;
  /** e.g. `user:ada` */
  readonly savedBy: string;
}

export const MAX_PROFILE_NAME = 100;
const MAX_PROFILES = 100;

/** The import profiles of an account. */
export class ImportProfiles {
  constructor(private readonly store: ImportProfileStore) {}

  /** By name. */
  async list(principal: Principal): Promise<ImportProfile[]> {
    requireScope(principal, 'READ');
    return (await this.store.list(principal)).map(profileOf);
  }

  /** @throws NotFoundError where the account has no profile of that name */
  async get(principal: Principal, name: string): Promise<ImportProfile> {
    const found = (await this.list(principal)).find((profile) => profile.name === name);
    if (found) return found;
    throw new NotFoundError(`There is no import profile named ${JSON.stringify(name)}.`);
  }

  /**
   * Saves a profile, in the place of one of the same name.
   * @throws InvalidInputError; ConflictError where the account has the maximum number of profiles
   */
  async save(principal: Principal, name: string, settings: ImportSettings): Promise<ImportProfile> {
    requireScope(principal, 'ADMIN');
    const error = nameError(name, MAX_PROFILE_NAME);
    if (error) throw InvalidInputError.of('name', error);
    requireSettings(settings);
    const saved = await this.store.save(
      ...([principal.accountId, name, settings, actorName(principal), MAX_PROFILES] as const),
    );
    if (!saved) throw new ConflictError(`An account has at most ${MAX_PROFILES} import profiles.`);
    return profileOf(saved);
  }

  /** @throws NotFoundError where the account has no profile of that name */
  async delete(principal: Principal, name: string): Promise<void> {
    requireScope(principal, 'ADMIN');
    if (await this.store.delete(principal.accountId, name)) return;
    throw new NotFoundError(`There is no import profile named ${JSON.stringify(name)}.`);
  }
}

function profileOf({
  name,
  settings,
  saved_at,
  saved_by,
}: Awaited<ReturnType<ImportProfileStore['list']>>[number]): ImportProfile {
  return {
    name,
    settings,
    savedAt: new Date(saved_at),
    savedBy: saved_by,
  };
}
