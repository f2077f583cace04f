import { AppError, messageOf, type Clock, type Log } from '../base/index.js';
import { lastJpeg, snapshotArguments, startFfmpeg, type Ffmpeg } from '../media/index.js';
import type { Fragment, StreamInfo } from './types.js';

/** The picture itself may be lost; that of these newest ones which can be decoded and is shown last is taken. */
const NEWEST_COUNT = 3;

/** What to take a picture of. */
export interface TakePictureOptions {
  /** Its id, for the log and messages. */
  readonly camera: string;
  readonly stream: StreamInfo;
  /** Of the stream, from a keyframe on, at least one; as they arrived. */
  readonly fragments: readonly Fragment[];
  /** As in `SnapshotOptions` of media/. */
  readonly widthPx?: number;
  readonly timeoutMs: number;
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Decodes compressed frames and gives the one that is shown last as a JPEG, with one FFmpeg of its own.
 * @throws {AppError} `ingest/picture-failed`, `ingest/picture-timeout`
 */
export async function takePicture(options: TakePictureOptions): Promise<Buffer> {
  const { camera, stream, fragments, widthPx, timeoutMs, ffmpeg, clock, log } = options;
  const newest = fragments.map(({ ptsTicks }) => ptsTicks).sort((a, b) => b - a);
  const fromTicks = newest.slice(0, NEWEST_COUNT).at(-1) ?? 0;
  const child = startFfmpeg({
    ffmpeg,
    args: snapshotArguments(ffmpeg, { fromTicks, ...(widthPx === undefined ? {} : { widthPx }) }),
    stdin: 'pipe',
    log,
    name: `${camera} snapshot`,
  });
  let isLate = false;
  const timer = clock.after(timeoutMs, () => {
    isLate = true;
    void child.stop();
  });
  const chunks: Buffer[] = [];
  const drained = new Promise<void>((resolve) => child.stdout.once('close', resolve));
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin?.on('error', (error) =>
    log.debug({ camera, cause: messageOf(error) }, 'snapshot input closed'),
  );
  child.stdin?.write(stream.initSegment);
  for (const { bytes } of fragments) child.stdin?.write(bytes);
  child.stdin?.end();
  await Promise.all([child.exited, drained]);
  timer.cancel();
  if (isLate) {
    const message = `no picture of camera ${camera} could be made in ${timeoutMs} ms: the machine is busy; try again`;
    throw new AppError('ingest/picture-timeout', 'timeout', message);
  }
  const picture = lastJpeg(Buffer.concat(chunks));
  if (picture !== undefined) return picture;
  const message = `the newest picture of camera ${camera} cannot be decoded; try again`;
  throw new AppError('ingest/picture-failed', 'unavailable', message);
}
