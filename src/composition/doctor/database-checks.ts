import { CONNECTIONS_PER_INSTANCE, type Database } from '../../storage/postgres/database.js';
import { InstallationStore, type Installation } from '../../storage/system/installation-store.js';
import { SystemStore } from '../../storage/system/system-store.js';
import { SummaryStore } from '../../storage/summaries/summary-store.js';
import { SystemStatusReader, type SystemStatus } from '../../domain/system/system-status.js';
import { systemClock } from '../../domain/shared/clock.js';
import { error, ok, warning, type Finding } from './finding.js';
import { checkZones } from './zone-check.js';

const MAX_SKEW_SECONDS = 2;
const MAX_WAITING_SECONDS = 900;
const SAMPLE_SIZE = 20;
const SAMPLE_TIME_MS = 10_000;

/** Checks a database that can be opened. What needs tables is left out while migrations are pending. */
export async function checkDatabase(
  database: Database,
  directory: string | undefined,
): Promise<Finding[]> {
  const store = new SystemStore(database, directory);
  const installation = new InstallationStore(database);
  const migrations = await store.migrations();
  const count = (state: string) => migrations.filter((each) => each.state === state).length;
  const settings = await installation.read();
  const findings = [...checkRights(settings), ...checkSettings(settings)];
  if (count('unknown') > 0) {
    const message = 'A newer version of Flowgate has migrated the database.';
    const advice = 'Run that version, or restore a backup from before the upgrade.';
    return [...findings, error('migrations', message, advice)];
  }
  if (count('pending') > 0) {
    const message = `${count('pending')} of ${migrations.length} migrations are pending.`;
    const advice = 'Run `flowgate migrate`, then `flowgate doctor` again for the other checks.';
    return [...findings, error('migrations', message, advice)];
  }
  const status = await new SystemStatusReader(store, systemClock).read();
  return [
    ...findings,
    ok('migrations', `All ${migrations.length} are applied.`),
    checkClock(status),
    await checkZones(installation),
    await checkSummaries(installation, new SummaryStore(database)),
    ...(await checkWebhooks(status, installation)),
  ];
}

function checkRights({ mayMakeTemporary, mayCreate, isReadOnly }: Installation): Finding[] {
  const findings: Finding[] = [];
  if (isReadOnly) {
    const message = 'The database takes no writes.';
    const advice = 'Connect to the primary, or unset default_transaction_read_only.';
    findings.push(error('permissions', message, advice));
  }
  if (!mayMakeTemporary) {
    const message = 'The role may not create temporary tables, which imports need.';
    findings.push(error('permissions', message, 'GRANT TEMPORARY ON DATABASE … TO the role.'));
  }
  if (!mayCreate) {
    const message = 'The role may not create tables, which migrations need.';
    findings.push(error('permissions', message, 'GRANT CREATE ON SCHEMA … TO the role.'));
  }
  return findings.length > 0
    ? findings
    : [ok('permissions', 'The role may do all that Flowgate needs.')];
}

function checkSettings(settings: Installation): Finding[] {
  const { maxConnections, fsync, full_page_writes, synchronous_commit, autovacuum } = settings;
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries({ fsync, full_page_writes, synchronous_commit })) {
    if (value !== 'off') continue;
    const message = `${name} is off: pings that were acknowledged can be lost.`;
    findings.push(error('settings', message, `Set ${name} = on in postgresql.conf.`));
  }
  if (autovacuum === 'off') {
    const message = 'autovacuum is off: queries become slow and the disk fills.';
    findings.push(warning('settings', message, 'Set autovacuum = on in postgresql.conf.'));
  }
  if (maxConnections < CONNECTIONS_PER_INSTANCE) {
    const message = `max_connections is ${maxConnections}; an instance opens up to ${CONNECTIONS_PER_INSTANCE}.`;
    findings.push(warning('settings', message, 'Raise max_connections in postgresql.conf.'));
  }
  return findings.length > 0
    ? findings
    : [ok('settings', 'PostgreSQL keeps what it has committed.')];
}

function checkClock({ database: { clockSkewSeconds } }: SystemStatus): Finding {
  const seconds = Math.abs(Math.round(clockSkewSeconds * 10) / 10);
  const where = clockSkewSeconds > 0 ? 'ahead of' : 'behind';
  return Math.abs(clockSkewSeconds) <= MAX_SKEW_SECONDS
    ? ok('clock', 'The clocks of this machine and of the database agree.')
    : warning(
        'clock',
        `The clock of the database is ${seconds} s ${where} this machine’s.`,
        'Run a time service (chrony, systemd-timesyncd) on both.',
      );
}

async function checkSummaries(
  installation: InstallationStore,
  summaries: SummaryStore,
): Promise<Finding> {
  const until = performance.now() + SAMPLE_TIME_MS;
  const wrong: number[] = [];
  let checked = 0;
  for (const id of await installation.sensorSample(SAMPLE_SIZE)) {
    if (performance.now() > until) break;
    checked++;
    if ((await summaries.check(id)).length > 0) wrong.push(id);
  }
  const advice = 'Run `flowgate rollup check`, then `flowgate rollup rebuild`, and report it.';
  return wrong.length > 0
    ? error(
        'summaries',
        `Those of the sensors ${wrong.join(', ')} differ from their pings.`,
        advice,
      )
    : ok('summaries', `Those of ${checked} sensors, chosen at random, agree with their pings.`);
}

async function checkWebhooks(
  { queue }: SystemStatus,
  installation: InstallationStore,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const disabled = await installation.disabledEndpoints();
  if (disabled.length > 0) {
    const message = `Disabled because their deliveries failed: the endpoints ${disabled.join(', ')}.`;
    const advice = 'Repair the receivers, then enable the endpoints at /app/developers.';
    findings.push(warning('webhooks', message, advice));
  }
  if (queue.oldestPendingSeconds > MAX_WAITING_SECONDS) {
    const minutes = Math.round(queue.oldestPendingSeconds / 60);
    const message = `${queue.depth} events wait, the oldest for ${minutes} minutes.`;
    const advice = 'Is a server running? /app/developers shows why attempts fail.';
    findings.push(warning('webhooks', message, advice));
  }
  return findings.length > 0 ? findings : [ok('webhooks', `${queue.depth} events wait.`)];
}
