import type { CredentialCache } from './credential-cache.js';
import type { Principal } from '../shared/principal.js';

// A lookup that begins this often and takes less than the rest of a second notices in time.
const LOOKUP_INTERVAL_MS = 400;

interface Listener {
  readonly principal: Principal;
  readonly onEnd: () => void;
}

interface Watched {
  readonly listeners: Set<Listener>;
  readonly timer: NodeJS.Timeout;
}

/** Keeps looking up the credentials of what stays open: subscriptions, WebSockets, downloads. */
export class CredentialWatch {
  private readonly watched = new Map<string, Watched>();

  constructor(private readonly credentials: CredentialCache) {}

  /**
   * Calls `onEnd` once, within a second after the credential ended or lost a scope. While the
   * database is unavailable nothing is known and nothing is called: a caller that hands out data
   * then calls `renew` first.
   * @returns a function that ends the watch
   */
  watch(principal: Principal, onEnd: () => void): () => void {
    const key = this.credentials.renewalKey(principal);
    if (key === undefined) return () => undefined;
    const listener = { principal, onEnd };
    const watched = this.watched.get(key) ?? this.start(key, principal);
    watched.listeners.add(listener);
    return () => this.remove(key, listener);
  }

  close(): void {
    for (const key of [...this.watched.keys()]) this.stop(key);
  }

  private start(key: string, principal: Principal): Watched {
    const timer = setInterval(() => void this.lookUp(key, principal), LOOKUP_INTERVAL_MS).unref();
    const watched = { listeners: new Set<Listener>(), timer };
    this.watched.set(key, watched);
    return watched;
  }

  private async lookUp(key: string, principal: Principal): Promise<void> {
    let now: Principal | undefined;
    try {
      now = await this.credentials.refresh(principal);
    } catch {
      return;
    }
    for (const listener of [...(this.watched.get(key)?.listeners ?? [])]) {
      if (now && hasScopesOf(now, listener.principal)) continue;
      this.remove(key, listener);
      listener.onEnd();
    }
  }

  private remove(key: string, listener: Listener): void {
    const watched = this.watched.get(key);
    if (watched?.listeners.delete(listener) && watched.listeners.size === 0) this.stop(key);
  }

  private stop(key: string): void {
    clearInterval(this.watched.get(key)?.timer);
    this.watched.delete(key);
  }
}

function hasScopesOf(now: Principal, before: Principal): boolean {
  return [...before.scopes].every((scope) => now.scopes.has(scope));
}
