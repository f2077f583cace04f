import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import { addQuantize } from './models-quantize.js';

/** Declares `sightline models` and its subcommands. */
export function modelsCommand(io: CliIo): Command {
  return addQuantize(
    new Command('models').description('Models: what they cost, and at which precision.'),
    io,
  );
}
