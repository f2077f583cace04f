import * as ort from 'onnxruntime-node';
import { AppError, messageOf } from '../base/index.js';
import type { Size } from '../geometry/index.js';
import { decodeScene, SCENE_STRIDE_PX, type SceneMap, type SceneModel } from '../models/index.js';
import { loadSceneModel } from './load-scene-model.js';
import { openSession } from './session.js';

/** Longer side of what networks of any size are shown, px. */
const LONG_SIDE_PX = 640;

/** A network that segments scenes, with its session, for one thread. Runs block the thread that calls. */
export class SceneNetwork {
  /** `name@sha256:…` */
  readonly version: string;
  readonly #model: SceneModel;
  readonly #session: ort.InferenceSession;

  private constructor(version: string, model: SceneModel, session: ort.InferenceSession) {
    this.version = version;
    this.#model = model;
    this.#session = session;
  }

  /** @throws {AppError} `model/*`, naming the file */
  static async open(modelPath: string): Promise<SceneNetwork> {
    const { version, model, bytes } = await loadSceneModel(modelPath);
    return new SceneNetwork(version, model, await openSession(bytes));
  }

  /** The size that a picture is to be stretched to before it is looked at. */
  sizeFor({ widthPx, heightPx }: Size): Size {
    const { size } = this.#model.input;
    if (size !== 'dynamic') return size;
    const scale = LONG_SIDE_PX / Math.max(widthPx, heightPx);
    const side = (px: number) =>
      Math.max(SCENE_STRIDE_PX, Math.round((px * scale) / SCENE_STRIDE_PX) * SCENE_STRIDE_PX);
    return { widthPx: side(widthPx), heightPx: side(heightPx) };
  }

  /**
   * Says what is where in a picture.
   *
   * @param rgb three bytes a pixel, of the size that {@link sizeFor} asks for; only read
   * @throws {AppError} `model/output-shape`; `inference/failed` when the runtime fails
   */
  async look(rgb: Uint8Array, { widthPx, heightPx }: Size): Promise<SceneMap> {
    const { input, output } = this.#model;
    const dims = input.layout === 'nchw' ? [1, 3, heightPx, widthPx] : [1, heightPx, widthPx, 3];
    const picture = new ort.Tensor('float32', prepared(rgb, this.#model), dims);
    const outputs = await this.#session.run({ [input.name]: picture }).catch((error: unknown) => {
      throw new AppError('inference/failed', 'internal', `ONNX Runtime failed: ${messageOf(error)}`, {
        cause: error,
      });
    });
    const { data, dims: shape } = outputs[output.name]!;
    return decodeScene({ data: data as Float32Array, dims: shape }, this.#model);
  }

  /** Frees the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** A picture as the model takes it. */
function prepared(rgb: Uint8Array, { order, mean, std, input: { layout } }: SceneModel): Float32Array {
  const pixels = rgb.length / 3;
  const data = new Float32Array(rgb.length);
  const [pixelStep, channelStep] = layout === 'nhwc' ? [3, 1] : [1, pixels];
  for (const channel of [0, 1, 2] as const) {
    // 256 values by table: each byte is one of them.
    const table = Float32Array.from({ length: 256 }, (_, byte) => (byte - mean[channel]) / std[channel]);
    const from = order === 'rgb' ? channel : 2 - channel;
    for (let i = 0, to = channel * channelStep; i < pixels; i++, to += pixelStep)
      data[to] = table[rgb[3 * i + from]!]!;
  }
  return data;
}
