import { Command } from 'commander';
import { processIo, type CliIo } from './cli-io.js';
import { analyzeCommand } from './commands/analyze.js';
import { auditCommand } from './commands/audit.js';
import { benchCommand } from './commands/bench.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { evaluateCommand } from './commands/evaluate.js';
import { followCommand } from './commands/follow.js';
import { modelsCommand } from './commands/models.js';
import { readCommand } from './commands/read.js';
import { sceneCommand } from './commands/scene.js';
import { serveCommand } from './commands/serve.js';
import { tokenCommand } from './commands/token.js';
import { trackCommand } from './commands/track.js';
import { userCommand } from './commands/user.js';
import { packageVersion } from './package-version.js';
import { reportError, ExitStatus } from './exit-status.js';

/** Gives a command and its subcommands our outputs and error handling, which commander does not inherit. */
function settle(command: Command, io: CliIo): Command {
  command
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const inner of command.commands) settle(inner, io);
  return command;
}

/**
 * Runs the command line `argv` (without node and script) and resolves to the exit status: 0 done, 1 failed,
 * 2 wrong usage or configuration. Never rejects.
 */
export async function main(argv: readonly string[], io: CliIo = processIo): Promise<number> {
  const program = new Command('sightline')
    .description('Real-time video analytics: camera streams in, detections, tracks and events out.')
    .version(packageVersion());
  for (const create of [
    serveCommand,
    analyzeCommand,
    trackCommand,
    followCommand,
    readCommand,
    sceneCommand,
    modelsCommand,
    benchCommand,
    doctorCommand,
    evaluateCommand,
    userCommand,
    tokenCommand,
    auditCommand,
    dataCommand,
  ]) {
    program.addCommand(create(io));
  }
  try {
    await settle(program, io).parseAsync(argv, { from: 'user' });
    return ExitStatus.done;
  } catch (error) {
    return reportError(error, io.stderr);
  }
}
