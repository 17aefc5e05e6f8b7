import { SingleBar } from 'cli-progress';

const WITH_TOTAL = '{bar} {percentage} % | {rows} rows | {duration_formatted}';
const WITHOUT_TOTAL = '{rows} rows | {duration_formatted}';

/** Shows the progress of a command that moves rows, on stderr if that is a terminal. */
export class Progress {
  private readonly bar: SingleBar | undefined;

  /** @param total bytes to read; undefined where unknown */
  constructor(private readonly total: number | undefined) {
    if (!process.stderr.isTTY) return;
    this.bar = new SingleBar({
      format: total === undefined ? WITHOUT_TOTAL : WITH_TOTAL,
      stream: process.stderr,
      hideCursor: true,
      barsize: 30,
    });
  }

  start(): void {
    this.bar?.start(this.total ?? 0, 0, { rows: 0 });
  }

  bytes(count: number): void {
    this.bar?.increment(count);
  }

  rows(rows: number): void {
    this.bar?.update({ rows });
  }

  stop(): void {
    this.bar?.stop();
  }
}
