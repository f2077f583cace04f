import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { DeskOptions } from '../open-desk.js';
import { withServer } from './user.js';

/** Declares `sightline audit`. */
export function auditCommand(io: CliIo): Command {
  const command = new Command('audit').description(
    'The log of who did what; works while the server runs, too.',
  );
  withServer(command.command('verify'))
    .description(
      'Check that no entry was changed or taken away since the anchor, the last one that was pruned.',
    )
    .action(async (options: DeskOptions) => (await import('../audit.js')).verifyAudit(options, io));
  return command;
}
