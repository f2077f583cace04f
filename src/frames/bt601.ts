// ITU-R BT.601: limited-range YCbCr to full-range RGB, as detectors' pictures are prepared, too (models/prepare-detector.ts).
const CHROMA_SPAN = 255 / 224;

/** Luma of black. */
export const LUMA_BLACK = 16;
/** From black to white. */
export const LUMA_SPAN = 219;
/** Chroma of every grey. */
export const CHROMA_ZERO = 128;

/** Of luma above black (16). */
export const LUMA = 255 / LUMA_SPAN;
/** Of V above grey (128), in red. */
export const RED_V = 1.402 * CHROMA_SPAN;
/** Of U above grey, in green. */
export const GREEN_U = -0.344136 * CHROMA_SPAN;
/** The same of V. */
export const GREEN_V = -0.714136 * CHROMA_SPAN;
/** Of U above grey, in blue. */
export const BLUE_U = 1.772 * CHROMA_SPAN;
