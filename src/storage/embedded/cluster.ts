import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { oneLine, StartupError } from '../postgres/startup-error.js';
import { findBinaries, makeEnvironment, type Binaries } from './binaries.js';
import { errorText } from './error-text.js';
import { OsUser } from './os-user.js';

export const USER = 'flowgate';
const FOLDER = 'postgres-18';
const SOCKET_PORT = 5432;
// sun_path has 108 bytes on Linux and 104 on macOS, including the closing zero.
const MAX_SOCKET_PATH = process.platform === 'darwin' ? 103 : 107;

/** One PostgreSQL data directory with its password, inside Flowgate's own. */
export class Cluster {
  readonly data: string;
  readonly log: string;
  readonly portFile: string;

  private constructor(
    readonly directory: string,
    readonly binaries: Binaries,
    readonly identity: OsUser,
    readonly environment: NodeJS.ProcessEnv,
    private readonly password: string,
  ) {
    this.data = path.join(directory, 'data');
    this.portFile = path.join(directory, 'port');
    this.log = path.join(directory, 'postgres.log');
  }

  /**
   * Opens the cluster in `dataDir`.
   * @param create whether to create it if there is none
   * @throws StartupError also where there is only one of another version of PostgreSQL
   */
  static async open(dataDir: string, { create }: { create: boolean }): Promise<Cluster> {
    const root = path.resolve(dataDir);
    const directory = path.join(root, FOLDER);
    const binaries = await findBinaries();
    const identity = await OsUser.of(path.join(directory, 'data'));
    try {
      if (!(await exists(directory))) {
        await refuseOtherVersions(root);
        if (!create) throw noData(root);
        await mkdir(root, { recursive: true, mode: identity.needsOpenFolders ? 0o711 : 0o700 });
        await createCluster(directory, binaries, identity);
      }
      const environment = await makeEnvironment(binaries, path.join(directory, 'lib'));
      const password = await readFile(path.join(directory, 'password'), 'utf8');
      return new Cluster(directory, binaries, identity, environment, password);
    } catch (error) {
      throw asStartupError(root, identity, error);
    }
  }

  /** Whether the Unix socket's path is short enough to be one. */
  get hasSocket(): boolean {
    const socket = path.join(this.data, `.s.PGSQL.${SOCKET_PORT}`);
    return process.platform !== 'win32' && Buffer.byteLength(socket) <= MAX_SOCKET_PATH;
  }

  /** How to connect. Without a socket the port is the one that the last start wrote down. */
  async connection(): Promise<pg.PoolConfig> {
    return {
      host: this.hasSocket ? this.data : '127.0.0.1',
      port: await this.port(),
      user: USER,
      password: this.password,
      database: 'postgres',
    };
  }

  async port(): Promise<number> {
    if (this.hasSocket) return SOCKET_PORT;
    return Number(await readFile(this.portFile, 'utf8').catch(() => '0'));
  }
}

// Whole or not at all: made beside its place, then renamed. Of two that start at once the first to
// rename wins, and the other uses its cluster.
async function createCluster(
  directory: string,
  binaries: Binaries,
  identity: OsUser,
): Promise<void> {
  const temporary = await mkdtemp(`${directory}.new-`);
  try {
    await initialise(temporary, binaries, identity);
    await rename(temporary, directory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!(await exists(directory))) throw error;
  }
}

async function initialise(directory: string, binaries: Binaries, identity: OsUser): Promise<void> {
  if (identity.needsOpenFolders) await chmod(directory, 0o711);
  const data = path.join(directory, 'data');
  const password = randomBytes(24).toString('base64url');
  const initdbPassword = path.join(directory, 'initdb-password');
  await mkdir(data, { mode: 0o700 });
  await identity.own(data);
  await writeFile(path.join(directory, 'password'), password, { mode: 0o600 });
  await writeFile(initdbPassword, password, { mode: 0o600 });
  await identity.own(initdbPassword);
  const { file, args, options } = identity.command(binaries.initdb, [
    ...['--pgdata', data, '--username', USER],
    ...['--auth', 'scram-sha-256', '--pwfile', initdbPassword],
    ...['--encoding', 'UTF8', '--no-locale'],
    ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    '--no-instructions',
  ]);
  const env = await makeEnvironment(binaries, path.join(directory, 'lib'));
  await promisify(execFile)(file, args, { ...options, env, cwd: '/' });
  await rm(initdbPassword);
}

function noData(root: string): StartupError {
  return new StartupError(
    `There is no Flowgate database in ${root}: set FLOWGATE_DATA_DIR to the server's directory, or DATABASE_URL.`,
  );
}

/** Creating an empty cluster beside one of another version would look like the loss of all data. */
async function refuseOtherVersions(root: string): Promise<void> {
  const entries = await readdir(root).catch(() => []);
  const other = entries.find((name) => /^postgres-\d+$/.test(name));
  if (other === undefined) return;
  throw new StartupError(
    `${path.join(root, other)} is of another version of PostgreSQL than this Flowgate's (${FOLDER}): ` +
      'run the version of Flowgate that made it and move its data with pg_dump, or set another FLOWGATE_DATA_DIR.',
  );
}

function asStartupError(root: string, identity: OsUser, error: unknown): unknown {
  if (error instanceof StartupError) return error;
  const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
  const subject = `The embedded PostgreSQL in ${root} cannot be set up`;
  if (code === 'EACCES' || code === 'EPERM') {
    return new StartupError(
      `${subject}: permission denied. Run as the directory's owner or set FLOWGATE_DATA_DIR.`,
      { cause: error },
    );
  }
  if (stderr?.includes('could not look up effective user ID')) {
    return new StartupError(
      `${subject}: the user that runs it has no name. Run as one that has, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const hint = identity.needsOpenFolders
    ? ' (as root it needs `setpriv` of util-linux where other users cannot enter the folders)'
    : '';
  return new StartupError(`${subject}: ${stderr ? errorText(stderr) : oneLine(error)}${hint}`, {
    cause: error,
  });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
