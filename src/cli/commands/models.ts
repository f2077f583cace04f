import { Command, Option } from 'commander';
import type { ModelTask } from '../../catalogue/index.js';
import type { CliIo } from '../cli-io.js';
import type { ModelsListOptions } from '../models-list.js';
import type { ModelsPullOptions } from '../models-pull.js';
import { addModelsImport } from './models-import.js';
import { addQuantize } from './models-quantize.js';

/** Written out here, as the catalogue is loaded only by the commands that need it. */
const TASKS: ModelTask[] = ['detect', 'scene', 'follow', 'embed', 'read', 'light'];

/** Declares `sightline models` and its subcommands. */
export function modelsCommand(io: CliIo): Command {
  const list = new Command('list')
    .description('List the models of the catalogue by task, those that suit this machine first.')
    .addOption(new Option('--task <task>', 'one task only').choices(TASKS))
    .option('--json', 'print JSON')
    .action(async (options: ModelsListOptions) => {
      const { listModels } = await import('../models-list.js');
      await listModels(options, io);
    });
  const info = new Command('info')
    .description('Tell all about a model: licence, origin, cost, accuracy, files and where they are.')
    .argument('<name>', 'name of a model in the catalogue')
    .option('--json', 'print JSON')
    .action(async (name: string, options: { readonly json?: true }) => {
      const { modelInfo } = await import('../models-info.js');
      await modelInfo(name, options, io);
    });
  const pull = new Command('pull')
    .description('Fetch models, check their hashes and keep them in the cache; prints the path of each file.')
    .argument('<names...>', 'names of models in the catalogue')
    .option(
      '--accept-licence <id>',
      'a licence that binds who uses a model and that suits you, such as AGPL-3.0; may be given several times',
      (id: string, earlier: readonly string[]) => [...earlier, id],
      [] as readonly string[],
    )
    .action(async (names: string[], options: ModelsPullOptions) => {
      const { pullModels } = await import('../models-pull.js');
      await pullModels(names, options, io);
    });
  const models = new Command('models')
    .description('Models: what there is, what suits this machine, and how to get and convert them.')
    .addCommand(list)
    .addCommand(info)
    .addCommand(pull);
  addModelsImport(models, io);
  addQuantize(models, io);
  return models;
}
