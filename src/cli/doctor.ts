import { Command } from 'commander';
import type { Finding } from '../composition/doctor/doctor.js';
import { counted } from './counted.js';
import { CommandError } from './error-messages.js';
import { note, printLine } from './output.js';

const STATE_WIDTH = 9;
const CHECK_WIDTH = 15;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the installation and say how to mend what is wrong; exits 1 after an error')
    .option('--json', 'print the findings as JSON', false)
    .action(doctor);
}

async function doctor({ json }: { json: boolean }): Promise<void> {
  const { examine } = await import('../composition/doctor/doctor.js');
  const findings = await examine();
  if (json) printLine(JSON.stringify(findings, undefined, 2));
  else for (const finding of findings) print(finding);
  const count = (wanted: Finding['state']) =>
    findings.filter(({ state }) => state === wanted).length;
  const summary = `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}.`;
  if (count('error') > 0) throw new CommandError(summary);
  note(summary);
}

function print({ state, check, message, advice }: Finding): void {
  printLine(state.padEnd(STATE_WIDTH) + check.padEnd(CHECK_WIDTH) + message);
  if (advice !== undefined) printLine(`${' '.repeat(STATE_WIDTH + CHECK_WIDTH)}→ ${advice}`);
}
