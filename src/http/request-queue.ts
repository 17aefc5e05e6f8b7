import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Rotation } from '../domain/shared/rotation.js';

/** How long requests are begun in one iteration of the event loop. */
const SLICE_MS = 2;
/** How long the next slice waits while connections arrive. */
const ACCEPT_MS = 10;
/** From how many addresses a request passes those that wait, in one iteration of the event loop. */
const MAX_PASSED = 8;

/**
 * Begins requests at once, but where very many arrive together only for a moment of each iteration of
 * the event loop. Those that wait are begun in rotation by the address that they come from, and a
 * request from an address of which nothing waits passes them, so that a flood from one address does
 * not delay the others.
 */
export class RequestQueue {
  /** by address */
  private readonly waiting = new Rotation<string, () => void>();
  /** the addresses of which a request has passed others in this iteration */
  private readonly passed = new Set<string>();
  private sliceStart = 0;
  private sliceEnd = 0;
  private isScheduled = false;
  private hasAccepted = false;

  /**
   * Lets the connections of a server be accepted before more requests begin: Node accepts one in each
   * iteration, so that long iterations would keep new clients waiting behind a flood.
   */
  attach(server: Server): void {
    server.on('connection', () => {
      this.hasAccepted = true;
      this.schedule();
    });
  }

  /** @param addressOf is called only where the request has to wait */
  run(addressOf: () => string, begin: () => void): void {
    this.schedule();
    if (this.waiting.isEmpty && !this.hasAccepted && this.hasTime()) {
      begin();
      return;
    }
    const address = addressOf();
    if (this.mayPass(address)) begin();
    else this.waiting.add(address, begin);
  }

  private mayPass(address: string): boolean {
    if (this.passed.size === MAX_PASSED || this.passed.has(address) || this.waiting.has(address)) {
      return false;
    }
    this.passed.add(address);
    return true;
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.sliceStart = performance.now();
    setImmediate(this.nextSlice);
  }

  private hasTime(): boolean {
    return performance.now() - this.sliceStart < SLICE_MS;
  }

  private readonly nextSlice = (): void => {
    this.sliceStart = performance.now();
    this.passed.clear();
    const mayAccept = this.hasAccepted && this.sliceStart - this.sliceEnd < ACCEPT_MS;
    this.hasAccepted = false;
    if (mayAccept) setImmediate(this.nextSlice);
    else this.serve();
  };

  private readonly serve = (): void => {
    const begin = this.waiting.next();
    if (!begin) {
      this.isScheduled = false;
      return;
    }
    begin();
    // What the request does at once, in microtasks too, takes time of the same slice.
    queueMicrotask(() => process.nextTick(this.goOn));
  };

  private readonly goOn = (): void => {
    if (this.hasTime()) {
      this.serve();
      return;
    }
    this.sliceEnd = performance.now();
    setImmediate(this.nextSlice);
  };
}
