import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { printed, startFlowgate, type Environment } from '../cli/flowgate.js';
import { killPostgres } from '../helpers/embedded.js';

export type Crash = 'server' | 'database' | 'both';

/** `flowgate serve` on an embedded data directory, which is killed and started again. */
export class CrashingServer {
  /** of the server that runs, or the last one that did */
  url = '';
  private child: ChildProcess | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly dataDir: string,
  ) {}

  async start(): Promise<void> {
    this.child = startFlowgate(this.environment, ['serve']);
    this.child.stderr!.resume();
    this.url = await printed(this.child, /flowgate listening on (\S+)\n/);
    this.child.stdout!.resume();
  }

  /** kill -9. A database that was killed alone is started again by the server. */
  async crash(crash: Crash): Promise<void> {
    if (crash !== 'server') await killPostgres(this.dataDir);
    if (crash === 'database') return;
    await this.end('SIGKILL');
    await this.start();
  }

  /** @returns the exit status */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }
}
