export interface PeriodicWorkDeps {
  readonly run: () => Promise<unknown>;
  /** asks what runs to end soon */
  readonly stop?: () => void;
  /** runs the work unless another instance is running it */
  readonly exclusively: (work: () => Promise<unknown>) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly intervalMs: number;
}

/** Does work again and again, on one of all instances at a time. */
export class PeriodicWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly deps: PeriodicWorkDeps) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.run();
    }, this.deps.intervalMs).unref();
  }

  /** Waits for what is in progress. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.deps.stop?.();
    await this.running;
  }

  private async run(): Promise<void> {
    const { run, exclusively, onError } = this.deps;
    await exclusively(run).catch(onError);
    this.running = undefined;
  }
}
