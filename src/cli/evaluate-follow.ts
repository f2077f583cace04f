import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, createLog } from '../base/index.js';
import { readOtbTruth, singleObjectMetrics, type SingleObjectMetrics } from '../evaluation/index.js';
import type { Box } from '../geometry/index.js';
import { readText } from './annotations.js';
import type { CliIo } from './cli-io.js';
import { ObjectFollower } from './follow-object.js';
import { picturesOf } from './followed-pictures.js';
import { followerSource } from './follower-option.js';
import { picturesIn } from './pictures.js';
import { progressBar } from './progress.js';
import { table } from './table.js';

/** The flags of `sightline evaluate follow`. */
export interface EvaluateFollowOptions {
  readonly model?: string;
  readonly json?: true;
}

const TRUTH = 'groundtruth_rect.txt';

/** A sequence in the layout of the OTB benchmark. */
interface Sequence {
  readonly name: string;
  readonly pictures: readonly string[];
  readonly truth: readonly (Box | undefined)[];
}

/** Figures of one sequence, or means over all. */
interface Row extends SingleObjectMetrics {
  readonly name: string;
  /** Mean ms of a search: to cut the crop out, and to run the network. */
  readonly cropMs: number;
  readonly networkMs: number;
}

/**
 * `sightline evaluate follow`: follows the object of each sequence from its first box on, as the OTB benchmark does (one pass), and
 * prints success and precision.
 *
 * @param folders sequences (`img/` and `groundtruth_rect.txt`), or folders of them
 * @throws {AppError} `evaluation/no-sequences`, `evaluation/invalid-truth`, and what following throws
 */
export async function evaluateFollow(
  folders: readonly string[],
  options: EvaluateFollowOptions,
  io: CliIo,
): Promise<void> {
  const sequences = await Promise.all(folders.flatMap(sequencesIn).map(readSequence));
  const source = await followerSource(options.model, { env: io.env, log: createLog('warn') });
  const follower = await ObjectFollower.open(source);
  const bar = progressBar(
    sequences.reduce((sum, { truth }) => sum + truth.length, 0),
    'pictures',
  );
  const rows: Row[] = [];
  try {
    for (const sequence of sequences) rows.push(await measure(follower, sequence, () => bar.advance()));
  } finally {
    bar.stop();
    await follower.close();
  }
  const all = average(rows);
  io.stdout.write(
    options.json === true
      ? `${JSON.stringify({ follower: follower.version, average: all, sequences: rows }, null, 2)}\n`
      : report(follower.version, rows, all),
  );
}

function sequencesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new AppError('media/no-such-file', 'input', `${folder}: no such folder`);
  if (existsSync(path.join(folder, TRUTH))) return [folder];
  const inner = readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name))
    .filter((one) => existsSync(path.join(one, TRUTH)));
  if (inner.length > 0) return inner;
  throw new AppError(
    'evaluation/no-sequences',
    'input',
    `${folder}: neither it nor a folder in it has img/ and ${TRUTH}, as sequences of the OTB benchmark have`,
  );
}

async function readSequence(folder: string): Promise<Sequence> {
  const file = path.join(folder, TRUTH);
  const truth = readOtbTruth(await readText(file), file);
  const pictures = picturesIn(path.join(folder, 'img'));
  if (pictures.length < truth.length)
    throw new AppError(
      'evaluation/invalid-truth',
      'input',
      `${file} has ${truth.length} boxes, and img/ has ${pictures.length} pictures`,
    );
  return { name: path.basename(path.resolve(folder)), pictures: pictures.slice(0, truth.length), truth };
}

async function measure(follower: ObjectFollower, sequence: Sequence, onPicture: () => void): Promise<Row> {
  const { name, pictures, truth } = sequence;
  const boxes: Box[] = [];
  let [cropMs, networkMs] = [0, 0];
  for await (const followed of follower.follow(picturesOf(pictures), truth[0]!)) {
    if (boxes.push(followed.box) > 1) {
      cropMs += followed.cropMs;
      networkMs += followed.networkMs;
    }
    onPicture();
  }
  const searches = Math.max(1, boxes.length - 1);
  return {
    name,
    ...singleObjectMetrics(boxes, truth),
    cropMs: cropMs / searches,
    networkMs: networkMs / searches,
  };
}

function average(rows: readonly Row[]): Row {
  const mean = (key: Exclude<keyof Row, 'name' | 'frames'>) =>
    rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
  return {
    name: '(average)',
    frames: rows.reduce((sum, { frames }) => sum + frames, 0),
    auc: mean('auc'),
    success50: mean('success50'),
    precision20: mean('precision20'),
    cropMs: mean('cropMs'),
    networkMs: mean('networkMs'),
  };
}

function report(version: string, rows: readonly Row[], all: Row): string {
  const cells = ({ name, frames, auc, success50, precision20, cropMs, networkMs }: Row) => [
    name,
    String(frames),
    ...[auc, success50, precision20].map((share) => share.toFixed(3)),
    ...[cropMs, networkMs, cropMs + networkMs].map((ms) => ms.toFixed(2)),
  ];
  const head = [
    'sequence',
    'frames',
    'AUC',
    'success 0.5',
    'precision 20 px',
    'crop ms',
    'network ms',
    'ms a search',
  ];
  return `follower  ${version}\n\n${table([head, ...[...rows, all].map(cells)])}`;
}
