const LIMIT_MINUTES = 15;

/** A reporter that ends a run in which a test file hangs. */
export default class TimeLimit {
  #timers = new Map();

  onTestFileStart({ path }) {
    const end = () => {
      console.error(`${path} has not ended after ${LIMIT_MINUTES} minutes.`);
      process.exit(1);
    };
    this.#timers.set(path, setTimeout(end, LIMIT_MINUTES * 60_000));
  }

  onTestFileResult({ path }) {
    clearTimeout(this.#timers.get(path));
  }
}
