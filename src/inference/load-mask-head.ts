import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../base/index.js';
import { checkModel, type TensorDescription } from '../models/index.js';
import { ofModel, readModelFile } from './load-model.js';

/** The file of a mask head. */
export interface MaskHeadSource {
  readonly maskHeadPath: string;
}

/** A mask head that was read and checked. */
export interface LoadedMaskHead {
  /** `name@sha256:` and the first 12 hex digits of the file's hash. */
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** Names of its tensors. */
export const MASK_TENSORS = { crop: 'crop', mask: 'mask' } as const;
/** Pixels of a crop to one cell of its mask, in each direction. */
export const MASK_STRIDE_PX = 2;

/**
 * Reads a mask head: `crop` float32 [N, 3, H, W], RGB 0..255, to `mask` float32 [N, 1, H/2, W/2], 0..1.
 * @throws {AppError} `model/*`, naming the file
 */
export async function loadMaskHead({ maskHeadPath }: MaskHeadSource): Promise<LoadedMaskHead> {
  const bytes = await readModelFile(maskHeadPath);
  try {
    const { inputs, outputs, metadata } = checkModel(bytes);
    const fits =
      inputs.length === 1 && is(inputs[0], MASK_TENSORS.crop, 3) && is(outputs[0], MASK_TENSORS.mask, 1);
    if (!fits)
      throw new AppError(
        'model/shape',
        'input',
        `This is no mask head: crop float [n, 3, h, w] to mask float [n, 1, h, w] is needed, and it has ${list(inputs)} to ${list(outputs)}.`,
      );
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    return {
      version: `${metadata['sightline.name'] ?? path.basename(maskHeadPath, '.onnx')}@sha256:${hash}`,
      bytes,
    };
  } catch (error) {
    throw ofModel(maskHeadPath, error);
  }
}

function is(tensor: TensorDescription | undefined, name: string, channels: number): boolean {
  return (
    tensor?.name === name &&
    tensor.type === 'float' &&
    tensor.dims.length === 4 &&
    tensor.dims[1] === channels
  );
}

function list(tensors: readonly TensorDescription[]): string {
  return (
    tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join(', ') || 'nothing'
  );
}
