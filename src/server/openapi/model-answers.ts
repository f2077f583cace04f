import { z } from 'zod';

const text = z.string();
const count = z.int().min(0);
const ms = z.number().min(0);

/** A detector in use. */
export const model = z.strictObject({
  id: text,
  state: z.enum(['loading', 'ready', 'failed', 'old']),
  cameras: z.array(text),
  model: text.optional(),
  family: text.optional(),
  precision: z.enum(['float32', 'float16', 'int8']).optional(),
  provider: text.optional(),
  input: z
    .union([z.strictObject({ width: count, height: count }), z.strictObject({ multipleOf: count })])
    .optional(),
  labels: z.array(text).optional(),
  catalogue: text.optional(),
  licence: text.optional(),
  speed: z.strictObject({ pictures: count, window: count, p50Ms: ms, p95Ms: ms }).optional(),
  fallbacks: z.array(z.strictObject({ provider: text, reason: text })).optional(),
  reason: text.optional(),
});

/** A pull of a model. */
export const modelPull = z.strictObject({
  state: z.enum(['running', 'done', 'failed']),
  bytes: count,
  totalBytes: count.optional(),
  reason: text.optional(),
});

/** Detectors in use, and the catalogue. */
export const modelList = z.strictObject({
  models: z.array(model),
  catalogue: z.array(
    z.strictObject({
      name: text,
      task: z.enum(['detect', 'scene', 'follow', 'embed', 'read', 'light']),
      family: text,
      licence: text,
      isPermissive: z.boolean(),
      origin: text,
      note: text.optional(),
      input: text,
      cocoAp: z.number().min(0).max(1).optional(),
      cocoApSource: text.optional(),
      megabytes: z.number().min(0).optional(),
      presence: z.enum(['built in', 'yes', 'no', 'damaged', 'unverifiable']),
      pull: modelPull.optional(),
    }),
  ),
});
