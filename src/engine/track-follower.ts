import type { QueuedFrame } from '../frames/index.js';
import type { Box, Detection, Size } from '../geometry/index.js';
import type { FollowerInfo, FollowJob, FollowResult, KernelStore } from '../inference/index.js';
import type { FollowedBox, SearchTarget, TrackedBox } from '../tracking/index.js';

/** Templates kept for one stream. */
const TEMPLATES_MAX = 64;
/** Searches in one picture; tracks beyond them are carried by motion alone. */
const SEARCHES_MAX = 24;
/** A template older than this is made anew from the next detection. Made more often, it takes in what passes (measured: 1 s loses IDF1). */
const TEMPLATE_AGE_MS = 3000;
/** Fewer searches are not worth another worker. */
const SEARCHES_APART_MIN = 2;
/** Templates made in one picture, so that no other waits long for a worker; the rest are made in the next ones. */
const LEARNT_MAX = 3;
/** Where more is hidden, a template would show what hides it. */
const HIDDEN_MAX = 0.2;

/** The part of the inference pool that following needs. */
export interface FollowerPool {
  /** Undefined where the pool was opened without one. */
  readonly follower: FollowerInfo | undefined;
  /** Workers with nothing to do. */
  readonly idle: number;
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

/** What searches found in one picture. */
export interface Found {
  readonly boxes: readonly FollowedBox[];
  /** In the workers, ms. */
  readonly spentMs: number;
}

/** How a track looks. */
export interface View {
  readonly track: number;
  readonly embedding: Float32Array;
}

interface Template {
  readonly slot: number;
  madeMs: number;
}

/** An object that a template should be made of. */
export interface DueTemplate {
  readonly track: number;
  readonly box: Box;
  readonly template: Template;
}

interface Searched {
  readonly track: number;
  readonly box: Box;
  readonly slot: number;
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

  /** The detections, those at `wanted` with their embeddings, and what that took, ms. */
  async withAppearance(
    frame: QueuedFrame,
    detections: readonly Detection[],
    wanted: readonly number[],
  ): Promise<{ readonly detections: readonly Detection[]; readonly spentMs: number }> {
    if (wanted.length === 0) return { detections, spentMs: 0 };
    const { templates, cropMs, networkMs } = await this.#pool.follow({
      ...this.#job(frame),
      searches: [],
      templates: wanted.map((index) => ({ box: detections[index]!.box })),
    });
    const seen = [...detections];
    wanted.forEach((index, at) => {
      const embedding = templates[at]?.embedding;
      if (embedding !== undefined) seen[index] = { ...detections[index]!, embedding };
    });
    return { detections: seen, spentMs: cropMs + networkMs };
  }

  /**
   * Searches a picture for tracks, on all workers that are idle.
   * @param targets tracks that may be searched for, most useful first
   */
  async search(frame: QueuedFrame, targets: readonly SearchTarget[]): Promise<Found> {
    const searched = this.#searchable(targets);
    const workers = Math.min(this.#pool.idle, Math.floor(searched.length / SEARCHES_APART_MIN));
    const length = Math.ceil(searched.length / Math.max(1, workers));
    const parts: Promise<Found>[] = [];
    for (let at = 0; at < searched.length; at += length)
      parts.push(this.#searchPart(frame, searched.slice(at, at + length)));
    // Even if one fails, the picture is read until all have ended.
    await Promise.allSettled(parts);
    const found = await Promise.all(parts);
    return {
      boxes: found.flatMap(({ boxes }) => boxes),
      spentMs: found.reduce((sum, { spentMs }) => sum + spentMs, 0),
    };
  }

  /**
   * Which of the objects that a picture shows should have a template made from it, those that need it most.
   * @param targets tells how much of each is hidden
   */
  due(targets: readonly SearchTarget[], seen: readonly TrackedBox[], ptsMs: number): DueTemplate[] {
    const hidden = new Map(targets.map((target) => [target.track, target.hidden]));
    const due = seen.flatMap(({ track, box }) => {
      const share = hidden.get(track);
      if (share === undefined || share > HIDDEN_MAX || !(box[2] > box[0] && box[3] > box[1])) return [];
      const template = this.#templates.get(track) ?? this.#newTemplate(track);
      const isDue = template !== undefined && ptsMs - template.madeMs >= TEMPLATE_AGE_MS;
      return isDue ? [{ track, template, box }] : [];
    });
    return due.sort((a, b) => Math.sign(a.template.madeMs - b.template.madeMs) || 0).slice(0, LEARNT_MAX);
  }

  /** Makes templates; returns how their objects look, where the network says so. */
  async learn(frame: QueuedFrame, due: readonly DueTemplate[], ptsMs: number): Promise<View[]> {
    const { templates } = await this.#pool.follow({
      ...this.#job(frame),
      searches: [],
      templates: due.map(({ template, box }) => ({ slot: template.slot, box })),
    });
    for (const { template } of due) template.madeMs = ptsMs;
    return templates.flatMap(({ embedding }, at) =>
      embedding === undefined ? [] : [{ track: due[at]!.track, embedding }],
    );
  }

  /** Forgets what tracks looked like that are not among those kept. */
  keepOnly(tracks: ReadonlySet<number>): void {
    for (const [track, { slot }] of this.#templates) {
      if (tracks.has(track)) continue;
      this.#store.release(slot);
      this.#templates.delete(track);
    }
  }

  async #searchPart(frame: QueuedFrame, searched: readonly Searched[]): Promise<Found> {
    const { searches, cropMs, networkMs, postprocessMs } = await this.#pool.follow({
      ...this.#job(frame),
      searches: searched.map(({ slot, box }) => ({ slot, box })),
      templates: [],
    });
    const boxes = searches.map(({ box, confidence }, at) => ({
      track: searched[at]!.track,
      box,
      confidence,
    }));
    return { boxes, spentMs: cropMs + networkMs + postprocessMs };
  }

  #searchable(targets: readonly SearchTarget[]): Searched[] {
    return targets
      .flatMap(({ track, box }) => {
        const template = this.#templates.get(track);
        return template === undefined || template.madeMs === -Infinity
          ? []
          : [{ track, box, slot: template.slot }];
      })
      .slice(0, SEARCHES_MAX);
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
