import { writeFile } from 'node:fs/promises';
import { AppError, messageOf, systemClock } from '../base/index.js';
import { readMotRows, type MotRow } from '../evaluation/index.js';
import type { Detection, Size } from '../geometry/index.js';
import { Tracker, type TrackerOptions } from '../tracking/index.js';
import { naming, readText } from './annotations.js';
import type { CliIo } from './cli-io.js';
import { MotTracks } from './mot-tracks.js';
import { table } from './table.js';

/** The flags of `sightline track`. */
export interface TrackOptions {
  readonly detections: string;
  readonly size: Size;
  readonly fps: number;
  readonly mot: string;
  readonly scoreMin: number;
  /** Times to track; the shortest is told. */
  readonly repeat: number;
  readonly json?: true;
}

/** Files of detections name no label. */
const LABEL = 'object';
/** The score in files that have none. */
const NO_SCORE = -1;
/** After so long without a detection, the next one is awaited without counting frames. */
const QUIET_SECONDS = 5;

/**
 * `sightline track`: takes MOTChallenge detections through the tracker alone, frame by frame as a camera would, and writes
 * MOTChallenge tracks.
 *
 * @throws {AppError} `cli/unreadable-file`, `cli/unwritable-file`, `evaluation/invalid-tracks`
 */
export async function trackDetections(options: TrackOptions, io: CliIo): Promise<void> {
  const text = await readText(options.detections);
  const rows = naming(options.detections, () => readMotRows(text));
  const rounds = Array.from({ length: options.repeat }, () => trackRows(rows, options));
  const { tracks, frames } = rounds.at(-1)!;
  const trackMs = Math.min(...rounds.map((round) => round.trackMs));
  await write(options.mot, tracks.lines());
  const told = {
    frames,
    tracks: tracks.count,
    trackMs: Number(trackMs.toFixed(2)),
    fps: Math.round((frames * 1000) / Math.max(trackMs, 1e-3)),
  };
  io.stdout.write(
    options.json === true
      ? `${JSON.stringify(told)}\n`
      : table([
          ['frames', String(told.frames)],
          ['tracks', String(told.tracks)],
          ['time in the tracker', `${told.trackMs} ms, ${told.fps} frames/s`],
        ]),
  );
}

/** Tracks detections frame by frame. `trackMs` is the time in the tracker alone. */
function trackRows(
  rows: readonly MotRow[],
  {
    fps,
    size,
    scoreMin,
    tuning = {},
  }: Pick<TrackOptions, 'fps' | 'size' | 'scoreMin'> & Pick<TrackerOptions, 'tuning'>,
): { readonly tracks: MotTracks; readonly frames: number; readonly trackMs: number } {
  const found = detectionsByFrame(rows);
  const numbers = [...frameNumbers([...found.keys()], fps)];
  const tracker = new Tracker({ frame: size, startScoreMin: scoreMin, tuning });
  const tracks = new MotTracks();
  let trackMs = 0;
  for (const number of numbers) {
    const timeMs = ((number - 1) * 1000) / fps;
    const startedMs = systemClock.monotonicMs();
    const step = tracker.update(found.get(number) ?? [], timeMs);
    trackMs += systemClock.monotonicMs() - startedMs;
    tracks.add(number, timeMs, step);
  }
  return { tracks, frames: numbers.length, trackMs };
}

function detectionsByFrame(rows: readonly MotRow[]): Map<number, Detection[]> {
  const isScored = rows.some(({ score }) => score !== NO_SCORE);
  const frames = new Map<number, Detection[]>();
  for (const { frame, box, score } of rows) {
    const detection = { label: LABEL, box, score: isScored ? Math.min(1, Math.max(0, score)) : 1 };
    const detections = frames.get(frame);
    if (detections === undefined) frames.set(frame, [detection]);
    else detections.push(detection);
  }
  return frames;
}

/** The frames to go through: all to the last one named, but of long stretches without detections only the beginning. */
function* frameNumbers(named: readonly number[], fps: number): Iterable<number> {
  const sorted = [...named].sort((a, b) => a - b);
  const quiet = Math.ceil(QUIET_SECONDS * fps);
  let next = 1;
  for (const number of sorted) {
    for (const until = Math.min(number, next + quiet); next < until; next++) yield next;
    yield number;
    next = number + 1;
  }
}

async function write(file: string, lines: readonly string[]): Promise<void> {
  try {
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    throw new AppError('cli/unwritable-file', 'input', `cannot write --mot ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
