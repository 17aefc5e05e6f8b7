import { rm } from 'node:fs/promises';
import { run } from './global-setup.mjs';

/** Stops the run's PostgreSQL, whether the tests passed or failed. */
export default async function teardown() {
  await run.embedded?.release();
  if (run.directory) await rm(run.directory, { recursive: true, force: true });
}
