import { systemClock } from '../base/index.js';
import type { Detection } from '../geometry/index.js';
import { prepareDetector, type DetectOptions, type DetectorDescription } from '../models/index.js';
import { Detector } from './detector.js';
import { feedsOf, type Picture } from './picture.js';
import { openSession } from './session.js';

const WARMUP_RUNS = 3;

/** What runs of two models took, in pairs. */
export interface PairedTiming {
  /** Median ms of a run of the first and of the second. */
  readonly baseMs: number;
  readonly otherMs: number;
  /** Median over the pairs of how many times as fast the second is. */
  readonly ratio: number;
}

/**
 * Times two models of one description against each other, on this thread: their runs alternate, so that whatever else the machine
 * does meets both alike.
 *
 * @throws {AppError} `model/invalid` when the runtime cannot load one
 */
export async function timePaired(
  base: Uint8Array,
  other: Uint8Array,
  description: DetectorDescription,
  picture: Picture,
  pairs: number,
): Promise<PairedTiming> {
  const feeds = feedsOf(picture, description.input);
  const runs = await Promise.all(
    [base, other].map(async (model) => {
      const session = await openSession(prepareDetector(model, description));
      let outputs = await session.run(feeds);
      for (let i = 1; i < WARMUP_RUNS; i++) outputs = await session.run(feeds, outputs);
      return { session, outputs, ms: [] as number[] };
    }),
  );
  for (let pair = 0; pair < pairs; pair++)
    for (const { session, outputs, ms } of runs) {
      const startedMs = systemClock.monotonicMs();
      await session.run(feeds, outputs);
      ms.push(systemClock.monotonicMs() - startedMs);
    }
  const [first, second] = runs.map(({ ms }) => ms);
  for (const { session } of runs) await session.release();
  return {
    baseMs: median(first!),
    otherMs: median(second!),
    ratio: median(first!.map((ms, pair) => ms / second![pair]!)),
  };
}

/**
 * What a model finds in pictures, in source pixels.
 * @throws {AppError} `model/invalid`, `model/output-shape`
 */
export async function detectInPictures(
  model: Uint8Array,
  description: DetectorDescription,
  pictures: readonly Picture[],
  options: DetectOptions,
  onPicture?: () => void,
): Promise<Detection[][]> {
  const detector = await Detector.open(prepareDetector(model, description), description, {
    provider: 'cpu',
    isRequired: true,
  });
  const found: Detection[][] = [];
  for (const { memory, frame, placed } of pictures) {
    const { detections } = await detector.detect({ memory, byteOffset: 0, frame, placed, options });
    found.push(detections);
    onPicture?.();
  }
  return found;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
