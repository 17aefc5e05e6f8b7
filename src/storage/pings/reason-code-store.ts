import type { Database, Statement } from '../postgres/database.js';
import type { Reader } from '../postgres/reader.js';

/** A reason code that an account has added. */
export interface ReasonCodeRow {
  readonly code: string;
  readonly description: string;
}

/** $1 int account id */
const listReasonCodes: Statement = {
  name: 'list_reason_codes',
  text: 'SELECT code, description FROM reason_code WHERE account_id = $1 ORDER BY code',
};

/** $1 int account id, $2 text code, $3 text description, $4 int how many an account may have */
const addReasonCode: Statement = {
  name: 'add_reason_code',
  text: `
    INSERT INTO reason_code (account_id, code, description)
    SELECT $1, $2, $3 WHERE (SELECT count(*) FROM reason_code WHERE account_id = $1) < $4
    ON CONFLICT DO NOTHING RETURNING code`,
};

/** $1 int account id, $2 text code */
const removeReasonCode: Statement = {
  name: 'remove_reason_code',
  text: 'DELETE FROM reason_code WHERE account_id = $1 AND code = $2 RETURNING code',
};

export class ReasonCodeStore {
  constructor(private readonly database: Database) {}

  list(reader: Reader): Promise<ReasonCodeRow[]> {
    return this.database.reads.query(reader, listReasonCodes, [reader.accountId]);
  }

  /** @returns whether it was added: not if it exists, or if the account has `maximum` codes */
  async add(
    accountId: number,
    code: string,
    description: string,
    maximum: number,
  ): Promise<boolean> {
    const values = [accountId, code, description, maximum];
    return (await this.database.query(addReasonCode, values)).length > 0;
  }

  /** @returns whether there was one */
  async remove(accountId: number, code: string): Promise<boolean> {
    return (await this.database.query(removeReasonCode, [accountId, code])).length > 0;
  }
}
