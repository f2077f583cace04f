import { CommanderError } from 'commander';
import { redact, toAppError } from '../base/index.js';
import type { CliOutput } from './cli-io.js';
import { INTERRUPTED } from './interruption.js';

/** Exit statuses of every command. */
export const ExitStatus = {
  done: 0,
  /** One line on stderr says what and what to do. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** A defect of Sightline itself (`EX_SOFTWARE` of sysexits.h). */
  defect: 70,
  /** Ctrl+C, as shells count it. */
  interrupted: 130,
} as const;

/** Tells an error to people on `stderr` and gives the exit status that it stands for. */
export function reportError(error: unknown, stderr: CliOutput): number {
  // Commander has written its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitStatus.done : ExitStatus.usage;
  const { code, message } = toAppError(error);
  const lines = redact(message).split('\n');
  for (const line of lines) stderr.write(`sightline: ${line}\n`);
  if (code === INTERRUPTED) return ExitStatus.interrupted;
  return code.startsWith('config/') ? ExitStatus.usage : ExitStatus.failed;
}
