import { Command, Option } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { QuantizeOptions } from '../models-quantize.js';
import { numberBetween, wholeNumber } from './arguments.js';

/** Adds `quantize` to `sightline models`. */
export function addQuantize(models: Command, io: CliIo): Command {
  const quantize = new Command('quantize')
    .description('Make a detector of int8 or float16, and tell what it gains and loses on this processor.')
    .argument('<model>', 'ONNX file, or "default" for the default detector')
    .requiredOption('--calibrate <footage>', 'video, picture or folder of pictures such as the cameras show')
    .option('--out <file>', "where to write it (default: the model's name and precision, in this folder)")
    .addOption(choice('--precision <kind>', 'what to make', ['int8', 'fp16']))
    .addOption(
      choice('--method <name>', 'how ranges are chosen from what the footage shows', [
        'percentile',
        'minmax',
        'entropy',
      ]),
    )
    .addOption(choice('--activations <type>', 'type of int8 activations', ['u8', 's8']))
    .addOption(
      new Option(
        '--weight-bits <bits>',
        'bits of int8 weights (default: what this processor adds up exactly)',
      )
        .choices(['7', '8'])
        .argParser((text) => wholeNumber(7, 8)(text)),
    )
    .option(
      '--keep-float <names>',
      'nodes that stay float: names with commas between, or a regular expression',
    )
    .option('--sensitivity', 'tell what each convolution alone would cost in accuracy')
    .option(
      '--keep-below <dB>',
      'keep convolutions in float that alone leave the outputs with less signal to noise',
      numberBetween(-100, 200),
    )
    .option('--labels <path>', 'labels of the pictures, a COCO file or a folder of YOLO files: AP is told')
    .option('--frames <number>', 'pictures to calibrate on', wholeNumber(1, 10_000), 32)
    .option('--width <px>', 'longer side of the analysed picture', wholeNumber(64, 1920), 512)
    .option('--family <name>', 'family of the detector, where it is not recognised')
    .option('--dry-run', 'write no file')
    .option('--json', 'print JSON')
    .option('--ffmpeg-path <file>', 'FFmpeg to use')
    .action(async (model: string, options: QuantizeOptions) => {
      const { quantizeDetector } = await import('../models-quantize.js');
      await quantizeDetector(model, options, io);
    });
  return models.addCommand(quantize);
}

/** An option with a few values, the first of which is the default. */
function choice(flags: string, description: string, values: readonly [string, ...string[]]): Option {
  return new Option(flags, description).choices(values).default(values[0]);
}
