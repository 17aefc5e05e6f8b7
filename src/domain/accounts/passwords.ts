import { hash, verify } from '@node-rs/argon2';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';

/** Bytes in UTF-8. */
export const MAX_PASSWORD_BYTES = 1024;

// argon2id, the library's default algorithm, with OWASP's parameters (memory in KiB):
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// Of a user that there is not: made of no password, and as costly to refuse as any.
const NOBODY =
  `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}` +
  `$${'A'.repeat(22)}$${'A'.repeat(43)}`;

// Of libuv's four threads, files and name look-ups keep two.
const AT_ONCE = 2;
// At about 20 ms each the last one waits well under a second.
const WAITING = 64;

/** Hashes and verifies passwords, few at a time: each takes 19 MiB and a core for tens of milliseconds. */
export class Passwords {
  constructor(private readonly queue = new ConcurrencyLimiter(AT_ONCE, WAITING)) {}

  /** @throws UnavailableError where too many are waiting */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(composed(password), COST));
  }

  /**
   * Takes as long for a user that does not exist (`passwordHash` undefined) as for one that does.
   * @throws UnavailableError where too many are waiting
   */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return false;
    const right = await this.queue.run(() => verify(passwordHash ?? NOBODY, composed(password)));
    return right && passwordHash !== undefined;
  }
}

// The same characters are typed composed on one system and decomposed on another (RFC 8265, section 4.2.2).
function composed(password: string): string {
  return password.normalize('NFC');
}
