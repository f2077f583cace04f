import { z } from 'zod';
import { AppError } from '../base/index.js';
import { COLOURS } from '../frames/index.js';
import { cameraId } from './query.js';

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, {
  error: 'begin with a small letter or digit, then at most 62 of a-z, 0-9, _ and -',
});
const printable = z.string().regex(/^[^\p{C}]{1,64}$/u, { error: 'give it 1 to 64 printable characters' });
const id = z.string().min(1).max(200);
const share = z.number().min(0).max(1);
const labels = z.array(printable).min(1).max(100);
const cameras = z.array(cameraId).min(1).max(1000);
const unsureBelow = share.describe('Least probability of an answer; below, it is unsure');
const box = z
  .tuple([share, share, share, share])
  .refine(([x1, y1, x2, y2]) => x2 > x1 && y2 > y1, { error: 'it is [left, top, right, bottom]' })
  .describe('Of the object, [x1, y1, x2, y2] as shares of the picture');
/** A picture within JSON; bodies have 1 MiB at most. */
const picture = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, { error: 'give the bytes of the file as base64' })
  .describe('A JPEG, PNG or WebP as base64');

/** Body of `POST classifiers`. */
export const newClassifierBody = z.strictObject({
  name,
  classes: z.array(printable).min(2).max(20),
  labels: labels.optional(),
  cameras: cameras.optional(),
  unsureBelow: unsureBelow.default(0.7),
});
/** Body of `PATCH classifiers/:name`; null is all. */
export const classifierChangeBody = z.strictObject({
  labels: labels.nullable().optional(),
  cameras: cameras.nullable().optional(),
  unsureBelow: unsureBelow.optional(),
});
/** Body of `POST classifiers/:name/examples`: one of `track`, `event` and `picture`. */
export const newExampleBody = z
  .strictObject({
    class: printable,
    track: id.optional(),
    event: id.optional(),
    picture: picture.optional(),
    clip: printable.optional().describe('Of a picture: what else comes from the same clip has the same'),
    box: box.optional(),
  })
  .refine(
    ({ track, event, picture: sent }) => [track, event, sent].filter((one) => one !== undefined).length === 1,
    {
      error: 'give one of track, event and picture',
    },
  );
/** Body of `POST classifiers/:name/feedback`. */
export const feedbackBody = z.strictObject({
  track: id,
  class: printable.optional().describe('What it is; absent: it is not what was said'),
});
/** Body of `PUT classifiers/:name/active`; null: none. */
export const activeBody = z.strictObject({ version: z.int().min(1).nullable() });
/** Body of `POST search/similar`. */
export const pictureSearchBody = z.strictObject({
  picture,
  box: box.optional(),
  camera: z.array(cameraId).min(1).max(100).optional(),
  label: printable.optional(),
  zone: printable.optional(),
  colour: z.enum(COLOURS).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  distinct: z.boolean().default(false),
  limit: z.int().min(1).max(100).default(20),
});

/** The bytes of base64. @throws {AppError} `server/invalid-body` for none */
export function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > 0) return bytes;
  throw new AppError(
    'server/invalid-body',
    'input',
    '"picture" is empty: give the bytes of the file as base64',
  );
}
