import type { Database, Statement } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';

/** A profile as it is stored; its instant in milliseconds since 1970. */
export interface ImportProfileRow {
  readonly name: string;
  readonly settings: object;
  readonly saved_at: number;
  readonly saved_by: string;
}

const COLUMNS = `name, settings, round(date_part('epoch', saved_at) * 1000) AS saved_at, saved_by`;

/** $1 int account id */
const listImportProfiles: Statement = {
  name: 'list_import_profiles',
  text: `SELECT ${COLUMNS} FROM import_profile WHERE account_id = $1 ORDER BY name`,
};

/**
 * $1 int account id, $2 text name, $3 jsonb settings, $4 text who, $5 int how many an account may
 * have
 */
const saveImportProfile: Statement = {
  name: 'save_import_profile',
  text: `
    INSERT INTO import_profile (account_id, name, settings, saved_by)
    SELECT $1::int, $2, $3::jsonb, $4
    WHERE (SELECT count(*) FROM import_profile WHERE account_id = $1 AND name <> $2) < $5
    ON CONFLICT (account_id, name) DO UPDATE
      SET settings = excluded.settings, saved_by = excluded.saved_by, saved_at = excluded.saved_at
    RETURNING ${COLUMNS}`,
};

/** $1 int account id, $2 text name */
const deleteImportProfile: Statement = {
  name: 'delete_import_profile',
  text: 'DELETE FROM import_profile WHERE account_id = $1 AND name = $2 RETURNING name',
};

export class ImportProfileStore {
  constructor(private readonly database: Database) {}

  /** By name. */
  list(reader: Reader): Promise<ImportProfileRow[]> {
    return this.database.reads.query(reader, listImportProfiles, [reader.accountId]);
  }

  /** @returns undefined if the account has `maximum` other profiles */
  async save(
    accountId: number,
    name: string,
    settings: object,
    by: string,
    maximum: number,
  ): Promise<ImportProfileRow | undefined> {
    const values = [accountId, name, JSON.stringify(settings), by, maximum];
    const [row] = await this.database.query<ImportProfileRow & Record<string, unknown>>(
      saveImportProfile,
      values,
    );
    return row;
  }

  /** @returns whether there was one */
  async delete(accountId: number, name: string): Promise<boolean> {
    return (await this.database.query(deleteImportProfile, [accountId, name])).length > 0;
  }
}
