/** Which pictures the detector looks at: each n-th, or as many as what happens asks for. */
export type DetectEvery = number | 'adaptive';

/** What the last picture left open. */
export interface SceneState {
  /** Objects that only another detection can confirm, or that neither detector nor search saw. */
  readonly uncertain: number;
  /** Whether something changes where no object is known. */
  readonly isChanging: boolean;
}

/** Nothing happens: the detector still looks as often as each n-th picture. */
const QUIET_EVERY = 8;
/** Something is uncertain that a detection now and then settles. */
const UNCERTAIN_EVERY = 2;

/**
 * Decides which pictures the detector looks at; tracks are followed through the others. Pure but for its count. Adaptive: at once
 * where something changes outside of the known objects, each second picture while one of them is uncertain, else each eighth.
 */
export class DetectSchedule {
  readonly #every: DetectEvery;
  /** Pictures since the last detection; the first one is looked at. */
  #since = Infinity;

  constructor(every: DetectEvery) {
    this.#every = every;
  }

  /** Whether the decision needs to know what the picture before showed. */
  get isAdaptive(): boolean {
    return this.#every === 'adaptive';
  }

  /** Whether the detector looks at the next picture. Call it once for each. @param scene read when adaptive */
  next(scene?: SceneState): boolean {
    const looks = this.#since + 1 >= this.#period(scene);
    this.#since = looks ? 0 : this.#since + 1;
    return looks;
  }

  #period(scene: SceneState | undefined): number {
    if (this.#every !== 'adaptive') return this.#every;
    if (scene === undefined || scene.isChanging) return 1;
    return scene.uncertain > 0 ? UNCERTAIN_EVERY : QUIET_EVERY;
  }
}
