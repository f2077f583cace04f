import type * as ort from 'onnxruntime-node';
import { systemClock } from '../base/index.js';
import { Cropper, i420Bytes, meanColour, type CropTarget, type YuvColour } from '../frames/index.js';
import { searchRegion, templateRegion, type Box, type Size } from '../geometry/index.js';
import { FOLLOWER_TENSORS, type FollowerDescription } from '../models/index.js';
import { locate } from '../tracking/index.js';
import { batches, CropNetwork } from './crop-network.js';
import { KernelSlots } from './kernel-store.js';
import type { LoadedFollower } from './load-follower.js';
import type { FollowJob, FollowResult } from './messages.js';
import type { ProviderPlan } from './provider.js';
import { checkPictureJob } from './picture-job.js';
import { openOnProvider } from './session.js';

const { crop, kernel, embedding, score, ltrb } = FOLLOWER_TENSORS;

/** A picture while it is looked at. */
interface Shown {
  readonly picture: Uint8Array;
  readonly frame: Size;
  readonly source: Size;
  readonly around: YuvColour;
}

/** A Siamese pair with its sessions, for one thread: makes templates of boxes, and finds them again. Runs block the thread that calls. */
export class Follower {
  readonly #description: FollowerDescription;
  readonly #template: CropNetwork;
  readonly #search: CropNetwork;
  readonly #cropper = new Cropper();

  private constructor(
    description: FollowerDescription,
    template: ort.InferenceSession,
    search: ort.InferenceSession,
  ) {
    const { geometry, batchMax, kernel: shape, embeddingLength } = description;
    const { templatePx, searchPx, gridCells } = geometry;
    this.#description = description;
    this.#template = new CropNetwork(template, batchMax, {
      inputs: { [crop]: [3, templatePx, templatePx] },
      outputs: { [kernel]: shape, ...(embeddingLength > 0 && { [embedding]: [embeddingLength] }) },
    });
    this.#search = new CropNetwork(search, batchMax, {
      inputs: { [crop]: [3, searchPx, searchPx], [kernel]: shape },
      outputs: { [score]: [1, gridCells, gridCells], [ltrb]: [4, gridCells, gridCells] },
    });
  }

  /** @throws {AppError} `model/invalid`, `inference/provider-missing` */
  static async open(loaded: LoadedFollower, plan: ProviderPlan, graphCacheDir?: string): Promise<Follower> {
    // Private copies, since the runtime refuses shared memory; they are free again when the sessions are open.
    const open = (bytes: SharedArrayBuffer) =>
      openOnProvider(new Uint8Array(new Uint8Array(bytes)), plan, graphCacheDir);
    const template = await open(loaded.template);
    const search = await open(loaded.search).catch(async (error: unknown) => {
      await template.session.release();
      throw error;
    });
    return new Follower(loaded.description, template.session, search.session);
  }

  /** Frees both sessions. */
  async close(): Promise<void> {
    await this.#template.close();
    await this.#search.close();
  }

  /**
   * Searches a picture for what templates show, then makes new templates from it; a slot in both is searched for as it was.
   *
   * @throws {AppError} `inference/bad-job` when the picture does not lie within its memory, or a box or slot is none;
   *   `inference/failed` when the runtime fails; `model/output-shape`
   */
  async follow(job: FollowJob): Promise<FollowResult> {
    checkPictureJob(job, [...job.searches, ...job.templates]);
    const { frame, source } = job;
    const picture = new Uint8Array(job.memory, job.byteOffset, i420Bytes(frame));
    const slots = new KernelSlots(
      job.kernels,
      this.#description.kernel.reduce((a, b) => a * b, 1),
    );
    const spent = { cropMs: 0, networkMs: 0, postprocessMs: 0 };
    const shown = { picture, frame, source, around: meanColour(picture, frame) };
    const searches = [];
    for (const batch of batches(job.searches, this.#description.batchMax))
      searches.push(...(await this.#searchFor(shown, batch, slots, spent)));
    const templates = [];
    for (const batch of batches(job.templates, this.#description.batchMax))
      templates.push(...(await this.#makeTemplates(shown, batch, slots, spent)));
    return { searches, templates, ...spent };
  }

  async #searchFor(
    shown: Shown,
    batch: FollowJob['searches'],
    slots: KernelSlots,
    spent: Spent,
  ): Promise<FollowResult['searches']> {
    const { geometry, tuning } = this.#description;
    const startedMs = systemClock.monotonicMs();
    batch.forEach(({ slot, box }, at) => {
      slots.read(slot, this.#search.input(kernel, at));
      this.#crop(shown, searchRegion(box, geometry), this.#search.input(crop, at), geometry.searchPx);
    });
    const croppedMs = systemClock.monotonicMs();
    await this.#search.run(batch.length);
    const inferredMs = systemClock.monotonicMs();
    const found = batch.map(({ slot, box }, at) => {
      const maps = { score: this.#search.output(score, at), ltrb: this.#search.output(ltrb, at) };
      return { slot, ...locate(box, maps, geometry, tuning) };
    });
    spent.cropMs += croppedMs - startedMs;
    spent.networkMs += inferredMs - croppedMs;
    spent.postprocessMs += systemClock.monotonicMs() - inferredMs;
    return found;
  }

  async #makeTemplates(
    shown: Shown,
    batch: FollowJob['templates'],
    slots: KernelSlots,
    spent: Spent,
  ): Promise<FollowResult['templates']> {
    const { geometry, embeddingLength } = this.#description;
    const startedMs = systemClock.monotonicMs();
    batch.forEach(({ box }, at) =>
      this.#crop(shown, templateRegion(box, geometry), this.#template.input(crop, at), geometry.templatePx),
    );
    const croppedMs = systemClock.monotonicMs();
    await this.#template.run(batch.length);
    spent.cropMs += croppedMs - startedMs;
    spent.networkMs += systemClock.monotonicMs() - croppedMs;
    return batch.map(({ slot }, at) => {
      if (slot !== undefined) slots.write(slot, this.#template.output(kernel, at));
      const made = embeddingLength > 0 ? { embedding: this.#template.output(embedding, at).slice() } : {};
      return { ...(slot !== undefined && { slot }), ...made };
    });
  }

  #crop({ picture, frame, source, around }: Shown, region: Box, data: Float32Array, sidePx: number): void {
    const [x, y] = [frame.widthPx / source.widthPx, frame.heightPx / source.heightPx];
    const within: Box = [region[0] * x, region[1] * y, region[2] * x, region[3] * y];
    const target: CropTarget = {
      data,
      offset: 0,
      widthPx: sidePx,
      heightPx: sidePx,
      order: this.#description.order,
    };
    this.#cropper.crop(picture, frame, within, around, target);
  }
}

/** Where the time of a job went, ms. */
type Spent = { -readonly [Key in 'cropMs' | 'networkMs' | 'postprocessMs']: number };
