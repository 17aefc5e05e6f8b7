import { getHeapStatistics } from 'node:v8';
import { UnavailableError } from '../domain/shared/errors.js';
import { turnsOf } from '../domain/shared/time-slices.js';

const RETRY_AFTER_SECONDS = 1;

/**
 * Bounds the memory of all bodies in flight together, and of those of one account: a body counts
 * from when it begins to arrive until its request is answered. Bodies are counted by the bytes that
 * have arrived, so that a client that announces much and sends little uses little. A body that is
 * alone always fits; the maximum size of one body is a separate limit.
 */
export class BodyBudget {
  private total = 0;
  private readonly accounts = new Map<number, number>();

  constructor(
    private readonly maxBytes: number,
    private readonly maxBytesPerAccount = Math.ceil(maxBytes / 2),
  ) {}

  /** The share of one request; to be released when the request is answered. */
  open(accountId: number): BodyShare {
    let bytes = 0;
    return {
      take: (count) => {
        const account = this.accounts.get(accountId) ?? 0;
        const fits =
          isWithin(this.total, bytes, count, this.maxBytes) &&
          isWithin(account, bytes, count, this.maxBytesPerAccount);
        if (!fits) throw new UnavailableError(RETRY_AFTER_SECONDS);
        bytes += count;
        this.add(accountId, count);
      },
      turn: () => turnsOf(accountId).next(),
      release: () => {
        this.add(accountId, -bytes);
        bytes = 0;
      },
    };
  }

  private add(accountId: number, bytes: number): void {
    this.total += bytes;
    const account = (this.accounts.get(accountId) ?? 0) + bytes;
    if (account > 0) this.accounts.set(accountId, account);
    else this.accounts.delete(accountId);
  }
}

// A body of pings takes up to ten times its size on the heap once it is parsed.
const HEAP_SHARE = 16;

/** The number of bytes of bodies that the heap has room for. */
export function defaultBodyBytes(): number {
  return Math.floor(getHeapStatistics().heap_size_limit / HEAP_SHARE);
}

export interface BodyShare {
  /**
   * Adds bytes that have arrived, decoded. @throws UnavailableError where other bodies leave no
   * room for them
   */
  take(bytes: number): void;
  /** Waits for the account's turn to receive more of a long body. */
  turn(): Promise<void>;
  release(): void;
}

/** @param own the bytes of `used` that belong to the same body */
function isWithin(used: number, own: number, added: number, max: number): boolean {
  return used === own || used + added <= max;
}
