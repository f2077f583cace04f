import type { Size } from '../geometry/index.js';

/** A picture to read: full-range RGB, three bytes a pixel, row by row. Whoever holds it owns it; reading changes nothing. */
export interface TextPicture {
  readonly rgb: Uint8Array;
  readonly size: Size;
}
