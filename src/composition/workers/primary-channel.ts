import type { Principal } from '../../domain/shared/principal.js';
import type { MirrorState } from '../../domain/transfer/mirror.js';
import {
  TooManySubscriptionsError,
  type SubscriptionGate,
  type SubscriptionRefusal,
} from '../../graphql/subscriptions/subscription-limits.js';
import type { ProcessMetrics } from '../../metrics/processes.js';
import type { PrimaryMessage, WorkerMessage } from './messages.js';

export interface PrimaryHandlers {
  /** called once, when this worker is to do what one worker at a time does */
  lead(): void;
  metrics(): Promise<ProcessMetrics>;
  /** the worker that copies has reported how up to date a mirror is */
  mirrored(state: MirrorState): void;
  /** another worker asks this one to copy at once */
  copy(upstream: string): void;
}

/** A worker's connection to the process that started it. Where it breaks, node ends the worker. */
export class PrimaryChannel implements SubscriptionGate {
  private readonly waiting = new Map<number, (refusal: SubscriptionRefusal | undefined) => void>();
  private next = 0;

  listen(handlers: PrimaryHandlers): void {
    process.on('message', (message: PrimaryMessage) => this.handle(message, handlers));
    this.send({ kind: 'ready' });
  }

  /** Counts a subscription with those of the other workers. */
  async take({ accountId, actor }: Pick<Principal, 'accountId' | 'actor'>): Promise<() => void> {
    const id = ++this.next;
    const answered = new Promise<SubscriptionRefusal | undefined>((resolve) => {
      this.waiting.set(id, resolve);
    });
    this.send({ kind: 'subscribe', id, subscriber: { accountId, actor } });
    const refusal = await answered;
    if (refusal) throw new TooManySubscriptionsError(refusal);
    return () => this.send({ kind: 'unsubscribe', id });
  }

  mirrored(state: MirrorState): void {
    this.send({ kind: 'mirrored', state });
  }

  requestCopy(name: string): void {
    this.send({ kind: 'copy', name });
  }

  private handle(message: PrimaryMessage, handlers: PrimaryHandlers): void {
    switch (message.kind) {
      case 'lead':
        handlers.lead();
        break;
      case 'measure':
        void handlers
          .metrics()
          .then((metrics) => this.send({ kind: 'metrics', id: message.id, metrics }));
        break;
      case 'subscribed':
        this.waiting.get(message.id)?.(message.refusal);
        this.waiting.delete(message.id);
        break;
      case 'mirrored':
        handlers.mirrored(message.state);
        break;
      case 'copy':
        handlers.copy(message.name);
    }
  }

  private send(message: WorkerMessage): void {
    // Without a listener an error here would end the process, which node ends anyway.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }
}
