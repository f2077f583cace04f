import { AppError, messageOf } from '../base/index.js';
import { evenSize, i420Bytes, rgbToI420 } from '../frames/index.js';
import type { Box, Size } from '../geometry/index.js';
import { FEATURE_GROUPS, FEATURE_SIDE_PX, FEATURE_TENSORS, featureNetwork } from '../models/index.js';
import { Follower } from './follower.js';
import { CropNetwork } from './crop-network.js';
import { KernelStore } from './kernel-store.js';
import { loadFollower, type FollowerSource } from './load-follower.js';
import { openSession } from './session.js';

const BATCH_MAX = 8;
/** Rises when other features are made of the same network. */
const FEATURES_VERSION = 1;

/** What a feature network takes of one picture; each 3 planes of 64 × 64, RGB 0..255. */
export interface FeaturePictures {
  readonly boxed: Float32Array;
  readonly stretched: Float32Array;
}

/** The networks that look at single pictures: features for classifiers, embeddings for searches. Runs block the thread that calls. */
export class PictureNetworks {
  /** Version of the follower whose embeddings these are. */
  readonly follower: string;
  /** Version of the features. */
  readonly features: string;
  /** The feature network as an ONNX file; only to be read. */
  readonly model: Uint8Array;
  readonly #features: CropNetwork;
  readonly #embedder: Follower;
  readonly #kernelLength: number;

  private constructor(
    version: string,
    model: Uint8Array,
    features: CropNetwork,
    embedder: Follower,
    kernelLength: number,
  ) {
    this.follower = version;
    this.features = `${version}+features${FEATURES_VERSION}`;
    this.model = model;
    this.#features = features;
    this.#embedder = embedder;
    this.#kernelLength = kernelLength;
  }

  /** @throws {AppError} `model/*` */
  static async open(source: FollowerSource): Promise<PictureNetworks> {
    const loaded = await loadFollower(source);
    const model = featureNetwork(new Uint8Array(new Uint8Array(loaded.template)));
    const embedder = await Follower.open(loaded, { provider: 'cpu', isRequired: true });
    const picture = [3, FEATURE_SIDE_PX, FEATURE_SIDE_PX];
    const features = new CropNetwork(await openSession(model), BATCH_MAX, {
      inputs: { [FEATURE_TENSORS.boxed]: picture, [FEATURE_TENSORS.stretched]: picture },
      outputs: { [FEATURE_TENSORS.features]: [FEATURE_GROUPS[0] + FEATURE_GROUPS[1]] },
    });
    const kernelLength = loaded.description.kernel.reduce((a, b) => a * b, 1);
    return new PictureNetworks(loaded.version, model, features, embedder, kernelLength);
  }

  /** The features of pictures, 152 numbers each; the caller's. @throws {AppError} `inference/failed` */
  async featuresOf(pictures: readonly FeaturePictures[]): Promise<Float32Array[]> {
    const all: Float32Array[] = [];
    for (let from = 0; from < pictures.length; from += BATCH_MAX) {
      const batch = pictures.slice(from, from + BATCH_MAX);
      batch.forEach(({ boxed, stretched }, at) => {
        this.#features.input(FEATURE_TENSORS.boxed, at).set(boxed);
        this.#features.input(FEATURE_TENSORS.stretched, at).set(stretched);
      });
      await this.#features.run(batch.length).catch((error: unknown) => {
        throw new AppError('inference/failed', 'internal', `ONNX Runtime failed: ${messageOf(error)}`);
      });
      batch.forEach((_, at) => all.push(this.#features.output(FEATURE_TENSORS.features, at).slice()));
    }
    return all;
  }

  /**
   * How an object looks, as tracks' looks are: a unit vector, the caller's.
   *
   * @param rgb three bytes a pixel, at least 2 × 2
   * @param box of the object, in pixels
   * @throws {AppError} `inference/bad-job`, `inference/failed`
   */
  async embeddingOf(rgb: Uint8Array, size: Size, box: Box): Promise<Float32Array | undefined> {
    const memory = new SharedArrayBuffer(i420Bytes(evenSize(size)));
    const frame = rgbToI420(rgb, size, new Uint8Array(memory));
    const { templates } = await this.#embedder.follow({
      ...{ memory, byteOffset: 0, frame, source: frame },
      kernels: new KernelStore(this.#kernelLength, 1),
      searches: [],
      templates: [{ box }],
    });
    return templates[0]?.embedding;
  }

  async close(): Promise<void> {
    await this.#features.close();
    await this.#embedder.close();
  }
}
