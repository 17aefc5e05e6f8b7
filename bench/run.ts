import { openServer, type BenchServer } from './database.js';
import { updateDocs } from './update-docs.js';
import { commandLine, type Options } from './options.js';
import { markdown, type Report } from './report.js';

type Suite = (server: BenchServer, options: Options) => Promise<Report | Report[]>;

/** Each suite is loaded only when it runs, with everything that it measures. */
const SUITES: Record<string, () => Promise<{ run: Suite }>> = {
  reads: () => import('./reads.js'),
  ingest: () => import('./ingest.js'),
  import: () => import('./import.js'),
  webhooks: () => import('./webhooks.js'),
  growth: () => import('./growth.js'),
  soak: () => import('./soak.js'),
  attacks: () => import('./attacks.js'),
};
/** Run only when named: they measure no speed, and take as long as their options say. */
const NAMED_ONLY = new Set(['soak', 'attacks']);

const { suites, options, write } = commandLine(process.argv.slice(2));
const unknown = suites.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  throw new Error(
    `There is no benchmark named ${unknown.join(', ')}. Choose from ${Object.keys(SUITES).join(', ')}.`,
  );
}

const server = await openServer();
try {
  const all = Object.keys(SUITES).filter((name) => !NAMED_ONLY.has(name));
  for (const name of suites.length > 0 ? suites : all) {
    const { run } = await SUITES[name]!();
    for (const report of [await run(server, options)].flat()) {
      const text = markdown(report);
      process.stdout.write(`${text}\n`);
      if (write) await updateDocs(report.title, text);
    }
  }
} finally {
  await server.close();
}
