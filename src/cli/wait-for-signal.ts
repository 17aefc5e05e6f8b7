/** Resolves when whoever runs the command has had enough: SIGINT, SIGTERM or SIGHUP. */
export function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve());
  });
}
