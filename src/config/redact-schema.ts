import { z } from 'zod';

/** Who sees a camera's people only covered up. */
export const redact = z
  .strictObject({
    labels: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(16)
      .default(['person'])
      .describe('What is covered, by the labels of the detector of this camera; [person] by default'),
    fill: z
      .enum(['black', 'blur', 'pixelate'])
      .default('black')
      .describe('What is seen instead: black, or a few soft or square patches of colour'),
    shape: z
      .enum(['box', 'outline'])
      .default('box')
      .describe(
        'How much is covered: the box around each, which leaves least to be seen, or its outline, which leaves more of the scene',
      ),
    plainFor: z
      .enum(['operator', 'admin'])
      .default('admin')
      .describe('The least role that sees pictures as they are; everyone below sees them covered'),
  })
  .optional()
  .describe(
    'Covers people, or other things, in live view, pictures and clips for those of lesser roles. Without it, whoever may see the camera sees all of it',
  );

/** As {@link redact} reads it. */
export type RedactConfig = Readonly<NonNullable<z.output<typeof redact>>>;
