import { Command, InvalidArgumentError } from 'commander';
import type { Box } from '../../geometry/index.js';
import type { CliIo } from '../cli-io.js';
import type { FollowOptions } from '../follow.js';
import { wholeNumber } from './arguments.js';

/** Declares `sightline follow`. */
export function followCommand(io: CliIo): Command {
  return new Command('follow')
    .description(
      'Follow what is in a box through a video or a folder of pictures, with the Siamese network alone.',
    )
    .argument('<source>', 'video file, URL or folder of pictures')
    .requiredOption(
      '--box <x,y,w,h>',
      'the box, in pixels of the source, from its top left corner',
      boxOption,
    )
    .option(
      '--from <n>',
      'number of the picture that the box is in (default: 1, the first)',
      wholeNumber(1, 1e9 - 1),
    )
    .option(
      '--model <name>',
      'name of the catalogue (models list --task follow), or a folder with the two files',
    )
    .requiredOption('--out <file>', 'CSV file: frame,x,y,w,h,confidence for each picture; - is stdout')
    .option('--ffmpeg-path <file>', 'FFmpeg to use')
    .action(async (source: string, flags: Omit<FollowOptions, 'env'>) => {
      const { follow } = await import('../follow.js');
      await follow(source, { ...flags, env: io.env });
    });
}

function boxOption(text: string): Box {
  const cells = text.split(',').map((cell) => (cell.trim() === '' ? NaN : Number(cell)));
  const [x = NaN, y = NaN, width = NaN, height = NaN] = cells;
  if (cells.length === 4 && cells.every(Number.isFinite) && width > 0 && height > 0)
    return [x, y, x + width, y + height];
  throw new InvalidArgumentError('Expected x,y,w,h: four numbers, width and height above 0.');
}
