import type { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { ImportModelOptions } from '../import-model.js';
import { commaList, numberBetween, pictureSize, wholeNumber } from './arguments.js';

/** Adds `import` to the command `sightline models`. */
export function addModelsImport(models: Command, io: CliIo): void {
  models
    .command('import')
    .description('Convert a TF.js graph model to ONNX, and tell what of it cannot be.')
    .argument('<source>', "the model's model.json with its weights beside it, or their folder")
    .requiredOption('--out <file>', 'ONNX file to write')
    .option('--outputs <list>', 'nodes to convert, with all that they need (default: all outputs)', commaList)
    .option('--dynamic', 'leave height and width open')
    .option('--size <WxH>', 'width and height for a model that leaves them open, px', pictureSize)
    .option('--check', 'compare the result with TF.js, which must be installed; write nothing if it differs')
    .option('--picture <file>', 'a picture for the comparison, beside random numbers')
    .option(
      '--tolerance <number>',
      'greatest error of an output, times its greatest value where that is above 1',
      numberBetween(0, 1),
      1e-3,
    )
    .option('--seed <number>', 'what the random numbers follow from', wholeNumber(0, 999_999_999), 1)
    .option('--json', 'print JSON')
    .action(async (source: string, flags: ImportModelOptions) => {
      const { importModel } = await import('../import-model.js');
      await importModel(source, flags, io);
    });
}
