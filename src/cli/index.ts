import { Command } from 'commander';
import { processIo, type CliIo } from './cli-io.js';
import { packageVersion } from './package-version.js';
import { reportError, ExitStatus } from './exit-status.js';

/** What each command's module exports: the command with its options and action. */
export interface CommandModule {
  createCommand(io: CliIo): Command;
}

interface CommandEntry {
  readonly summary: string;
  /** Loaded only when the command is called, so that `--help` and mistakes are answered at once. */
  readonly load: () => Promise<CommandModule>;
}

const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map<string, CommandEntry>([
  ['serve', { summary: 'run the server', load: () => import('./serve.js') }],
  ['analyze', { summary: 'analyse a file, URL or folder of images', load: () => import('./analyze.js') }],
  ['bench', { summary: 'measure throughput and latency on this machine', load: () => import('./bench.js') }],
  ['doctor', { summary: 'tell what this machine, or a stream, can do', load: () => import('./doctor.js') }],
  ['evaluate', { summary: 'measure accuracy on labelled footage', load: () => import('./evaluate.js') }],
]);

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
  const called = argv.find((word) => !word.startsWith('-')) ?? '';
  try {
    for (const [name, entry] of COMMANDS) {
      const isCalled = name === called || (called === 'help' && argv.includes(name));
      const command = isCalled ? (await entry.load()).createCommand(io) : new Command(name);
      program.addCommand(command.summary(entry.summary));
    }
    await settle(program, io).parseAsync(argv, { from: 'user' });
    return ExitStatus.done;
  } catch (error) {
    return reportError(error, io.stderr);
  }
}
