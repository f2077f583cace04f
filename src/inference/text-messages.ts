import type { EncodedError } from '../base/index.js';
import type { FourPoints } from '../geometry/index.js';
import type { ReadCharacter, TextPicture } from '../reading/index.js';
import type { TextModelFiles } from './load-text-models.js';

/** How a picture is read. */
export interface ReadOptions {
  /** Longer side of the picture in which text is looked for, px; 960 by default. */
  readonly longSidePx?: number;
  /** Reads plates of these patterns (see `platePatterns`), the likeliest first; without, all text. Empty: plates of any pattern. */
  readonly plates?: readonly string[];
  /** Lines that are less sure are left out, 0..1; 0.5 by default. */
  readonly confidenceMin?: number;
  /** The picture is one line of text: none is looked for. For all text. */
  readonly isLine?: boolean;
  /** Words that the lines are expected to be; for all text. */
  readonly lexicon?: readonly string[];
}

/** A picture to read. */
export interface ReadJob {
  readonly picture: TextPicture;
  readonly options: ReadOptions;
}

/** A line of text in a picture. */
export interface TextRead {
  readonly value: string;
  /** Mean over its characters, 0..1. */
  readonly confidence: number;
  /** Corners in the picture's pixels, from where the line begins, along it. */
  readonly polygon: FourPoints;
  readonly characters: readonly ReadCharacter[];
  /** Of plates: whether it fits one of the patterns that were asked for. */
  readonly fitsPattern?: boolean;
}

/** What stands in a picture, and what it took, ms. */
export interface ReadResult {
  /** From top to bottom; of plates, the likeliest first. */
  readonly texts: readonly TextRead[];
  readonly detectMs: number;
  readonly recogniseMs: number;
  /** Lines that the recogniser looked at, again ones included. */
  readonly lines: number;
}

/** What a text worker is started with. */
export interface TextWorkerSetup {
  readonly files: TextModelFiles;
  readonly graphCacheDir?: string;
}

/** Pool to worker; each `read` is answered by `read` or `failed`. */
export type ToTextWorker =
  { readonly type: 'read'; readonly id: number; readonly job: ReadJob } | { readonly type: 'close' };

/** Worker to pool; `ready` or `refused` first of all. */
export type FromTextWorker =
  | { readonly type: 'ready'; readonly version: string }
  | { readonly type: 'refused'; readonly error: EncodedError }
  | { readonly type: 'read'; readonly id: number; readonly result: ReadResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: EncodedError };
