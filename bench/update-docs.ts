import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';

const PAGE = new URL('../docs/performance.md', import.meta.url);

/**
 * Writes a benchmark's table into docs/performance.md, between the comments that mark its place.
 */
export async function updateDocs(title: string, table: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const begin = `<!-- bench: ${title} -->`;
  const end = `<!-- end: ${title} -->`;
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/performance.md has no place for ${title}.`);
  const measured = `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine()}.`;
  await writeFile(
    PAGE,
    [before, begin, '\n\n', table, '\n', measured, '\n\n', end, after].join(''),
  );
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `Node ${process.version}, ${os.cpus().length} × ${cpu?.model.trim() || os.arch()}, ${memory} GiB`;
}
