import { openScan } from './scan.js';

const PAGE_BYTES = 65_536;
const LANES = 16;
/** Vectors looked at in one go. */
const BLOCK = 16_384;
const GROWTH = 1.25;
const FIRST_COUNT = 4096;
const MAX_INT8 = 127;
const MAX_INT16 = 4095;

/** What of a look is not its vector. */
export interface IndexedLook {
  /** Rises from look to look. */
  readonly id: number;
  readonly camera: string;
  readonly label: string;
  readonly seenMs: number;
}

/** Which looks count. */
export interface LookFilter {
  readonly cameras?: readonly string[];
  readonly label?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** These alone; all when absent. */
  readonly ids?: readonly number[] | undefined;
}

/**
 * Looks of one length in memory, rounded to 8 bits a number, to find candidates by: 24 bytes beside the vector for each. One thread's.
 */
export class LookIndex {
  readonly #chunks: number;
  readonly #length: number;
  readonly #scan = openScan();
  /** Bytes before the vectors: the query, then the scores of a block. */
  readonly #scoresAt: number;
  readonly #vectorsAt: number;
  #ids = new Float64Array(FIRST_COUNT);
  #seenMs = new Float64Array(FIRST_COUNT);
  #scales = new Float32Array(FIRST_COUNT);
  #cameras = new Uint16Array(FIRST_COUNT);
  #labels = new Uint16Array(FIRST_COUNT);
  readonly #names = { cameras: new Map<string, number>(), labels: new Map<string, number>() };
  #count = 0;

  /** @param length of each vector */
  constructor(length: number) {
    this.#length = length;
    this.#chunks = Math.ceil(length / LANES);
    this.#scoresAt = this.#chunks * LANES * 2;
    this.#vectorsAt = this.#scoresAt + BLOCK * 4;
  }

  /** How many there are, those that were deleted meanwhile among them. */
  get count(): number {
    return this.#count;
  }

  /** Adds a look; its vector is copied. */
  add({ id, camera, label, seenMs }: IndexedLook, vector: Float32Array): void {
    this.#makeRoom();
    const at = this.#count++;
    let most = 0;
    for (const value of vector) most = Math.max(most, Math.abs(value));
    const scale = most > 0 ? most / MAX_INT8 : 1;
    const bytes = new Int8Array(
      this.#scan.memory.buffer,
      this.#vectorsAt + at * this.#chunks * LANES,
      this.#length,
    );
    for (let i = 0; i < this.#length; i++) bytes[i] = Math.round(vector[i]! / scale);
    this.#scales[at] = scale;
    this.#ids[at] = id;
    this.#seenMs[at] = seenMs;
    this.#cameras[at] = numberOf(this.#names.cameras, camera);
    this.#labels[at] = numberOf(this.#names.labels, label);
  }

  /** Ids of those that are about the nearest to a vector, no more than `count`; the nearest may be missing where rounding hides it. */
  candidates(vector: Float32Array, filter: LookFilter, count: number): number[] {
    const passes = this.#passer(filter);
    if (passes === undefined) return [];
    let most = 0;
    for (const value of vector) most = Math.max(most, Math.abs(value));
    const query = new Int16Array(this.#scan.memory.buffer, 0, this.#chunks * LANES);
    query.fill(0);
    // Finer than the vectors, as there is but one: of 16 bits so many that no sum of products leaves 32.
    for (let i = 0; i < this.#length; i++) query[i] = Math.round((vector[i]! / (most || 1)) * MAX_INT16);
    const best = new Best(count);
    for (let from = 0; from < this.#count; from += BLOCK) {
      const block = Math.min(BLOCK, this.#count - from);
      this.#scan.scan(0, this.#vectorsAt + from * this.#chunks * LANES, block, this.#chunks, this.#scoresAt);
      const scores = new Int32Array(this.#scan.memory.buffer, this.#scoresAt, block);
      for (let i = 0; i < block; i++) {
        const score = scores[i]! * this.#scales[from + i]!;
        if (score > best.least && passes(from + i)) best.add(score, from + i);
      }
    }
    return best.take().map((at) => this.#ids[at]!);
  }

  /** Ids of the newest that pass, no more than `count`, the newest first. */
  newest(filter: LookFilter, count: number): number[] {
    const passes = this.#passer(filter);
    const ids: number[] = [];
    if (passes === undefined) return ids;
    for (let at = this.#count - 1; at >= 0 && ids.length < count; at--)
      if (passes(at)) ids.push(this.#ids[at]!);
    return ids;
  }

  /** Undefined where none can pass. */
  #passer({ cameras, label, fromMs = -Infinity, toMs = Infinity, ids }: LookFilter) {
    const ofCameras = cameras?.flatMap((name) => this.#names.cameras.get(name) ?? []);
    const ofLabel = label === undefined ? undefined : this.#names.labels.get(label);
    if (ofCameras?.length === 0 || ids?.length === 0 || (label !== undefined && ofLabel === undefined))
      return undefined;
    const isOf = ofCameras && new Set(ofCameras);
    const isAsked = ids && this.#marked(ids);
    return (at: number): boolean =>
      (isOf === undefined || isOf.has(this.#cameras[at]!)) &&
      (ofLabel === undefined || this.#labels[at] === ofLabel) &&
      this.#seenMs[at]! >= fromMs &&
      this.#seenMs[at]! < toMs &&
      (isAsked === undefined || isAsked[at] === 1);
  }

  /** 1 for each that has one of these ids. */
  #marked(ids: readonly number[]): Uint8Array {
    const marked = new Uint8Array(this.#count);
    for (const id of ids) {
      let [from, to] = [0, this.#count - 1];
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (this.#ids[middle]! < id) from = middle + 1;
        else to = middle;
      }
      if (this.#ids[from] === id) marked[from] = 1;
    }
    return marked;
  }

  #makeRoom(): void {
    if (this.#count === this.#ids.length) {
      const size = Math.ceil(this.#count * GROWTH);
      this.#ids = larger(this.#ids, new Float64Array(size));
      this.#seenMs = larger(this.#seenMs, new Float64Array(size));
      this.#scales = larger(this.#scales, new Float32Array(size));
      this.#cameras = larger(this.#cameras, new Uint16Array(size));
      this.#labels = larger(this.#labels, new Uint16Array(size));
    }
    const needed = this.#vectorsAt + (this.#count + 1) * this.#chunks * LANES;
    const has = this.#scan.memory.buffer.byteLength;
    if (needed > has)
      this.#scan.memory.grow(Math.ceil(Math.max(needed - has, has * (GROWTH - 1)) / PAGE_BYTES));
  }
}

/** The highest of many scores. */
class Best {
  readonly #count: number;
  #kept: { readonly score: number; readonly at: number }[] = [];
  /** A score must be higher to be of use. */
  least = -Infinity;

  constructor(count: number) {
    this.#count = count;
  }

  add(score: number, at: number): void {
    this.#kept.push({ score, at });
    if (this.#kept.length >= 2 * this.#count) this.#cut();
  }

  /** The best first. */
  take(): number[] {
    this.#cut();
    return this.#kept.map(({ at }) => at);
  }

  #cut(): void {
    this.#kept.sort((a, b) => b.score - a.score);
    this.#kept = this.#kept.slice(0, this.#count);
    if (this.#kept.length === this.#count) this.least = this.#kept.at(-1)!.score;
  }
}

function larger<T extends Float64Array | Float32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function numberOf(names: Map<string, number>, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}
