import type { Database, Statement } from '../postgres/database.js';
import { ImportTransaction } from './import-store.js';
import type { StagedPings } from './staged-pings.js';

/** An account of its own, with an admin and a token of every scope. */
export interface NewDemo {
  readonly accountName: string;
  readonly username: string;
  readonly passwordHash: string;
  readonly tokenName: string;
  /** SHA-256 of the key */
  readonly tokenHash: Uint8Array<ArrayBuffer>;
}

const lockDemo: Statement = {
  name: 'lock_demo',
  text: `SELECT pg_advisory_xact_lock(hashtext('flowgate.demo'))`,
};

const findAnyAccount: Statement = {
  name: 'find_any_account',
  text: `SELECT id FROM account LIMIT 1`,
};

/** $1 text account's name, $2 username, $3 password hash, $4 token's name, $5 token's hash */
const insertDemo: Statement = {
  name: 'insert_demo',
  text: `
    WITH new_account AS (INSERT INTO account (name) VALUES ($1) RETURNING id),
    new_user AS (
      INSERT INTO app_user (account_id, username, password_hash, role)
      SELECT id, $2, $3, 'ADMIN' FROM new_account
    ),
    new_token AS (
      INSERT INTO api_token (account_id, name, hash, scopes)
      SELECT id, $4, $5, '{READ,INGEST,ADMIN}' FROM new_account
    )
    SELECT id FROM new_account`,
};

export class DemoStore {
  constructor(
    private readonly database: Database,
    private readonly staged: StagedPings,
  ) {}

  /**
   * Creates the demo if there is no account, in one transaction: a process that is killed meanwhile
   * leaves nothing behind.
   * @param fill gives the account its sensors and pings
   * @returns whether it was made
   */
  create(demo: NewDemo, fill: (transaction: ImportTransaction) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(lockDemo, []);
      const [any] = await transaction.query<{ id: number }>(findAnyAccount, []);
      if (any) return false;
      const { accountName, username, passwordHash, tokenName, tokenHash } = demo;
      const [account] = await transaction.query<{ id: number }>(insertDemo, [
        accountName,
        username,
        passwordHash,
        tokenName,
        Buffer.from(tokenHash),
      ]);
      await fill(new ImportTransaction(this.database, transaction, this.staged, account!.id));
      return true;
    });
  }
}
