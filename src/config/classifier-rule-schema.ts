import { z } from 'zod';

/** The keys that rules of type `classifier` have beside those of all rules about objects. */
export const classifierRuleKeys = {
  type: z.literal('classifier'),
  classifier: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .describe('The name of a classifier of your own, as it was made by the API'),
  classes: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(21)
    .describe('Which of its answers are told: classes, or unsure'),
  confidenceMin: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Lowest probability of the answer, 0 to 1; below its own unsureBelow it is unsure anyway'),
};
