import { ReadRefusedError } from './pg-errors.js';
import { ClientGoneError, type ClientSignal, type LargeReader } from './reader.js';

export interface ShareLimits {
  /** how much work may run at a time, of all accounts together */
  readonly concurrency: number;
  /** how much work of one account may wait */
  readonly maxWaiting: number;
  /** how much work of one account may run while no other makes requests; by default its share */
  readonly whileAlone?: number;
}

type Reader = Pick<LargeReader, 'isAlone'>;

interface Account {
  /** on whose behalf the latest work runs or waits */
  reader: Reader | undefined;
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Divides connections between accounts. One account gets half of them, n accounts get 1/(n + 1)
 * each: there is always room for the next one. What exceeds its account's share waits in order,
 * and the accounts take turns.
 */
export class AccountShares {
  /** those with work, the next to be served first */
  private readonly accounts = new Map<number, Account>();
  private running = 0;

  constructor(private readonly limits: ShareLimits) {}

  /**
   * Runs `work` once its account's share allows it.
   * @param reader where the account may have more while it is alone
   * @throws ReadRefusedError where too much of the account waits already; ClientGoneError where the
   * client goes before its turn
   */
  async run<T>(
    accountId: number,
    signal: ClientSignal,
    work: () => Promise<T>,
    reader?: Reader,
  ): Promise<T> {
    const account = this.accountOf(accountId);
    account.reader = reader;
    try {
      if (account.waiting.size === 0 && this.hasRoom(account)) this.grant(account);
      else await this.turn(account, signal);
    } catch (error) {
      this.forgetIdle(accountId, account);
      throw error;
    }
    try {
      return await work();
    } finally {
      account.running--;
      this.running--;
      this.forgetIdle(accountId, account);
      this.serve();
    }
  }

  private accountOf(accountId: number): Account {
    let account = this.accounts.get(accountId);
    if (!account) {
      account = { reader: undefined, running: 0, waiting: new Set() };
      this.accounts.set(accountId, account);
    }
    return account;
  }

  private hasRoom(account: Account): boolean {
    return account.running < this.shareOf(account) && this.running < this.limits.concurrency;
  }

  private shareOf({ reader }: Account): number {
    const { concurrency, whileAlone } = this.limits;
    const { size } = this.accounts;
    if (whileAlone && size === 1 && reader?.isAlone) return whileAlone;
    return Math.max(1, Math.floor(concurrency / (size + 1)));
  }

  private grant(account: Account): void {
    account.running++;
    this.running++;
  }

  private forgetIdle(accountId: number, { running, waiting }: Account): void {
    if (running + waiting.size === 0) this.accounts.delete(accountId);
  }

  private turn({ waiting }: Account, signal: ClientSignal): Promise<void> {
    if (signal.aborted) throw new ClientGoneError();
    if (waiting.size >= this.limits.maxWaiting) {
      throw new ReadRefusedError(new Error('Too many reads of one account are waiting.'));
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        waiting.delete(begin);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.delete(begin);
        reject(new ClientGoneError());
      };
      signal.addEventListener('abort', leave);
      waiting.add(begin);
    });
  }

  private serve(): void {
    // An account that is served moves to the end, where this loop meets it again.
    for (const [accountId, account] of this.accounts) {
      if (this.running === this.limits.concurrency) return;
      const [begin] = account.waiting;
      if (!begin || !this.hasRoom(account)) continue;
      this.accounts.delete(accountId);
      this.accounts.set(accountId, account);
      this.grant(account);
      begin();
    }
  }
}
