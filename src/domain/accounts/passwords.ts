import { hash, verify } from '@node-rs/argon2';
import { ConcurrencyLimiter } from '../shared/concurrency-limiter.js';

/** Bytes in UTF-8. */
export const MAX_PASSWORD_BYTES = 1024;

// argon2id, the library's default algorithm, with OWASP's parameters (memory in KiB):
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// Used in place of the hash of a user that does not exist: no password matches it, and refusing
// takes the same time.
const NO_USER_HASH =
  `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}` +
  `$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * In place of the hash of a user who signs in elsewhere: no password matches it. As Django's
 * unusable passwords, it is not the hash of anything.
 */
export const NO_PASSWORD = '!';

// Files and DNS lookups keep two of libuv's four threads.
const CONCURRENCY = 2;
// Of one network, so that another's password never waits for one that it has begun.
const PER_NETWORK = 1;
// At about 20 ms each the last one waits about a second.
const MAX_WAITING = 64;

/**
 * Hashes and verifies passwords, few at a time: each takes 19 MiB and a core for tens of
 * milliseconds.
 */
export class Passwords {
  constructor(
    private readonly queue = new ConcurrencyLimiter(CONCURRENCY, MAX_WAITING, PER_NETWORK),
  ) {}

  /** @throws UnavailableError where too many are waiting */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(composed(password), COST));
  }

  /**
   * Takes as long for a user that does not exist (`passwordHash` undefined), or has no password, as
   * for one that does.
   * @param network that the password comes from: those of different networks wait in rotation
   * @throws UnavailableError where too many are waiting
   */
  async verify(
    passwordHash: string | undefined,
    password: string,
    network: string,
  ): Promise<boolean> {
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return false;
    const known = passwordHash === NO_PASSWORD ? undefined : passwordHash;
    const right = await this.queue.run(
      () => verify(known ?? NO_USER_HASH, composed(password)),
      network,
    );
    return right && known !== undefined;
  }
}

// The same characters are typed composed on one system and decomposed on another (RFC 8265, section
// 4.2.2).
function composed(password: string): string {
  return password.normalize('NFC');
}
