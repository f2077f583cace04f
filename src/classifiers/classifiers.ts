import { createHash } from 'node:crypto';
import { AppError, once, type Clock, type Log } from '../base/index.js';
import type { TrackClassifiedMessage } from '../events/index.js';
import type { Box } from '../geometry/index.js';
import type { ClassifierHead } from '../models/index.js';
import type { ExampleRow, Store, TrackClassRow, VersionRow } from '../store/index.js';
import { PictureProcess } from './picture-process.js';
import { checkClass, checkClasses, type ClassifierChange, type ClassifierSettings } from './settings.js';
import { TrackClassifier, type AppliedClassifier, type SeenTrack } from './track-classifier.js';
import type { TrainingReport } from './train-head.js';

const CLASSIFIERS_MAX = 20;
const EXAMPLES_MAX = 1000;
/** Of each class: with fewer there is nothing to learn from. */
const EXAMPLES_MIN = 5;

/** A classifier as it is now. */
export interface ClassifierInfo extends ClassifierSettings {
  readonly name: string;
  readonly madeMs: number;
  /** Examples by class. */
  readonly examples: Readonly<Record<string, number>>;
  /** The version in force. */
  readonly active?: number;
}

/** A trained version. */
export interface ClassifierVersion {
  readonly version: number;
  readonly trainedMs: number;
  readonly report: TrainingReport;
}

/** Where an example comes from; who asks is known to be allowed to see it. */
export type ExampleSource =
  | { readonly origin: 'track' | 'event' | 'feedback'; readonly id: string; readonly camera: string }
  | { readonly origin: 'upload'; readonly picture: Uint8Array; readonly clip: string; readonly box?: Box };

/** What classifiers work with. */
export interface ClassifiersOptions {
  readonly store: Store;
  readonly publish: (message: TrackClassifiedMessage) => void;
  /** Hears what is said of a track under way. */
  readonly onClass: (seen: SeenTrack, said: TrackClassRow) => void;
  /** A view waited too long. */
  readonly onDropped: (camera: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Classifiers that users train by examples: kept in the store, trained in a process of their own, asked about each track. */
export class Classifiers {
  readonly #options: ClassifiersOptions;
  readonly #pictures: PictureProcess;
  readonly #tracks: TrackClassifier;
  #applied: readonly AppliedClassifier[] = [];
  #isTraining = false;
  #trainer: PictureProcess | undefined;

  private constructor(options: ClassifiersOptions) {
    this.#options = options;
    this.#pictures = new PictureProcess(options);
    this.#tracks = new TrackClassifier({
      ...options,
      pictures: this.#pictures,
      applied: () => this.#applied,
    });
  }

  /** @throws {AppError} `store/read-failed` */
  static async open(options: ClassifiersOptions): Promise<Classifiers> {
    const classifiers = new Classifiers(options);
    await classifiers.#reload();
    return classifiers;
  }

  /** The process that looks at pictures, for searches by picture. */
  get pictures(): Pick<PictureProcess, 'ask'> {
    return this.#pictures;
  }

  /** Classes of those in force, by their names. */
  get inForce(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.#applied.map(({ name, head }) => [name, head.classes]));
  }

  /** Takes the best view of a track so far. */
  view(seen: SeenTrack): void {
    this.#tracks.view(seen);
  }

  async list(): Promise<ClassifierInfo[]> {
    const rows = await this.#table.read('list');
    return rows.map(({ name, settings, active, madeMs, examples }) => ({
      ...{ name, madeMs, examples },
      ...(JSON.parse(settings) as ClassifierSettings),
      ...(active !== null && { active }),
    }));
  }

  /** @throws {AppError} `classifier/not-found` */
  async one(name: string): Promise<ClassifierInfo> {
    const found = (await this.list()).find((one) => one.name === name);
    if (found === undefined)
      throw new AppError('classifier/not-found', 'not-found', `there is no classifier of the name ${name}`);
    return found;
  }

