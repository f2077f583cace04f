// Entry of a child process that looks at single pictures and trains classifiers: pictures of strangers are decoded here, and native code
// runs that may crash, so that control goes on without it.
import { constants, setPriority } from 'node:os';
import sharp from 'sharp';
import { AppError, encodeError, systemClock } from '../base/index.js';
import type { Box } from '../geometry/index.js';
import { defaultFollower, loadPictureNetworks } from '../inference/index.js';
import { classifierModel } from '../models/index.js';
import type { PictureAnswer, PictureRequest, PictureTasks } from './messages.js';
import {
  CHANGES,
  decodePicture,
  FEATURE_PICTURE_SIDE_PX,
  featureInputs,
  keptJpeg,
} from './object-pictures.js';
import { trainHead, type TrainingExample } from './train-head.js';

/** Pictures learnt from, changed ones included; with more examples, each is changed less often. */
const VARIANTS_MAX = 2000;
/** Less than that shows nothing. */
const EMBEDDED_SIDE_PX_MIN = 8;

type Tasks = { [Name in keyof PictureTasks]: (...args: Parameters<PictureTasks[Name]>) => Promise<ReturnType<PictureTasks[Name]>> }; // prettier-ignore

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
sharp.cache(false);
sharp.concurrency(1);
const opening = loadPictureNetworks().then((Networks) => Networks.open(defaultFollower()));
// Told to whoever asks first.
opening.catch(() => undefined);

const tasks: Tasks = {
  features: async (picture) => {
    const networks = await opening;
    const [features] = await networks.featuresOf([
      await featureInputs(await decodePicture(picture, FEATURE_PICTURE_SIDE_PX)),
    ]);
    return { features: features!, version: networks.features };
  },
  keep: (picture, box) => keptJpeg(picture, box),
  embed: async (picture, box = [0, 0, 1, 1]) => {
    const networks = await opening;
    const { rgb, size } = await decodePicture(picture);
    const { widthPx, heightPx } = size;
    if (Math.min(widthPx, heightPx) < EMBEDDED_SIDE_PX_MIN) throw tooSmall(widthPx, heightPx);
    const [x1, y1, x2, y2] = box;
    const within: Box = [x1 * widthPx, y1 * heightPx, x2 * widthPx, y2 * heightPx];
    const embedding = await networks.embeddingOf(rgb, size, within);
    return { embedding: embedding ?? new Float32Array(0), model: networks.follower };
  },
  train: async (pictures, options) => {
    const networks = await opening;
    const startedMs = systemClock.monotonicMs();
    const changes = CHANGES.slice(0, Math.max(1, Math.floor(VARIANTS_MAX / Math.max(1, pictures.length))));
    const examples: TrainingExample[] = [];
    for (const { jpeg, label, clip, track } of pictures) {
      const decoded = await decodePicture(jpeg, FEATURE_PICTURE_SIDE_PX);
      const inputs = await Promise.all(changes.map((change) => featureInputs(decoded, change)));
      examples.push({ label, clip, track, variants: await networks.featuresOf(inputs) });
    }
    const { head, report } = trainHead(examples, { ...options, features: networks.features });
    const seconds = Math.round((systemClock.monotonicMs() - startedMs) / 10) / 100;
    return { head, report: { ...report, seconds } };
  },
  toOnnx: async (head, facts) => {
    const networks = await opening;
    if (head.features !== networks.features) throw otherFeatures(head.features, networks.features);
    return classifierModel(networks.model, head, facts);
  },
};

process.on('message', ({ id, task, args }: PictureRequest) => {
  const run = tasks[task] as (...all: readonly unknown[]) => Promise<unknown>;
  const send = (answer: PictureAnswer) => process.connected && process.send?.(answer);
  run(...args).then(
    (value) => send({ id, value }),
    (error: unknown) => send({ id, error: encodeError(error) }),
  );
});
// However control ended.
process.on('disconnect', () => process.exit(0));

function tooSmall(widthPx: number, heightPx: number): AppError {
  return new AppError(
    'classifier/bad-picture',
    'input',
    `the picture has ${widthPx} × ${heightPx} pixels: send one of at least ${EMBEDDED_SIDE_PX_MIN} × ${EMBEDDED_SIDE_PX_MIN}`,
  );
}

function otherFeatures(trained: string, now: string): AppError {
  return new AppError(
    'classifier/outdated',
    'conflict',
    `it was trained on features of ${trained}, and this server has ${now}: train it again`,
  );
}
