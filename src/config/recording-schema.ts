import { z } from 'zod';

/** What is recorded of a camera. */
export const record = z
  .strictObject({
    mode: z
      .enum(['off', 'continuous', 'events', 'tracks'])
      .default('off')
      .describe(
        'What is recorded: nothing, everything, the time around events of rules, or around every tracked object',
      ),
    preRollSeconds: z
      .number()
      .min(0)
      .max(60)
      .default(5)
      .describe('Seconds before an event that are recorded too, from memory, 0 to 60'),
    postRollSeconds: z
      .number()
      .min(0)
      .max(3600)
      .default(10)
      .describe('Seconds after the end of an event that are recorded too, 0 to 3600'),
    segmentSeconds: z
      .number()
      .min(2)
      .max(600)
      .default(60)
      .describe('A file ends at the first keyframe after so many seconds, 2 to 600'),
    keepHours: z
      .number()
      .min(0.01)
      .max(87_600)
      .default(72)
      .describe('Recordings without an event are deleted after so many hours'),
    keepEventHours: z
      .number()
      .min(0.01)
      .max(87_600)
      .default(336)
      .describe('Recordings of events are deleted after so many hours'),
    maxGb: z
      .number()
      .min(0.001)
      .optional()
      .describe('Most that this camera may keep, GB; its oldest recordings are deleted first'),
  })
  .describe('What is recorded of this camera, and how long it is kept');

/** Where recordings are kept. */
export const recording = z
  .strictObject({
    dir: z
      .string()
      .min(1)
      .optional()
      .describe('Folder of the recordings, relative to this file; recordings within data.dir by default'),
    reserveGb: z
      .number()
      .min(0)
      .optional()
      .describe(
        'Space kept free on the disk, GB: the oldest recordings are deleted for it. By default a twentieth of the disk, at most 5',
      ),
    cold: z
      .strictObject({
        dir: z.string().min(1).describe('Folder that older recordings are moved to, relative to this file'),
        afterHours: z
          .number()
          .min(0.01)
          .max(87_600)
          .default(24)
          .describe('Recordings are moved after so many hours, or sooner where the first folder lacks space'),
      })
      .optional()
      .describe('A second, larger place for older recordings'),
  })
  .prefault({})
  .describe('Where recordings are kept');
