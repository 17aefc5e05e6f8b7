import { RateLimitedError, UnavailableError } from '../../domain/shared/errors.js';

const MAX_IMPORTS = 8;
const MAX_IMPORTS_PER_ACCOUNT = 2;
const RETRY_AFTER_SECONDS = 5;

/** Bounds how many files are received and imported at once, and so the disk space that they take. */
export class ImportSlots {
  private total = 0;
  private readonly accounts = new Map<number, number>();

  /** @throws RateLimitedError; UnavailableError where other accounts import so many */
  async run<T>(accountId: number, work: () => Promise<T>): Promise<T> {
    if ((this.accounts.get(accountId) ?? 0) >= MAX_IMPORTS_PER_ACCOUNT) {
      const message = `At most ${MAX_IMPORTS_PER_ACCOUNT} imports of an account run at once.`;
      throw new RateLimitedError(RETRY_AFTER_SECONDS, message);
    }
    if (this.total >= MAX_IMPORTS) throw new UnavailableError(RETRY_AFTER_SECONDS);
    this.add(accountId, 1);
    try {
      return await work();
    } finally {
      this.add(accountId, -1);
    }
  }

  private add(accountId: number, count: number): void {
    this.total += count;
    const account = (this.accounts.get(accountId) ?? 0) + count;
    if (account > 0) this.accounts.set(accountId, account);
    else this.accounts.delete(accountId);
  }
}
