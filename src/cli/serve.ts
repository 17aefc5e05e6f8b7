import { Command } from 'commander';

export function serveCommand(): Command {
  return new Command('serve').description('run the server').action(() => undefined);
}
