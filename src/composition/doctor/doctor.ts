import { stat } from 'node:fs/promises';
import { ConfigError, loadConfig, type Config } from '../../config.js';
import { HOUR_MS } from '../../domain/shared/durations.js';
import { BackupFolder } from '../../storage/backup/backup-folder.js';
import { openDatabase, type Storage } from '../../storage/open-database.js';
import { oneLine } from '../../storage/postgres/startup-error.js';
import { SystemStore } from '../../storage/system/system-store.js';
import { checkBroker, checkBrokerAccount } from './broker-check.js';
import { checkDatabase } from './database-checks.js';
import { checkProvider, checkProviderAccount } from './openid-check.js';
import { error, ok, warning, type Finding } from './finding.js';

export type { Finding } from './finding.js';

const MIN_FREE_SHARE = 0.1;
const GIBIBYTE = 2 ** 30;
const OWN_SESSIONS = 'Each connection has a session of its own.';
const SHARED_SESSIONS =
  'A pooler shares its sessions; what needs one of its own goes by DATABASE_DIRECT_URL.';

/** Checks the installation that the environment describes. Nothing is changed. */
export async function examine(environment?: NodeJS.ProcessEnv): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (failure) {
    if (!(failure instanceof ConfigError)) throw failure;
    const advice = 'Correct the variables; docs/operations.md lists them.';
    return [error('configuration', failure.message, advice)];
  }
  const findings = [
    ...checkConfig(config),
    await checkBackups(config),
    ...(await checkBroker(config)),
    ...(await checkProvider(config)),
  ];
  let storage: Storage;
  try {
    storage = await openDatabase({ ...config, create: false });
  } catch (failure) {
    const advice =
      config.databaseUrl === undefined
        ? 'Is FLOWGATE_DATA_DIR the server’s? `flowgate serve` creates a database there.'
        : 'Check DATABASE_URL, and that PostgreSQL runs and accepts this role.';
    return [...findings, error('database', oneLine(failure), advice)];
  }
  try {
    const { database, embedded, place } = storage;
    const { version } = await new SystemStore(database, undefined).databaseFigures();
    findings.push(
      ok('database', `PostgreSQL ${version} at ${place} answers.`),
      ok('pooler', database.hasOwnSessions ? OWN_SESSIONS : SHARED_SESSIONS),
    );
    if (embedded) findings.push(...(await checkDirectory(storage)));
    findings.push(
      ...(await checkDatabase(database, embedded?.directory)),
      ...(await checkBrokerAccount(config, database)),
      ...(await checkProviderAccount(config, database)),
    );
  } catch (failure) {
    findings.push(error('database', oneLine(failure), 'See the log of PostgreSQL.'));
  } finally {
    await storage.close();
  }
  return findings;
}

function checkConfig({ warnings }: Config): Finding[] {
  return warnings.length > 0
    ? warnings.map((each) => warning('configuration', each, 'Correct or remove the variable.'))
    : [ok('configuration', 'All variables are valid.')];
}

async function checkBackups({ backupDir, backupEveryHours }: Config): Promise<Finding> {
  if (backupDir === undefined) {
    const advice = 'Set FLOWGATE_BACKUP_DIR, or run `flowgate backup` regularly.';
    return warning('backups', 'The server writes none.', advice);
  }
  const advice = 'The server’s log says why. `flowgate backup FILE` writes one now.';
  try {
    const newest = await new BackupFolder(backupDir).newest();
    if (!newest) return warning('backups', `There is none in ${backupDir}.`, advice);
    const hours = Math.round((Date.now() - newest.getTime()) / HOUR_MS);
    return hours > 2 * backupEveryHours
      ? warning('backups', `The newest in ${backupDir} is ${hours} hours old.`, advice)
      : ok('backups', `The newest in ${backupDir} is ${hours} hours old.`);
  } catch (failure) {
    return error('backups', oneLine(failure), 'Let the server’s user read and write it.');
  }
}

/** The directory of the embedded PostgreSQL: its disk, and who may read it. */
async function checkDirectory({ database, embedded }: Storage): Promise<Finding[]> {
  const directory = embedded!.directory;
  const { freeBytes = 0, totalBytes = 0 } =
    (await new SystemStore(database, directory).disk()) ?? {};
  const free = `${(freeBytes / GIBIBYTE).toFixed(1)} of ${(totalBytes / GIBIBYTE).toFixed(1)} GiB are free`;
  const isLow = freeBytes < GIBIBYTE || freeBytes < MIN_FREE_SHARE * totalBytes;
  const { mode } = await stat(directory);
  return [
    isLow
      ? warning('disk', `${free} at ${directory}.`, 'Remove old files or enlarge the disk.')
      : ok('disk', `${free} at ${directory}.`),
    ...((mode & 0o002) !== 0
      ? [error('directory', `Everybody may write to ${directory}.`, `chmod o-w ${directory}`)]
      : []),
  ];
}
