// A process of its own that uses the embedded PostgreSQL: the tests start it, send it commands as
// lines on its stdin, and kill it.
import { createInterface } from 'node:readline';
import pg from 'pg';
import { acquireEmbedded, type EmbeddedDatabase } from '../../src/storage/embedded/embedded.js';

const [dataDir = '', role] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

async function serve(embedded: EmbeddedDatabase): Promise<void> {
  if (role === 'server') await embedded.ensureOnlyServer();
  const pool = new pg.Pool(embedded.connection);
  pool.on('error', () => undefined);
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'release') break;
    say(JSON.stringify((await pool.query(line)).rows));
  }
  await pool.end();
}

try {
  const embedded = await acquireEmbedded(dataDir, { onEvent: (event) => say(`event ${event}`) });
  await serve(embedded).finally(() => embedded.release());
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
process.stdin.destroy();