  /** @throws {AppError} `classifier/exists`, `classifier/too-many`, `classifier/bad-classes` */
  async create(name: string, settings: ClassifierSettings): Promise<ClassifierInfo> {
    checkClasses(settings.classes);
    if ((await this.list()).length >= CLASSIFIERS_MAX)
      throw tooMany(`there are ${CLASSIFIERS_MAX} classifiers, which is the most: delete one first`);
    const nowMs = this.#options.clock.wallMs();
    if (!(await this.#table.write('create', name, JSON.stringify(settings), nowMs)))
      throw new AppError(
        'classifier/exists',
        'conflict',
        `there is a classifier of the name ${name}: choose another`,
      );
    return this.one(name);
  }

  /** @throws {AppError} `classifier/not-found` */
  async change(name: string, change: ClassifierChange): Promise<ClassifierInfo> {
    const { classes, labels, cameras, unsureBelow } = { ...(await this.one(name)), ...change };
    const settings = { classes, labels, cameras, unsureBelow };
    await this.#table.write('settle', name, JSON.stringify(settings));
    await this.#reload();
    return this.one(name);
  }

  /** Deletes it with its examples, its versions and what it said. @throws {AppError} `classifier/not-found` */
  async remove(name: string): Promise<void> {
    await this.one(name);
    await this.#table.write('remove', name);
    await this.#reload();
  }

  /** @throws {AppError} `classifier/not-found` */
  async examples(name: string): Promise<ExampleRow[]> {
    await this.one(name);
    return this.#table.read('examples', name);
  }

  /** With its picture. */
  example(name: string, id: number) {
    return this.#table.read('example', name, id);
  }

  /**
   * Keeps a picture as an example of a class, in place of an earlier one of the same track, event or picture.
   * @returns its number
   * @throws {AppError} `classifier/not-found`, `classifier/no-such-class`, `classifier/no-picture`, `classifier/bad-picture`, `classifier/too-many`
   */
  async addExample(name: string, of: string, source: ExampleSource): Promise<number> {
    const classifier = await this.one(name);
    checkClass(classifier, of);
    const count = Object.values(classifier.examples).reduce((a, b) => a + b, 0);
    if (count >= EXAMPLES_MAX)
      throw tooMany(`${name} has ${EXAMPLES_MAX} examples, which is the most: delete some first`);
    const { jpeg, seenMs } = await this.#pictureOf(source);
    const addedMs = this.#options.clock.wallMs();
    const day = new Date(seenMs).toISOString().slice(0, 10);
    const where =
      source.origin === 'upload'
        ? {
            source: createHash('sha256').update(jpeg).digest('hex').slice(0, 32),
            camera: '',
            clip: source.clip,
          }
        : { source: source.id, camera: source.camera, clip: `${source.camera}/${day}` };
    const example = { class: of, origin: source.origin, addedMs, ...where };
    return this.#table.write('addExample', name, example, jpeg);
  }

  /** @throws {AppError} `classifier/no-such-example` */
  async removeExample(name: string, id: number): Promise<void> {
    if (!(await this.#table.write('removeExample', name, id))) throw noSuchExample();
  }

  /**
   * Trains a version on the examples that there are, and puts it in force: on tracks from now on, and on the newest that are kept.
   * @throws {AppError} `classifier/busy`, `classifier/not-found`, `classifier/too-few-examples`, …
   */
  async train(name: string): Promise<ClassifierVersion> {
    const { classes, unsureBelow } = await this.one(name);
    if (this.#isTraining)
      throw new AppError('classifier/busy', 'unavailable', 'a classifier is being trained: try again soon');
    this.#isTraining = true;
    // A process of its own, so that tracks are classified meanwhile.
    const trainer = new PictureProcess(this.#options);
    this.#trainer = trainer;
    try {
      const rows = await this.#table.read('exampleJpegs', name);
      const examples = rows.map(({ class: of, jpeg, clip, source }) => ({
        ...{ jpeg, clip, track: source },
        label: classes.indexOf(of),
      }));
      const options = { classes, unsureBelow, leastEach: EXAMPLES_MIN };
      const { head, report } = await trainer.ask('train', examples, options);
      const trainedMs = this.#options.clock.wallMs();
      const version = await this.#table.write(
        'addVersion',
        ...([name, trainedMs, JSON.stringify(head), JSON.stringify(report)] as const),
      );
      await this.#reload();
      void this.#tracks.lookBack(name);
      return { version, trainedMs, report };
    } finally {
      this.#isTraining = false;
      await trainer.close();
    }
  }

  /** The newest first. @throws {AppError} `classifier/not-found` */
  async versions(name: string): Promise<ClassifierVersion[]> {
    await this.one(name);
    return (await this.#table.read('versions', name)).map(({ version, trainedMs, report }) => ({
      ...{ version, trainedMs },
      report: JSON.parse(report) as TrainingReport,
    }));
  }

  /** Puts a version in force, an earlier one too, or none. @throws {AppError} `classifier/not-found`, `classifier/no-such-version` */
  async activate(name: string, version: number | undefined): Promise<ClassifierInfo> {
    if (version !== undefined) await this.#version(name, version);
    await this.#table.write('activate', name, version ?? null);
    await this.#reload();
    if (version !== undefined) void this.#tracks.lookBack(name);
    return this.one(name);
  }

  /** A version as an ONNX file. @throws {AppError} `classifier/not-found`, `classifier/no-such-version`, `classifier/outdated` */
  async toOnnx(name: string, version: number): Promise<Uint8Array> {
    const { unsureBelow } = await this.one(name);
    const { head } = await this.#version(name, version);
    return this.#pictures.ask('toOnnx', headOf(head), { name, version, unsureBelow });
  }

  /** Waits for what is under way. */
  readonly close = once(async () => {
    await this.#trainer?.close();
    await this.#pictures.close();
    await this.#tracks.close();
  });

  get #table() {
    return this.#options.store.table('classifiers');
  }

  async #version(name: string, version: number): Promise<VersionRow> {
    await this.one(name);
    const found = (await this.#table.read('versions', name)).find((row) => row.version === version);
    if (found !== undefined) return found;
    throw new AppError(
      'classifier/no-such-version',
      'not-found',
      `${name} has no version ${version}: see its versions; the newest 20 are kept`,
    );
  }

  async #reload(): Promise<void> {
    const applied: AppliedClassifier[] = [];
    for (const { name, active, unsureBelow, labels, cameras } of await this.list()) {
      const row = (await this.#table.read('versions', name)).find(({ version }) => version === active);
      if (row === undefined) continue;
      applied.push({
        ...{ name, version: row.version, head: headOf(row.head), unsureBelow },
        ...(labels !== undefined && { labels }),
        ...(cameras !== undefined && { cameras }),
      });
    }
    this.#applied = applied;
  }

  async #pictureOf(source: ExampleSource): Promise<{ readonly jpeg: Uint8Array; readonly seenMs: number }> {
    if (source.origin === 'upload') {
      const jpeg = await this.#pictures.ask('keep', source.picture, source.box);
      return { jpeg, seenMs: 0 };
    }
    const kind = source.origin === 'event' ? 'event' : 'track';
    const picture = await this.#options.store.table('pictures').read('one', { kind, id: source.id });
    if (picture?.jpeg === undefined)
      throw new AppError(
        'classifier/no-picture',
        'not-found',
        `no picture of this ${kind} is kept any more, or yet`,
      );
    const { jpeg, seenMs, shows, boxes } = picture;
    if (kind === 'track') return { jpeg, seenMs };
    const [box] = boxes;
    if (box === undefined)
      throw new AppError(
        'classifier/no-picture',
        'not-found',
        'this event is about no object that its picture shows',
      );
    const [left, top, right, bottom] = shows;
    const [x, y] = [right - left, bottom - top];
    const share: Box = [(box[0] - left) / x, (box[1] - top) / y, (box[2] - left) / x, (box[3] - top) / y];
    return { jpeg: await this.#pictures.ask('keep', jpeg, share), seenMs };
  }
}

const headOf = (json: string) => JSON.parse(json) as ClassifierHead;

/** The answer for an example that is not there, or may not be seen. */
export function noSuchExample(): AppError {
  return new AppError('classifier/no-such-example', 'not-found', 'there is no example of this number');
}

function tooMany(message: string): AppError {
  return new AppError('classifier/too-many', 'conflict', message);
}
