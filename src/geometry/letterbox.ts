import { clipBox, type Box, type Size } from './box.js';

/**
 * How a source frame was placed into a model's input: scaled by `scaleX`/`scaleY` (equal but for rounding, unless it is stretched)
 * and set with its top left corner at (`padX`, `padY`), all in input pixels.
 */
export interface Letterbox {
  readonly source: Size;
  readonly input: Size;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly padX: number;
  readonly padY: number;
}

/** Maps a box from input pixels back to source pixels, clipped to the source frame. */
export function toSourceBox(box: Box, placed: Letterbox): Box {
  return clipBox(
    [
      (box[0] - placed.padX) / placed.scaleX,
      (box[1] - placed.padY) / placed.scaleY,
      (box[2] - placed.padX) / placed.scaleX,
      (box[3] - placed.padY) / placed.scaleY,
    ],
    placed.source,
  );
}

/**
 * The size at which a source is analysed: its aspect kept, its longer side at most `longSidePx`, both sides
 * even (chroma is subsampled), and the input around it rounded up to multiples of `stridePx`.
 */
export function analysisSize(
  source: Size,
  longSidePx: number,
  stridePx: number,
): { frame: Size; input: Size } {
  const scale = longSidePx / Math.max(source.widthPx, source.heightPx);
  const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);
  const frame = { widthPx: even(source.widthPx * scale), heightPx: even(source.heightPx * scale) };
  const up = (value: number) => Math.ceil(value / stridePx) * stridePx;
  return { frame, input: { widthPx: up(frame.widthPx), heightPx: up(frame.heightPx) } };
}

/** The placement of a `frame`-sized picture of `source` in `input`: in its middle, or in its top left corner. */
export function letterbox(
  source: Size,
  frame: Size,
  input: Size,
  anchor: 'centre' | 'top-left' = 'centre',
): Letterbox {
  const pad = (room: number) => (anchor === 'centre' ? Math.floor(room / 4) * 2 : 0);
  return {
    source,
    input,
    scaleX: frame.widthPx / source.widthPx,
    scaleY: frame.heightPx / source.heightPx,
    padX: pad(input.widthPx - frame.widthPx),
    padY: pad(input.heightPx - frame.heightPx),
  };
}
