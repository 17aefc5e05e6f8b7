import type { Database, Statement } from '../postgres/database.js';

/** There is at most one. */
const findKey: Statement = {
  name: 'find_signing_key',
  text: 'SELECT private_key AS "privateKey" FROM signing_key WHERE id = 1',
};

/** $1 text PEM */
const addKey: Statement = {
  name: 'add_signing_key',
  text: 'INSERT INTO signing_key (id, private_key) VALUES (1, $1) ON CONFLICT (id) DO NOTHING',
};

/** The key by which statements are signed, PKCS #8 in PEM. */
export class SigningKeyStore {
  constructor(private readonly database: Database) {}

  async find(): Promise<string | undefined> {
    const [row] = await this.database.query<{ privateKey: string }>(findKey, []);
    return row?.privateKey;
  }

  /** @returns the key that is stored: another one where there was one already */
  async add(privateKey: string): Promise<string> {
    await this.database.query(addKey, [privateKey]);
    return (await this.find())!;
  }
}
