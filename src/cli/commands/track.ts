import { Command } from 'commander';
import type { Size } from '../../geometry/index.js';
import type { CliIo } from '../cli-io.js';
import type { TrackOptions } from '../track.js';
import { numberBetween, pictureSize, wholeNumber } from './arguments.js';

/** Declares `sightline track`. */
export function trackCommand(io: CliIo): Command {
  return new Command('track')
    .description('Track detections made earlier: the tracker alone, over a MOTChallenge file.')
    .requiredOption('--detections <file>', 'MOTChallenge detections: frame,-1,x,y,width,height,score')
    .requiredOption('--size <WxH>', 'size of the pictures that the boxes lie in, px', pictureSize)
    .requiredOption('--fps <number>', 'frames per second', numberBetween(0.1, 1000))
    .requiredOption('--mot <file>', 'where to write the tracks, as MOTChallenge lines')
    .option(
      '--score-min <number>',
      'lowest score that starts a track; weaker detections only continue one',
      numberBetween(0, 1),
      0.7,
    )
    .option('--repeat <number>', 'track so many times and tell the shortest time', wholeNumber(1, 1000), 1)
    .option('--json', 'print JSON')
    .action(async (options: TrackOptions & { readonly size: Size }) => {
      const { trackDetections } = await import('../track.js');
      await trackDetections(options, io);
    });
}
