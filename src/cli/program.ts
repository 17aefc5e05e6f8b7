import { Command, CommanderError } from 'commander';
import { accountCommand } from './account.js';
import { auditCommand } from './audit.js';
import { backupCommand } from './backup.js';
import { deviceCommand } from './device.js';
import { distributeCommand } from './distribute.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { OutputClosedError, formatError } from './error-messages.js';
import { groupCommand } from './group.js';
import { importCommand } from './import.js';
import { importsCommand } from './imports.js';
import { migrateCommand } from './migrate.js';
import { periodCommand } from './period.js';
import { profileCommand } from './profile.js';
import { restoreCommand } from './restore.js';
import { planCommand } from './plan.js';
import { retentionCommand } from './retention.js';
import { rollupCommand } from './rollup.js';
import { sensorCommand } from './sensor.js';
import { serveCommand } from './serve.js';
import { statementCommand } from './statement.js';
import { syncCommand } from './sync.js';
import { tokenCommand } from './token.js';
import { userCommand } from './user.js';
import { verifyCommand } from './verify.js';
import { version } from './version.js';
import { webhookCommand } from './webhook.js';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

const ENVIRONMENT = `
The database:
  DATABASE_URL       a PostgreSQL server (15 or newer); without it an embedded one
                     runs, also beside a server that runs already
  FLOWGATE_DATA_DIR  where the embedded one keeps its data (default: .flowgate)
`;

/**
 * Runs the `flowgate` command.
 * @param args without the program's own name
 * @returns the exit status: 0, 1 after a failure reported on stderr, 2 for wrong usage
 */
export async function run(args: readonly string[]): Promise<number> {
  process.stdout.on('error', leaveQuietly);
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    if (error instanceof OutputClosedError) return DONE;
    for (const line of formatError(error)) process.stderr.write(`flowgate: ${line}\n`);
    return FAILED;
  }
}

function createProgram(): Command {
  const program = new Command('flowgate')
    .description('Telemetry server for pipeline flow sensors: exact volumes over REST and GraphQL')
    .version(version(), '-V, --version', 'print the version')
    .addHelpText('after', ENVIRONMENT);
  for (const command of [
    serveCommand(),
    doctorCommand(),
    migrateCommand(),
    distributeCommand(),
    accountCommand(),
    userCommand(),
    tokenCommand(),
    sensorCommand(),
    groupCommand(),
    periodCommand(),
    deviceCommand(),
    importCommand(),
    importsCommand(),
    profileCommand(),
    exportCommand(),
    syncCommand(),
    backupCommand(),
    restoreCommand(),
    rollupCommand(),
    retentionCommand(),
    planCommand(),
    webhookCommand(),
    auditCommand(),
    statementCommand(),
    verifyCommand(),
  ]) {
    program.addCommand(command);
  }
  throwInsteadOfExiting(program);
  return program;
}

/** Subcommands that are built separately do not inherit these settings. */
function throwInsteadOfExiting(command: Command): void {
  command.exitOverride().configureOutput({ outputError: reportWrongUsage });
  command.commands.forEach(throwInsteadOfExiting);
}

/** On one line, like other failures. */
function reportWrongUsage(text: string, write: (text: string) => void): void {
  write(`${text.trim().replace(/\s*\n\s*/g, ' ')} (see --help)\n`);
}

/**
 * The program that reads the output has ended, as in `flowgate export … | head`. The command ends as
 * if its terminal had closed, because one that exits at once leaves the embedded PostgreSQL running.
 */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.once('exit', () => {
    process.exitCode = DONE;
  });
  if (!process.emit('SIGHUP')) process.exit();
}
