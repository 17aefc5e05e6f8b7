import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import type { Log } from '../http/log.js';

const POLL_INTERVAL_MS = 2000;
const EXHAUSTED = new Set(['EMFILE', 'ENFILE']);

/**
 * Logs when the process can open no more files, and when it can again. Node closes the connections
 * that it then cannot accept, without an event.
 */
export class OpenFilesWatch {
  private timer: NodeJS.Timeout | undefined;
  private isExhausted = false;

  constructor(private readonly log: Log) {}

  start(): void {
    this.timer = setInterval(() => void this.check(), POLL_INTERVAL_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async check(): Promise<void> {
    const wasExhausted = this.isExhausted;
    this.isExhausted = await cannotOpen();
    if (this.isExhausted && !wasExhausted) {
      this.log.error(
        'The limit of open files is reached, and new connections are closed: allow the process more (ulimit -n, or LimitNOFILE of systemd).',
      );
    } else if (wasExhausted && !this.isExhausted) {
      this.log.warn('New connections are accepted again: open files are below their limit.');
    }
  }
}

async function cannotOpen(): Promise<boolean> {
  try {
    await (await open(devNull)).close();
    return false;
  } catch (error) {
    return EXHAUSTED.has((error as NodeJS.ErrnoException).code ?? '');
  }
}
