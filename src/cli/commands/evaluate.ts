import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { EvaluateDetectionsOptions } from '../evaluate-detections.js';

/** Declares `sightline evaluate` and its subcommands. */
export function evaluateCommand(io: CliIo): Command {
  const detections = new Command('detections')
    .description('Score detections (analyze --coco) against labelled images as COCO does: AP, AP50, AR.')
    .requiredOption('--truth <path>', 'COCO annotations, or a folder of YOLO label files')
    .requiredOption('--results <file>', 'COCO results, as analyze --coco writes them')
    .option('--images <folder>', 'the images that YOLO label files belong to')
    .option('--json', 'print JSON')
    .action(async (options: EvaluateDetectionsOptions) => {
      const { evaluateDetectionFiles } = await import('../evaluate-detections.js');
      await evaluateDetectionFiles(options, io);
    });
  return new Command('evaluate')
    .description('Measure accuracy on your own labelled footage.')
    .addCommand(detections);
}
