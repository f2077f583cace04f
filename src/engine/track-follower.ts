import type { QueuedFrame } from '../frames/index.js';
import type { Detection, Size } from '../geometry/index.js';
import type { FollowerInfo, FollowJob, FollowResult, KernelStore } from '../inference/index.js';
import type { FollowedBox, SearchTarget, TrackedBox } from '../tracking/index.js';

/** Templates kept for one stream. */
const TEMPLATES_MAX = 64;
/** Searches in one picture; tracks beyond them are carried by motion alone. */
const SEARCHES_MAX = 24;
/** A template older than this is made anew from the next detection. Made more often, it takes in what passes (measured: 1 s loses IDF1). */
const TEMPLATE_AGE_MS = 3000;
/** Where more is hidden, a template would show what hides it. */
const HIDDEN_MAX = 0.2;

/** The part of the inference pool that following needs. */
export interface FollowerPool {
  /** Undefined where the pool was opened without one. */
  readonly follower: FollowerInfo | undefined;
  createKernelStore(slots: number): KernelStore;
  follow(job: FollowJob): Promise<FollowResult>;
}

/** Pictures of one stream in shared memory. */
export interface Pictures {
  readonly memory: SharedArrayBuffer;
  readonly frame: Size;
  /** Size of the source that they were scaled from; boxes are in its pixels. */
  readonly source: Size;
}

/** What a follower did in one picture. */
export interface Followed {
  readonly boxes: readonly FollowedBox[];
  /** In the worker, ms. */
  readonly spentMs: number;
}

interface Template {
  readonly slot: number;
  madeMs: number;
}

/** Keeps templates of a stream's tracks, and searches its pictures for them. One call at a time. */
export class TrackFollower {
  readonly #pool: FollowerPool;
  readonly #pictures: Pictures;
  readonly #store: KernelStore;
  readonly #templates = new Map<number, Template>();

  constructor(pool: FollowerPool, pictures: Pictures) {
    this.#pool = pool;
    this.#pictures = pictures;
    this.#store = pool.createKernelStore(TEMPLATES_MAX);
  }

  /** Whether embeddings are to be had. */
  get hasAppearance(): boolean {
    return (this.#pool.follower?.embeddingLength ?? 0) > 0;
  }

  /** The detections, those at `wanted` with their embeddings. */
  async withAppearance(
    frame: QueuedFrame,
    detections: readonly Detection[],
    wanted: readonly number[],
  ): Promise<readonly Detection[]> {
    if (wanted.length === 0 || !this.hasAppearance) return detections;
    const { templates } = await this.#pool.follow({
      ...this.#job(frame),
      searches: [],
      templates: wanted.map((index) => ({ box: detections[index]!.box })),
    });
    const seen = [...detections];
    wanted.forEach((index, at) => {
      const embedding = templates[at]?.embedding;
      if (embedding !== undefined) seen[index] = { ...detections[index]!, embedding };
    });
    return seen;
  }

  /**
   * Searches a picture for those of `targets` that are not in `seen`, and makes templates of those in it.
   *
   * @param targets tracks that may be searched for, most useful first
   * @param seen objects that the detector saw in this picture
   */
  async follow(
    frame: QueuedFrame,
    targets: readonly SearchTarget[],
    seen: readonly TrackedBox[],
    ptsMs: number,
  ): Promise<Followed> {
    const searched = this.#searchable(targets, seen);
    const shown = this.#worthATemplate(targets, seen, ptsMs);
    if (searched.length + shown.length === 0) return { boxes: [], spentMs: 0 };
    const { searches, cropMs, networkMs, postprocessMs } = await this.#pool.follow({
      ...this.#job(frame),
      searches: searched.map(({ slot, box }) => ({ slot, box })),
      templates: shown.map(({ template, box }) => ({ slot: template.slot, box })),
    });
    for (const { template } of shown) template.madeMs = ptsMs;
    const boxes = searches.map(({ box, confidence }, at) => ({
      track: searched[at]!.track,
      box,
      confidence,
    }));
    return { boxes, spentMs: cropMs + networkMs + postprocessMs };
  }

  /** Forgets what tracks looked like that are not among those kept. */
  keepOnly(tracks: ReadonlySet<number>): void {
    for (const [track, { slot }] of this.#templates) {
      if (tracks.has(track)) continue;
      this.#store.release(slot);
      this.#templates.delete(track);
    }
  }

  #searchable(targets: readonly SearchTarget[], seen: readonly TrackedBox[]) {
    const isSeen = new Set(seen.map(({ track }) => track));
    return targets
      .filter(({ track, isLost }) => !isLost && !isSeen.has(track))
      .flatMap(({ track, box }) => {
        const template = this.#templates.get(track);
        return template === undefined || template.madeMs === -Infinity
          ? []
          : [{ track, box, slot: template.slot }];
      })
      .slice(0, SEARCHES_MAX);
  }

  #worthATemplate(targets: readonly SearchTarget[], seen: readonly TrackedBox[], ptsMs: number) {
    const hidden = new Map(targets.map((target) => [target.track, target.hidden]));
    return seen.flatMap(({ track, box }) => {
      const share = hidden.get(track);
      if (share === undefined || share > HIDDEN_MAX || !(box[2] > box[0] && box[3] > box[1])) return [];
      const template = this.#templates.get(track) ?? this.#newTemplate(track);
      const isDue = template !== undefined && ptsMs - template.madeMs >= TEMPLATE_AGE_MS;
      return isDue ? [{ template, box }] : [];
    });
  }

  #newTemplate(track: number): Template | undefined {
    const slot = this.#store.take();
    if (slot === undefined) return undefined;
    const template = { slot, madeMs: -Infinity };
    this.#templates.set(track, template);
    return template;
  }

  #job(frame: QueuedFrame) {
    const { memory, frame: size, source } = this.#pictures;
    return { memory, byteOffset: frame.byteOffset, frame: size, source, kernels: this.#store };
  }
}
