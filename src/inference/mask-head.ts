import type * as ort from 'onnxruntime-node';
import { systemClock } from '../base/index.js';
import { Cropper, i420Bytes, meanColour, type YuvColour } from '../frames/index.js';
import {
  MASK_CROPS,
  maskCropOf,
  maskRegion,
  type Box,
  type MaskCells,
  type MaskCropName,
  type Size,
} from '../geometry/index.js';
import { batches, CropNetwork } from './crop-network.js';
import { MASK_STRIDE_PX, MASK_TENSORS, type LoadedMaskHead } from './load-mask-head.js';
import type { SegmentJob, SegmentResult } from './messages.js';
import { checkPictureJob } from './picture-job.js';
import type { ProviderPlan } from './provider.js';
import { openOnProvider } from './session.js';

/** Crops looked at in one run. */
const BATCH_MAX = 4;
const CROP_NAMES = Object.keys(MASK_CROPS) as MaskCropName[];

/** A mask head with its session, for one thread. Runs block the thread that calls. */
export class MaskHead {
  readonly #session: ort.InferenceSession;
  readonly #networks: ReadonlyMap<MaskCropName, CropNetwork>;
  readonly #cropper = new Cropper();

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
    this.#networks = new Map(
      CROP_NAMES.map((name) => {
        const { widthPx, heightPx } = MASK_CROPS[name];
        const shapes = {
          inputs: { [MASK_TENSORS.crop]: [3, heightPx, widthPx] },
          outputs: { [MASK_TENSORS.mask]: [1, heightPx / MASK_STRIDE_PX, widthPx / MASK_STRIDE_PX] },
        };
        return [name, new CropNetwork(session, BATCH_MAX, shapes)];
      }),
    );
  }

  /** @throws {AppError} `model/invalid`, `inference/provider-missing` */
  static async open(loaded: LoadedMaskHead, plan: ProviderPlan, graphCacheDir?: string): Promise<MaskHead> {
    const { session } = await openOnProvider(new Uint8Array(loaded.bytes), plan, graphCacheDir);
    return new MaskHead(session);
  }

  /** Frees the session. */
  async close(): Promise<void> {
    await this.#session.release();
  }

  /**
   * Says which part of each box is the object in it.
   * @throws {AppError} `inference/bad-job` when the picture does not lie within its memory, or a box is none; `inference/failed` when the
   *   runtime fails; `model/output-shape`
   */
  async segment(job: SegmentJob): Promise<SegmentResult> {
    checkPictureJob(
      job,
      job.boxes.map((box) => ({ box })),
    );
    const picture = new Uint8Array(job.memory, job.byteOffset, i420Bytes(job.frame));
    const around = meanColour(picture, job.frame);
    const spent = { cropMs: 0, networkMs: 0 };
    const masks = new Array<MaskCells>(job.boxes.length);
    for (const name of CROP_NAMES) {
      const alike = [...job.boxes.keys()].filter((at) => maskCropOf(job.boxes[at]!) === name);
      for (const batch of batches(alike, BATCH_MAX))
        await this.#look(name, batch, { job, picture, around, masks, spent });
    }
    return { masks, ...spent };
  }

  async #look(
    name: MaskCropName,
    batch: readonly number[],
    { job, picture, around, masks, spent }: Looking,
  ): Promise<void> {
    const network = this.#networks.get(name)!;
    const { widthPx, heightPx } = MASK_CROPS[name];
    const startedMs = systemClock.monotonicMs();
    batch.forEach((at, item) => {
      const data = network.input(MASK_TENSORS.crop, item);
      const region = inPicture(maskRegion(job.boxes[at]!), job);
      this.#cropper.crop(picture, job.frame, region, around, {
        data,
        offset: 0,
        widthPx,
        heightPx,
        order: 'rgb',
      });
    });
    const croppedMs = systemClock.monotonicMs();
    await network.run(batch.length);
    batch.forEach((at, item) => {
      masks[at] = {
        values: network.output(MASK_TENSORS.mask, item).slice(),
        columns: widthPx / MASK_STRIDE_PX,
        rows: heightPx / MASK_STRIDE_PX,
      };
    });
    spent.cropMs += croppedMs - startedMs;
    spent.networkMs += systemClock.monotonicMs() - croppedMs;
  }
}

/** A picture while it is looked at. */
interface Looking {
  readonly job: SegmentJob;
  readonly picture: Uint8Array;
  readonly around: YuvColour;
  readonly masks: SegmentResult['masks'][number][];
  readonly spent: { cropMs: number; networkMs: number };
}

function inPicture([x1, y1, x2, y2]: Box, { frame, source }: { frame: Size; source: Size }): Box {
  const [x, y] = [frame.widthPx / source.widthPx, frame.heightPx / source.heightPx];
  return [x1 * x, y1 * y, x2 * x, y2 * y];
}
