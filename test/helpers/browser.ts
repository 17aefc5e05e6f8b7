import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const FOLDER = path.resolve(import.meta.dirname, '../../node_modules/.cache/chromium');
const UNPACK = `
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
`;

// The package's own fonts.conf searches /tmp/fonts, wherever it was unpacked to.
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
</fontconfig>
`;

const run = promisify(execFile);

/**
 * Launches a real headless Chromium that needs nothing of the machine: the browser, its libraries
 * and its font come from an npm package. Any number of test files may launch one at the same time.
 * The caller closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(FOLDER)) await unpack();
  return chromium.launch({
    executablePath: path.join(FOLDER, 'chromium'),
    args: ['--font-render-hinting=none'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(FOLDER, 'al2023', 'lib'),
      FONTCONFIG_FILE: path.join(FOLDER, 'fonts.conf'),
    },
  });
}

/** Unpacks beside the folder and then renames, so that no process finds half a browser. */
async function unpack(): Promise<void> {
  await mkdir(path.dirname(FOLDER), { recursive: true });
  const draft = await mkdtemp(`${FOLDER}-`);
  await run(process.execPath, ['--input-type=module', '-e', UNPACK], {
    cwd: import.meta.dirname,
    // The package unpacks into TMPDIR, and the libraries it links only where it sees AWS Lambda.
    env: { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
  });
  await writeFile(path.join(draft, 'fonts.conf'), FONTS_CONF);
  try {
    await rename(draft, FOLDER);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!existsSync(FOLDER)) throw error;
  }
}
