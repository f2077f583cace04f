import type { EncodedError } from '../base/index.js';
import type { SceneLook } from './look-at-scene.js';

/** What the process that looks is asked, once. */
export interface LookRequest {
  readonly modelPath: string;
  /** Files' bytes. */
  readonly pictures: readonly Uint8Array[];
}

/** What it answers, once. */
export type LookAnswer = { readonly look: SceneLook } | { readonly error: EncodedError };
