import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { DeskOptions } from '../open-desk.js';
import type { TokenCreateOptions } from '../token.js';
import { commaList, wholeNumber } from './arguments.js';
import { roleOption, withServer } from './user.js';

/** Declares `sightline token`. */
export function tokenCommand(io: CliIo): Command {
  const command = new Command('token').description('Secrets for programs; works while the server runs, too.');
  withServer(command.command('create <name>'))
    .description('Make a token and print its secret, once.')
    .addOption(roleOption('viewer'))
    .option('--cameras <ids>', 'only these cameras, with commas between', commaList)
    .option(
      '--only <permissions>',
      'only these of what the role may do, such as metrics or live,cameras',
      commaList,
    )
    .option('--days <number>', 'how long it holds; without, until it is revoked', wholeNumber(1, 3650))
    .action(async (name: string, options: TokenCreateOptions) =>
      (await import('../token.js')).createToken(name, options, io),
    );
  withServer(command.command('list'))
    .description('List all tokens, without their secrets.')
    .action(async (options: DeskOptions) => (await import('../token.js')).listTokens(options, io));
  withServer(command.command('revoke <id>'))
    .description('End a token at once.')
    .action(async (id: string, options: DeskOptions) =>
      (await import('../token.js')).revokeToken(id, options, io),
    );
  return command;
}
