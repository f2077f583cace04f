import { Command, InvalidArgumentError } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { EvaluateDetectionsOptions } from '../evaluate-detections.js';
import type { EvaluateFollowOptions } from '../evaluate-follow.js';
import type { EvaluateTracksOptions } from '../evaluate-tracks.js';
import type { EvaluateTextOptions } from '../evaluate-text.js';
import { commaList, numberBetween, wholeNumber } from './arguments.js';

/** Declares `sightline evaluate` and its subcommands. */
export function evaluateCommand(io: CliIo): Command {
  const detections = new Command('detections')
    .description(
      'Measure the detector on labelled pictures as COCO does: AP and AR by size and label, and the best score thresholds.',
    )
    .requiredOption(
      '--annotations <path>',
      'COCO .json file, or a folder of YOLO .txt or Pascal VOC .xml files',
    )
    .option('--images <folder>', 'the pictures; the detector runs on those that are annotated')
    .option('--detections <file>', 'COCO results made earlier (analyze --coco), in place of a run')
    .option('--rename <list>', "the model's names for labels of the annotations: OLD=NEW,…", renames)
    .option('--plot <file>', 'draw precision over recall into a .svg or .png file', plotFile)
    .option('--json', 'print JSON')
    .option('--width <px>', 'longer side of the analysed picture (default: 512)', wholeNumber(64, 1920))
    .option('--models <entry...>', 'detector=PATH of an ONNX file in place of the default detector')
    .option('--ffmpeg-path <file>', 'FFmpeg to use')
    .action(async (options: EvaluateDetectionsOptions) => {
      const { evaluateDetectionFiles } = await import('../evaluate-detections.js');
      await evaluateDetectionFiles(options, io);
    });
  const follow = new Command('follow')
    .description(
      'Measure the Siamese network on sequences of one object as the OTB benchmark does: success AUC and precision.',
    )
    .argument('<folders...>', 'sequences with img/ and groundtruth_rect.txt, or folders of them')
    .option(
      '--model <name>',
      'name of the catalogue (models list --task follow), or a folder with the two files',
    )
    .option('--json', 'print JSON')
    .action(async (folders: string[], options: EvaluateFollowOptions) => {
      const { evaluateFollow } = await import('../evaluate-follow.js');
      await evaluateFollow(folders, options, io);
    });
  const tracks = new Command('tracks')
    .description('Measure tracks against labels as MOTChallenge does: HOTA, IDF1, MOTA and their parts.')
    .requiredOption(
      '--truth <paths...>',
      'MOTChallenge labels, a file for each sequence; or a folder of sequences (NAME/gt/gt.txt, NAME/gt.txt or NAME.txt)',
    )
    .requiredOption('--tracks <paths...>', 'MOTChallenge tracks, in the same order; or a folder of NAME.txt')
    .option('--json', 'print JSON')
    .action(async (options: EvaluateTracksOptions) => {
      const { evaluateTrackFiles } = await import('../evaluate-tracks.js');
      await evaluateTrackFiles(options, io);
    });
  const text = new Command('text')
    .description('Measure how well texts or plates are read: exact matches, character error rate, and time.')
    .requiredOption(
      '--truth <path>',
      "a file of lines PICTURE TEXT, or a folder of OpenALPR's .txt files (file, x, y, w, h, plate)",
    )
    .option('--images <folder>', 'where the pictures are (default: beside the labels)')
    .option('--plates <patterns>', 'read plates, as sightline read does', commaList)
    .option('--line', 'each picture is one line of text')
    .option('--lexicon <file>', 'words that are expected, one a line')
    .option('--confidence-min <number>', 'lowest confidence that counts (default: 0.5)', numberBetween(0, 1))
    .option(
      '--width <px>',
      'longer side of the picture in which text is looked for (default: 960)',
      wholeNumber(32, 4096),
    )
    .option('--each', 'with --json: tell what was read in each picture')
    .option('--json', 'print JSON')
    .action(async (options: EvaluateTextOptions) => {
      const { evaluateText } = await import('../evaluate-text.js');
      await evaluateText(options, io);
    });
  return new Command('evaluate')
    .description('Measure accuracy on your own labelled footage.')
    .addCommand(detections)
    .addCommand(follow)
    .addCommand(tracks)
    .addCommand(text);
}

function renames(text: string): ReadonlyMap<string, string> {
  return new Map(
    commaList(text).map((entry) => {
      const [, from, to] = /^([^=]+)=([^=]+)$/.exec(entry) ?? [];
      if (from === undefined || to === undefined)
        throw new InvalidArgumentError('Expected OLD=NEW, with commas between.');
      return [from.trim(), to.trim()];
    }),
  );
}

function plotFile(text: string): string {
  if (/\.(svg|png)$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a file name that ends in .svg or .png.');
}
