import type { Box } from '../geometry/index.js';
import {
  KernelStore,
  loadFollower,
  loadTrials,
  type Follower,
  type FollowerSource,
} from '../inference/index.js';
import { SingleObject, type SingleObjectStep } from '../tracking/index.js';
import type { FollowedPicture } from './followed-pictures.js';

/** Where the object is in one picture, and what it took to find it, ms. */
export interface Followed extends Pick<SingleObjectStep, 'box' | 'confidence' | 'state'> {
  readonly cropMs: number;
  readonly networkMs: number;
}

/** Follows objects on the calling thread, in one session of one thread: for measurement, not for cameras. */
export class ObjectFollower {
  readonly version: string;
  readonly #follower: Follower;
  readonly #kernels: KernelStore;

  private constructor(version: string, follower: Follower, kernels: KernelStore) {
    this.version = version;
    this.#follower = follower;
    this.#kernels = kernels;
  }

  /** @throws {AppError} `model/*`, naming the file */
  static async open(source: FollowerSource): Promise<ObjectFollower> {
    const loaded = await loadFollower(source);
    const { openFollower } = await loadTrials();
    const [channels, height, width] = loaded.description.kernel;
    return new ObjectFollower(
      loaded.version,
      await openFollower(loaded),
      new KernelStore(channels * height * width, 1),
    );
  }

  /** Frees the sessions. */
  close(): Promise<void> {
    return this.#follower.close();
  }

  /**
   * Follows what is in `box` of the first picture through all others. The first one's confidence is 1.
   * @throws {AppError} `inference/bad-job` for a box that is none; `inference/failed`
   */
  async *follow(
    pictures: AsyncIterable<FollowedPicture>,
    box: Box,
  ): AsyncGenerator<Followed, void, undefined> {
    let object: SingleObject | undefined;
    for await (const { memory, byteOffset, frame } of pictures) {
      const job = { memory, byteOffset, frame, source: frame, kernels: this.#kernels };
      if (object === undefined) {
        const made = await this.#follower.follow({ ...job, searches: [], templates: [{ slot: 0, box }] });
        object = new SingleObject(box, { frame });
        yield { box, confidence: 1, state: 'followed', cropMs: made.cropMs, networkMs: made.networkMs };
        continue;
      }
      const searches = [{ slot: 0, box: object.box }];
      const found = await this.#follower.follow({ ...job, searches, templates: [] });
      const { cropMs, networkMs } = found;
      yield { ...object.update(found.searches[0]!), cropMs, networkMs };
    }
  }
}
