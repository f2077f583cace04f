import { z } from 'zod';
import { CAMERA_FAULTS } from '../../frames/index.js';
import { CAMERA_DROPS, CAMERA_STAGES } from '../stages-view.js';

// What the routes about cameras answer.

const time = z.iso.datetime();
const text = z.string();
const count = z.int().min(0);

/** A camera. */
export const camera = z.strictObject({
  id: text,
  source: text,
  state: text,
  since: time,
  reason: text.optional(),
  codec: text.optional(),
  width: count.optional(),
  height: count.optional(),
  fps: z.number().optional(),
  analysedFps: z.number().optional(),
  transcoded: z.boolean(),
  masked: z.literal(true).optional(),
  redacted: z.literal(true).optional(),
  reconnects: count,
  health: z.strictObject({
    state: z.enum(['learning', 'good', 'faulty']),
    faults: z.array(z.strictObject({ fault: z.enum(CAMERA_FAULTS), since: time })),
  }),
  light: z
    .strictObject({
      regime: text,
      meanLuma: z.number(),
      normalised: z.boolean(),
      trial: z.strictObject({ method: text, samples: z.number(), gain: z.number() }).optional(),
    })
    .optional(),
  recording: z
    .strictObject({ state: z.enum(['waiting', 'recording', 'paused']), reason: text.optional() })
    .optional(),
});
/** Where the time of a camera's frames goes. */
export const cameraStages = z.strictObject({
  windowSeconds: count,
  windows: z.array(
    z.strictObject({
      from: time,
      stages: z.partialRecord(
        z.enum(CAMERA_STAGES),
        z.strictObject({ p50Ms: z.number().min(0), p95Ms: z.number().min(0) }),
      ),
      frames: z.strictObject({ received: count, decoded: count, skipped: count, analysed: count }),
      dropped: z.partialRecord(z.enum(CAMERA_DROPS), count),
    }),
  ),
});
/** All cameras, and whether their pictures are analysed. */
export const cameraList = z.strictObject({
  cameras: z.array(camera),
  engine: z
    .strictObject({
      state: z.enum(['starting', 'loading', 'ready', 'restarting', 'stopped']),
      since: time,
      reason: text.optional(),
    })
    .optional(),
});
/** What came of trying a source. */
export const cameraTest = z.strictObject({
  source: text,
  state: text,
  reason: text.optional(),
  codec: text.optional(),
  width: count.optional(),
  height: count.optional(),
  fps: z.number().min(0).optional(),
  transcoded: z.boolean().optional(),
  firstPictureMs: z.number().min(0).optional(),
  picture: text.optional(),
});
/** Zones that are proposed. */
export const scene = z.strictObject({
  camera: text,
  lookedAt: time,
  model: text,
  pictures: count,
  width: count,
  height: count,
  classes: z.array(z.strictObject({ class: text, share: z.number().min(0).max(1) })),
  proposals: z.array(
    z.strictObject({
      class: text,
      polygon: z
        .array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]))
        .min(3)
        .max(64),
      share: z.number().min(0).max(1),
      confidence: z.number().min(0).max(1),
    }),
  ),
});
/** What follows a box. */
export const followed = z.strictObject({ id: text, number: count });
