import { z } from 'zod';

const time = z.iso.datetime();
const text = z.string();
const count = z.int().min(0);

/** The server. */
export const system = z.strictObject({
  name: z.literal('sightline'),
  version: text,
  startedAt: time,
  uptimeSeconds: count,
  node: text,
  platform: text,
  clients: count,
  lastSeq: count,
  firstSeq: count,
  processors: z.strictObject({ count, busy: z.number().min(0).max(1).optional() }),
  memory: z.strictObject({ total: count, free: count }),
  analysis: z.strictObject({ workers: count, wantedFps: z.number().min(0), fps: z.number().min(0) }),
  engine: z.strictObject({ state: text, restarts: count, reason: text.optional() }),
  ffmpeg: z.strictObject({ version: text, origin: text }).optional(),
  store: z.strictObject({
    kind: z.enum(['embedded', 'postgresql']),
    bytes: count.optional(),
    failure: text.optional(),
  }),
  pictures: z.strictObject({ bytes: count, bytesMax: z.number().min(0) }),
  recordings: z.strictObject({ bytes: count, segments: count }),
  disk: z.strictObject({ total: count, free: count, reserve: z.number().min(0) }).optional(),
  retention: z.strictObject({
    infoDays: z.number(),
    warningDays: z.number(),
    alertDays: z.number(),
    tracksDays: z.number(),
    auditDays: z.number(),
  }),
});
/** Devices on the network. */
export const discoveredList = z.strictObject({
  devices: z.array(
    z.strictObject({
      address: text,
      name: text.optional(),
      hardware: text.optional(),
      location: text.optional(),
    }),
  ),
});
/** A browser's webcam. */
export const webcam = z.strictObject({ source: text });
/** A clip that is sent. */
export const upload = z.strictObject({
  id: text,
  bytes: count,
  received: count,
  pieceBytes: count,
  clip: z
    .strictObject({
      source: text,
      codec: text,
      width: count,
      height: count,
      fps: z.number().min(0),
      durationMs: z.number().min(0).optional(),
    })
    .optional(),
});
