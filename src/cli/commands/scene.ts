import { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { SceneFlags } from '../scene.js';
import { wholeNumber } from './arguments.js';

/** Declares `sightline scene`. */
export function sceneCommand(io: CliIo): Command {
  return new Command('scene')
    .description('Say what a camera’s picture shows where (road, pavement, …), and propose zones.')
    .argument('<source>', 'a picture, a folder of pictures, or a video, all of one camera')
    .option(
      '--model <name|file>',
      'network that segments scenes, by its name in models list --task scene or as a file; by default the first of those that are here',
    )
    .option(
      '--pictures <n>',
      'so many are looked at together, spread over a video (default: 12)',
      wholeNumber(1, 100),
    )
    .option('--out <file>', 'draw the zones over the last picture, as a .png or .jpg file')
    .option('--json', 'print JSON in place of a table')
    .option('--ffmpeg-path <file>', 'FFmpeg to use for videos')
    .action(async (source: string, flags: Omit<SceneFlags, 'env'>) => {
      const { scene } = await import('../scene.js');
      await scene(source, { ...flags, env: io.env }, io);
    });
}
