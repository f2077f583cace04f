import { AppError, createLog } from '../base/index.js';
import type { Environment } from '../config/index.js';
import type { Box } from '../geometry/index.js';
import { LineSink } from './analyze-writers.js';
import { ObjectFollower } from './follow-object.js';
import { followedPictures, type FollowedPicture } from './followed-pictures.js';
import { followerSource } from './follower-option.js';
import { progressBar } from './progress.js';
import { kindOfSource } from './sources.js';

/** The flags of `sightline follow`, and the environment. */
export interface FollowOptions {
  readonly box: Box;
  /** Number of the picture that `box` is in, from 1. */
  readonly from?: number;
  readonly model?: string;
  /** CSV file; `-` is stdout. */
  readonly out: string;
  readonly ffmpegPath?: string;
  readonly env: Environment;
}

/**
 * `sightline follow`: follows what is in a box of a video, or of a folder of pictures, with the Siamese network alone, and writes a
 * CSV line for each picture.
 *
 * @throws {AppError} for a source that is not there or shorter than `from`, for a box outside of it, and for files that are no follower
 */
export async function follow(source: string, options: FollowOptions): Promise<void> {
  const { box, from = 1, model, out, env, ffmpegPath } = options;
  kindOfSource(source);
  const follower = await ObjectFollower.open(await followerSource(model, { env, log: createLog('warn') }));
  const bar = progressBar(undefined, 'pictures');
  let sink: LineSink | undefined;
  let frame = from;
  try {
    const pictures = startingWith(from, box, followedPictures(source, { env, ffmpegPath }));
    for await (const {
      box: [x1, y1, x2, y2],
      confidence,
    } of follower.follow(pictures, box)) {
      sink ??= openSink(out);
      const sides = [x1, y1, x2 - x1, y2 - y1].map((side) => Number(side.toFixed(2)));
      sink.write([frame++, ...sides, Number(confidence.toFixed(4))].join(','));
      bar.advance();
    }
  } finally {
    bar.stop();
    await sink?.close();
    await follower.close();
  }
  if (frame === from)
    throw new AppError('cli/too-few-pictures', 'input', `--from ${from}: ${source} has fewer pictures`);
}

function openSink(out: string): LineSink {
  const sink = new LineSink(out);
  sink.write('frame,x,y,w,h,confidence');
  return sink;
}

async function* startingWith(
  from: number,
  box: Box,
  pictures: AsyncIterable<FollowedPicture>,
): AsyncGenerator<FollowedPicture, void, undefined> {
  let number = 0;
  for await (const picture of pictures) {
    if (++number === from) checkBox(box, picture);
    if (number >= from) yield picture;
  }
}

function checkBox([x1, y1, x2, y2]: Box, { frame: { widthPx, heightPx } }: FollowedPicture): void {
  if (x1 < widthPx && y1 < heightPx && x2 > 0 && y2 > 0) return;
  throw new AppError(
    'cli/bad-box',
    'input',
    `--box ${[x1, y1, x2 - x1, y2 - y1].join(',')} lies outside of the ${widthPx}×${heightPx} picture`,
  );
}
