import { z } from 'zod';

const sceneModel = z
  .strictObject({
    file: z.string().min(1).max(4096).optional().describe('An ONNX file, relative to this file'),
    name: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('In place of file: a model of sightline models list --task scene, which must be here'),
  })
  .refine(({ file, name }) => (file === undefined) !== (name === undefined), {
    error: 'give it a file or a name, and not both',
  })
  .describe('The network that looks');

/** The section `scene` of `sightline.yaml`. */
export const sceneSection = z
  .strictObject({ model: sceneModel })
  .optional()
  .describe('Zones are proposed by a network that tells road from pavement; by none where this is absent');
