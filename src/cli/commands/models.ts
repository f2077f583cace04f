import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import { addModelsImport } from './models-import.js';

/** Declares `sightline models` and its subcommands. */
export function modelsCommand(io: CliIo): Command {
  const models = new Command('models').description('Find, convert and measure models.');
  addModelsImport(models, io);
  return models;
}
