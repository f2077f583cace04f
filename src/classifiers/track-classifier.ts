import { AppError, messageOf, once, type Clock, type Log } from '../base/index.js';
import { PROTOCOL_VERSION, type TrackClassifiedMessage } from '../events/index.js';
import { classify, type ClassifierHead } from '../models/index.js';
import type { Store, TrackClassRow } from '../store/index.js';
import type { PictureProcess } from './picture-process.js';

/** Views that wait, over all cameras; the oldest are dropped. */
const WAITING_MAX = 64;
/** Newest tracks that a version which was just put in force is asked about. */
const LATEST_COUNT = 200;
const CONFIDENCE_STEPS = 1000;

/** A classifier in force. */
export interface AppliedClassifier {
  readonly name: string;
  readonly version: number;
  readonly head: ClassifierHead;
  readonly unsureBelow: number;
  /** All where absent. */
  readonly labels?: readonly string[];
  readonly cameras?: readonly string[];
}

/** The best view of a track so far. */
export interface SeenTrack {
  readonly camera: string;
  readonly id: string;
  /** Of its run; absent for one that is over. */
  readonly number?: number;
  readonly label: string;
  readonly jpeg: Uint8Array;
}

/** What tracks are classified with. */
export interface TrackClassifierOptions {
  readonly store: Store;
  readonly pictures: PictureProcess;
  /** Those in force when it is asked. */
  readonly applied: () => readonly AppliedClassifier[];
  readonly publish: (message: TrackClassifiedMessage) => void;
  /** Hears what is said of a track under way. */
  readonly onClass: (seen: SeenTrack, said: TrackClassRow) => void;
  readonly onDropped: (camera: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks the classifiers in force about the views of tracks, one view at a time. */
export class TrackClassifier {
  readonly #options: TrackClassifierOptions;
  readonly #waiting: SeenTrack[] = [];
  #running: Promise<void> | undefined;
  #latest: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: TrackClassifierOptions) {
    this.#options = options;
  }

  /** Takes the best view of a track so far; classified when its turn comes, if a classifier is for it. */
  view(seen: SeenTrack): void {
    if (this.#isClosed || this.#for(seen).length === 0) return;
    this.#waiting.push(seen);
    if (this.#waiting.length > WAITING_MAX) this.#options.onDropped(this.#waiting.shift()!.camera);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Asks a classifier about the newest tracks that are kept with their pictures, after others that are under way. */
  lookBack(name: string): Promise<void> {
    this.#latest = this.#latest
      .then(() => this.#lookBack(name))
      .catch((error: unknown) => this.#failed(error));
    return this.#latest;
  }

  /** Waits for what is under way. */
  readonly close = once(async () => {
    this.#isClosed = true;
    this.#waiting.length = 0;
    await Promise.all([this.#running, this.#latest]);
  });

  #for({ camera, label }: Pick<SeenTrack, 'camera' | 'label'>): AppliedClassifier[] {
    return this.#options
      .applied()
      .filter(
        ({ cameras, labels }) =>
          (cameras === undefined || cameras.includes(camera)) &&
          (labels === undefined || labels.includes(label)),
      );
  }

  async #run(): Promise<void> {
    for (;;) {
      const seen = this.#waiting.shift();
      if (seen === undefined) return;
      try {
        await this.#classify(seen, this.#for(seen));
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  async #lookBack(name: string): Promise<void> {
    const { store, applied } = this.#options;
    const wanted = applied().find((one) => one.name === name);
    if (wanted === undefined) return;
    const { rows } = await store.table('history').read('tracks', {
      ...(wanted.cameras !== undefined && { cameras: wanted.cameras }),
      limit: LATEST_COUNT,
    });
    for (const { id, camera, label } of rows) {
      const isInForce = applied().some((one) => one.name === name && one.version === wanted.version);
      if (this.#isClosed || !isInForce) return;
      if (wanted.labels?.includes(label) === false) continue;
      const picture = await store.table('pictures').read('one', { kind: 'track', id });
      if (picture?.jpeg === undefined) continue;
      await this.#classify({ camera, id, label, jpeg: picture.jpeg }, [wanted]);
    }
  }

  async #classify(seen: SeenTrack, classifiers: readonly AppliedClassifier[]): Promise<void> {
    if (classifiers.length === 0) return;
    const { store, pictures, publish, onClass, clock } = this.#options;
    const { features, version: made } = await pictures.ask('features', seen.jpeg);
    const before = (await store.table('history').read('track', seen.id))?.classes ?? [];
    for (const { name, version, head, unsureBelow } of classifiers) {
      if (head.features !== made) throw outdated(name);
      const { value, confidence } = classify(head, features, unsureBelow);
      const rounded = Math.round(confidence * CONFIDENCE_STEPS) / CONFIDENCE_STEPS;
      const said: TrackClassRow = { classifier: name, version, value, confidence: rounded };
      if (seen.number !== undefined) onClass(seen, said);
      const was = before.find(({ classifier }) => classifier === name);
      if (was?.value === value && was.version === version) continue;
      publish({
        v: PROTOCOL_VERSION,
        type: 'track.classified',
        camera: seen.camera,
        time: new Date(clock.wallMs()).toISOString(),
        track: { id: seen.id, label: seen.label },
        class: said,
      });
    }
  }

  #failed(error: unknown): void {
    if (!this.#isClosed)
      this.#options.log.warn({ cause: messageOf(error) }, 'a track could not be classified');
  }
}

function outdated(name: string): AppError {
  return new AppError(
    'classifier/outdated',
    'conflict',
    `the classifier ${name} was trained on features of another version of the network: train it again`,
  );
}
