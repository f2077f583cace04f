import * as ort from 'onnxruntime-node';
import { i420Bytes, placeI420, Relighter, type Relighting } from '../frames/index.js';
import type { Letterbox, Size } from '../geometry/index.js';
import { PLANES } from '../models/index.js';

/** Pictures of one size as the inputs of a prepared model, in memory that is used again for the next ones. */
export class PicturePlanes {
  readonly size: Size;
  readonly count: number;
  /** Views of the memory. */
  readonly feeds: ort.InferenceSession.OnnxValueMapType;
  /** All pictures' luma, then all their U, then all their V. */
  readonly #planes: Uint8Array;
  /** One picture, where they do not lie in one piece. */
  readonly #scratch: Uint8Array | undefined;
  #relighter: Relighter | undefined;

  constructor(size: Size, count: number) {
    this.size = size;
    this.count = count;
    this.#planes = new Uint8Array(i420Bytes(size) * count);
    this.#scratch = count === 1 ? undefined : new Uint8Array(i420Bytes(size));
    this.feeds = planeTensors(this.#planes, size, count);
  }

  /** Sets one of the pictures, `index` from 0, in another light where one is given; see `placeI420`. */
  place(
    index: number,
    picture: Uint8Array,
    frame: Size,
    placed: Letterbox,
    border: number,
    light?: Relighting,
  ): void {
    const scratch = this.#scratch;
    const own = scratch ?? this.#planes;
    placeI420(picture, frame, placed, border, own);
    if (light !== undefined) {
      const { input, padX, padY } = placed;
      (this.#relighter ??= new Relighter()).apply(own, { input, frame, padX, padY }, light);
    }
    if (scratch === undefined) return;
    const lumaBytes = this.size.widthPx * this.size.heightPx;
    let from = 0;
    let to = 0;
    for (const bytes of [lumaBytes, lumaBytes / 4, lumaBytes / 4]) {
      this.#planes.set(scratch.subarray(from, from + bytes), to + index * bytes);
      from += bytes;
      to += bytes * this.count;
    }
  }
}

/** The inputs of a prepared model as views of `count` I420 pictures, plane by plane: all luma, all U, all V. */
export function planeTensors(
  planes: Uint8Array,
  { widthPx, heightPx }: Size,
  count = 1,
): ort.InferenceSession.OnnxValueMapType {
  const lumaBytes = widthPx * heightPx * count;
  const chromaBytes = lumaBytes / 4;
  const chroma = [count, 1, heightPx / 2, widthPx / 2];
  const plane = (from: number, bytes: number, dims: readonly number[]) =>
    new ort.Tensor('uint8', planes.subarray(from, from + bytes), dims);
  const [luma, u, v] = PLANES;
  return {
    [luma]: plane(0, lumaBytes, [count, 1, heightPx, widthPx]),
    [u]: plane(lumaBytes, chromaBytes, chroma),
    [v]: plane(lumaBytes + chromaBytes, chromaBytes, chroma),
  };
}
