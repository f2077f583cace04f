import { Command, Option } from 'commander';
import { LIGHT_METHODS } from '../../frames/index.js';
import type { AnalyzeOptions } from '../analyze.js';
import type { CliIo } from '../cli-io.js';
import { commaList, detectEvery, numberBetween, wholeNumber } from './arguments.js';

type Flags = Omit<AnalyzeOptions, 'env'>;

/** Declares `sightline analyze`. */
export function analyzeCommand(io: CliIo): Command {
  return new Command('analyze')
    .description('Analyse a video file, URL or folder of images as fast as it goes; no frame is dropped.')
    .argument('<source>', 'video file, URL or folder of images')
    .option('--jsonl <file>', 'write one JSON object per analysed frame; - is stdout')
    .option('--mot <file>', 'write tracks as MOTChallenge lines; - is stdout')
    .option('--coco <file>', 'write detections as COCO results')
    .option('--video <file>', 'write the video with boxes drawn on it, as H.264 in MP4')
    .option(
      '--fps <number>',
      'pictures analysed per second of video (default: all)',
      numberBetween(0.1, 1000),
    )
    .option('--width <px>', 'longer side of the analysed picture (default: 512)', wholeNumber(64, 1920))
    .option('--labels <list>', 'labels to report, such as person,car (default: all)', commaList)
    .option('--score-min <number>', 'lowest score that begins a track (default: 0.4)', numberBetween(0, 1))
    .option(
      '--models <entry...>',
      'detector=NAME or detector=PATH of an ONNX file, follower=NAME or follower=DIR, in place of the default ones',
    )
    .option(
      '--detect-every <n>',
      'the detector looks at each n-th picture, or adaptive; tracks are followed through the others (default: 1)',
      detectEvery,
    )
    .option(
      '--heads <list>',
      'what else is found out: mask, of each detection; text, what is written on tracks of a video (default: nothing)',
      commaList,
    )
    .option(
      '--plates <list>',
      'with --heads text, what plates look like: countries such as de, eu, or templates (default: any)',
      commaList,
    )
    .addOption(
      new Option(
        '--light <how>',
        'the light in which the detector sees pictures: as they are, or in another while that is seen to help, or always by one method',
      )
        .choices(['off', 'auto', ...LIGHT_METHODS])
        .default('off'),
    )
    .option('--no-follow', 'leave tracks to motion alone where the detector does not see them')
    .option(
      '--config <file>',
      'a sightline.yaml: the zones, lines and rules of its camera hold for this video; their events are among the lines of --jsonl',
    )
    .option('--camera <id>', 'which camera of --config (default: the only one)')
    .option('--ffmpeg-path <file>', 'FFmpeg to use')
    .action(async (source: string, flags: Flags) => {
      const { analyze } = await import('../analyze.js');
      await analyze(source, { ...flags, env: io.env });
    });
}
