import { HealthWatch, LightMeter, type LightRegime, type PictureHealth } from '../../../src/frames/index.js';

export const [WIDTH, HEIGHT] = [192, 108];

/** Beyond all that is shown, so that places are positive. */
const FAR = 4600;

/** Luma of a place, 16..235; coordinates may be between pixels, and beyond the picture. */
export type Luma = (x: number, y: number) => number;

/** A place with edges everywhere: walls of different greys, no two alike, with lines on them. */
export const street: Luma = (x, y) => {
  // No Math: what is global is slow to reach within a test.
  const [across, down] = [(x + FAR) | 0, (y + FAR) | 0];
  const wall = 60 + hash((across / 23) | 0, (down / 17) | 0);
  return across % 23 < 2 || down % 17 < 2 ? 30 : wall;
};
/** Nearly nothing: a wall, or fog. */
export const plain: Luma = (x, y) => 120 + (x + y) / 100;

/** 0..127 */
function hash(a: number, b: number): number {
  const mixed = (a * 73_856_093) ^ (b * 19_349_663);
  return ((mixed ^ (mixed >> 13) ^ (mixed >> 7)) & 0xffff) % 128;
}

/** Noise of a standard deviation of one, about normal, the same each time. */
const GRAIN = new Float32Array(2 * WIDTH * HEIGHT);
for (let i = 0, random = 7; i < GRAIN.length; i++) {
  for (let j = 0; j < 3; j++) GRAIN[i]! += (random = (random * 48271) % 2147483647) / 2147483647 - 0.5;
  GRAIN[i]! *= 2;
}

/** A camera that shows what it is told, five pictures a second, and how it is judged. */
export class Camera {
  readonly #watch = new HealthWatch({ widthPx: WIDTH, heightPx: HEIGHT });
  readonly #meter = new LightMeter({ widthPx: WIDTH, heightPx: HEIGHT });
  readonly #picture = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  readonly #clamped = new Uint8ClampedArray(this.#picture.buffer);
  readonly #noise: number;
  readonly #lumas = new Float32Array(WIDTH * HEIGHT);
  #shown: Luma | undefined;
  #pictures = 0;
  /** Of the stream, which may begin anew. */
  ms = 0;
  health: PictureHealth = { state: 'learning', faults: [] };
  /** Faults in the order in which they came. */
  readonly told: string[] = [];

  constructor({ noise = 3 } = {}) {
    this.#noise = noise;
  }

  show(
    seconds: number,
    luma: Luma,
    { regime = 'day', noise = this.#noise }: { regime?: LightRegime; noise?: number } = {},
  ): this {
    if (luma !== this.#shown)
      for (let i = 0; i < this.#lumas.length; i++) this.#lumas[i] = luma(i % WIDTH, (i / WIDTH) | 0);
    this.#shown = luma;
    for (const untilMs = this.ms + seconds * 1000; this.ms < untilMs; this.ms += 200) {
      const from = (this.#pictures++ * 7919) % (GRAIN.length - this.#lumas.length);
      for (let i = 0; i < this.#lumas.length; i++)
        this.#clamped[i] = this.#lumas[i]! + noise * GRAIN[from + i]!;
      this.#take(regime);
    }
    return this;
  }

  /** What it showed last, over and over. */
  freeze(seconds: number): this {
    for (const untilMs = this.ms + seconds * 1000; this.ms < untilMs; this.ms += 200) this.#take('day');
    return this;
  }

  #take(regime: LightRegime): void {
    const light = this.#meter.measure(this.#picture);
    const before = this.health.faults;
    this.health = this.#watch.take(this.#picture, light, regime, this.ms);
    this.told.push(...this.health.faults.filter((fault) => !before.includes(fault)));
  }
}
