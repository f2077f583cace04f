import { z } from 'zod';
import { AppError, messageOf } from '../../base/index.js';

/** Most nodes that a graph may have. */
const NODES_MAX = 100_000;

/** Protocol buffers write 64-bit integers as strings. */
const integer = z.union([z.string().regex(/^-?\d{1,19}$/), z.number().int()]);
/** Base64; some converters write the bytes as a list. */
const bytes = z.union([
  z.string(),
  z.array(z.number().int().min(0).max(255)).transform((list) => Buffer.from(list).toString('base64')),
]);

const attribute = z.object({
  i: integer.exactOptional(),
  // Infinity and NaN are written as strings.
  f: z.union([z.number(), z.string()]).transform(Number).exactOptional(),
  b: z.boolean().exactOptional(),
  s: bytes.exactOptional(),
  type: z.union([z.string(), z.number()]).transform(String).exactOptional(),
  list: z.object({ i: z.array(integer).exactOptional(), s: z.array(bytes).exactOptional() }).exactOptional(),
  shape: z
    .object({ dim: z.array(z.object({ size: integer.exactOptional() })).exactOptional() })
    .exactOptional(),
});

const node = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).exactOptional(),
  attr: z.record(z.string(), attribute).exactOptional(),
});

const weight = z.object({
  name: z.string().min(1),
  shape: z.array(z.number().int().nonnegative()).max(8),
  dtype: z.string(),
  quantization: z
    .object({ dtype: z.string(), scale: z.number().exactOptional(), min: z.number().exactOptional() })
    .exactOptional(),
});

const tensors = z.record(z.string(), z.object({ name: z.string() }));
const signature = z.object({ inputs: tensors.exactOptional(), outputs: tensors.exactOptional() });

const modelJson = z.object({
  signature: signature.exactOptional(),
  userDefinedMetadata: z.object({ signature: signature.exactOptional() }).exactOptional(),
  modelTopology: z.object({ node: z.array(node).min(1).max(NODES_MAX) }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()).min(1), weights: z.array(weight) })),
});

/** A `model.json` whose form is right; what it says may still be wrong. */
export type ModelJson = z.output<typeof modelJson>;

/**
 * Reads the text of a TF.js graph model's `model.json`.
 *
 * @throws {AppError} `model/import-invalid`, naming the first key that is wrong; `model/import-unsupported` for a layers model
 */
export function parseModelJson(json: string): ModelJson {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    throw new AppError('model/import-invalid', 'input', `model.json is not JSON: ${messageOf(error)}`);
  }
  const head = z
    .object({
      format: z.string().optional(),
      modelTopology: z.looseObject({ model_config: z.unknown().optional() }).optional(),
    })
    .safeParse(content);
  if (head.data?.format === 'layers-model' || head.data?.modelTopology?.model_config !== undefined)
    throw new AppError(
      'model/import-unsupported',
      'input',
      'model.json is a TF.js layers model (layers-model, as Keras writes them), which lists layers and no operators. ' +
        'Convert it first: tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model.',
    );
  const parsed = modelJson.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const key = issue.path.join('.') || 'the whole';
  throw damaged(
    `it is no TF.js graph model (format ${head.data?.format ?? 'unstated'}): ${key}: ${issue.message}`,
  );
}

/** The error for a model.json that contradicts itself. */
export function damaged(why: string): AppError {
  return new AppError(
    'model/import-invalid',
    'input',
    `model.json cannot be imported: ${why}. Download or export the model again.`,
  );
}
