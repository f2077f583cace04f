import { fileURLToPath } from 'node:url';
import type { MaskHeadSource } from './load-mask-head.js';

/** The U-Net that comes with Sightline, trained by us (training/masks). */
export function defaultMaskHead(): MaskHeadSource {
  return { maskHeadPath: fileURLToPath(new URL('../../models/mask/mask.onnx', import.meta.url)) };
}
