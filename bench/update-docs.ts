import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';

const PAGES = ['performance.md', 'reliability.md'];

/**
 * Writes a benchmark's table into the page of docs/ that has comments with its title, between them.
 */
export async function updateDocs(title: string, table: string): Promise<void> {
  const begin = `<!-- bench: ${title} -->`;
  const end = `<!-- end: ${title} -->`;
  for (const name of PAGES) {
    const file = new URL(`../docs/${name}`, import.meta.url);
    const [before, rest] = (await readFile(file, 'utf8')).split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined) continue;
    const measured = `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine()}.`;
    const parts = [before, begin, '\n\n', table, '\n', measured, '\n\n', end, after];
    await writeFile(file, parts.join(''));
    return;
  }
  throw new Error(`No page of docs/ has a place for ${title}.`);
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `Node ${process.version}, ${os.cpus().length} × ${cpu?.model.trim() || os.arch()}, ${memory} GiB`;
}
