import { encodeError, once, type Clock, type Log } from '../base/index.js';
import type { InferencePool } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { CameraPipeline, noStream, type EnginePacket } from './camera-pipeline.js';
import { Dispatcher } from './dispatcher.js';
import type { FollowWish } from './hand-followed.js';
import type {
  CameraReading,
  EngineCamera,
  EngineCounts,
  EngineModel,
  ModelState,
  Observation,
  TrackView,
} from './messages.js';
import { TextReading, type TextThread } from './text-reading.js';
import { ViewEncoder } from './view-encoder.js';
import { noModel, Redactor, type RedactWish } from './redactor.js';
import { ModelShelf } from './model-shelf.js';
import { ProcessorShare } from './processor-share.js';

/** What an engine works with, and who hears of what it sees. */
export interface EngineOptions {
  readonly ffmpeg: Ffmpeg;
  /** Pictures that the processor looks at at the same time. */
  readonly workers: number;
  readonly openModel: (model: EngineModel) => Promise<InferencePool>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onObservation: (observation: Observation) => void;
  /** Takes the view of a track; false where it could not. */
  readonly onView: (view: TrackView) => boolean;
  /** Called when a camera first asks for what is written on its tracks. */
  readonly openTexts: () => Promise<TextThread>;
  readonly onText: (reading: CameraReading) => void;
  readonly onModelState: (model: string, state: ModelState) => void;
  /** A camera's tracks began anew with another model. */
  readonly onTracksReset: (camera: string) => void;
}

/** Packets kept for a camera whose model is being loaded. */
const EARLY_MAX = 300;

/** How a camera's current stream begins. */
interface StreamStart {
  readonly epoch: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly initSegment: Buffer;
}

interface CameraPlace {
  readonly camera: EngineCamera;
  stream: StreamStart | undefined;
  /** The current group of pictures, while there is no pipeline to take it. */
  early: EnginePacket[];
  pipeline: CameraPipeline | undefined;
  /** Number of the first track of the next pipeline: numbers are not used twice. */
  nextTrack: number;
}

/** All cameras' pipelines over the models that they ask for; what runs on one device is shared fairly. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #cameras = new Map<string, CameraPlace>();
  readonly #models: ModelShelf<InferencePool>;
  readonly #processor: ProcessorShare;
  readonly #encoder: ViewEncoder;
  readonly #reading: TextReading;
  readonly #redactor = new Redactor();
  readonly #processorDispatcher: Dispatcher;
  /** Of models on other devices, each of which has its own. */
  readonly #dispatchers = new Map<InferencePool, Dispatcher>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#processor = new ProcessorShare(options.workers);
    this.#encoder = new ViewEncoder(options.log);
    this.#reading = new TextReading(options.openTexts, options.log);
    this.#processorDispatcher = new Dispatcher(this.#processor, options.clock);
    this.#models = new ModelShelf({
      open: options.openModel,
      onReady: (id, pool, before) => {
        this.#useModel(id, pool);
        if (before !== undefined) this.#forgetPool(before);
      },
      onFailed: (id, error, isOldInUse) => {
        options.log.error({ model: id, code: error.code, cause: error.message }, 'a model cannot be used');
        options.onModelState(id, { state: 'failed', error: encodeError(error), isOldInUse });
      },
    });
  }

  /** Makes a model known, or another file or provider under its id. Cameras go on with the one before until it is ready. */
  setModel(model: EngineModel): void {
    if (this.#models.get(model.id) === undefined) this.#options.onModelState(model.id, { state: 'loading' });
    this.#models.set(model);
  }

  removeModel(id: string): void {
    const pool = this.#models.get(id);
    if (pool !== undefined) this.#forgetPool(pool);
    this.#models.delete(id);
  }

  /**
   * Adds a camera, or begins it anew with other settings.
   * @param firstTrack number of the first track of a camera that is new here
   */
  setCamera(camera: EngineCamera, firstTrack = 1): void {
    const before = this.#cameras.get(camera.id);
    this.removeCamera(camera.id);
    const place = {
      camera,
      stream: undefined,
      early: [],
      pipeline: undefined,
      nextTrack: before?.nextTrack ?? firstTrack,
    };
    this.#cameras.set(camera.id, place);
    this.#startPipeline(place);
  }

  removeCamera(id: string): void {
    const place = this.#cameras.get(id);
    if (place === undefined) return;
    this.#endPipeline(place);
    this.#cameras.delete(id);
  }

  /** Begins a camera's stream; ignored for a camera that was removed meanwhile. */
  startStream(camera: string, stream: StreamStart): void {
    const place = this.#cameras.get(camera);
    if (place === undefined) return;
    place.stream = stream;
    place.early = [];
    place.pipeline?.startStream(stream.epoch, stream.widthPx, stream.heightPx, stream.initSegment);
  }

  /** Takes one compressed frame. */
  write(camera: string, epoch: number, packet: EnginePacket): void {
    const place = this.#cameras.get(camera);
    if (place?.pipeline !== undefined) place.pipeline.write(epoch, packet);
    else if (place?.stream?.epoch === epoch) keepEarly(place, packet);
  }

  /**
   * Follows what is in a box of a camera's pictures.
   * @returns the number of its track
   * @throws {AppError} `engine/no-stream`; as {@link FrameAnalyser.followByHand}
   */
  followByHand(camera: string, wish: FollowWish): number {
    const pipeline = this.#cameras.get(camera)?.pipeline;
    if (pipeline === undefined) throw noStream();
    return pipeline.followByHand(wish);
  }

  /** Follows it no more; whether it was followed by hand. */
  release(camera: string, track: number): boolean {
    return this.#cameras.get(camera)?.pipeline?.release(track) ?? false;
  }

  /**
   * Covers what a model finds in a picture, a JPEG.
   * @throws {AppError} `engine/cannot-redact`; as {@link Redactor.redact}
   */
  async redact(model: string, picture: Uint8Array, wish: RedactWish): Promise<Buffer> {
    const pool = this.#models.get(model);
    if (pool === undefined) throw noModel();
    return this.#redactor.redact(pool, picture, wish);
  }

  /** Counts since the last call, by camera. */
  takeCounts(): Record<string, EngineCounts> {
    const counts: Record<string, EngineCounts> = {};
    for (const [id, { pipeline }] of this.#cameras)
      if (pipeline !== undefined) counts[id] = pipeline.takeCounts();
    return counts;
  }

  close = once(async () => {
    await Promise.all([...this.#cameras.values()].flatMap(({ pipeline }) => pipeline?.close() ?? []));
    this.#cameras.clear();
    await this.#encoder.close();
    await this.#reading.close();
    await this.#models.close();
  });

  #useModel(id: string, pool: InferencePool): void {
    const { log, clock, onModelState, onTracksReset } = this.#options;
    const { version, family, provider, fallbacks, labels, precision, input: takes } = pool.model;
    for (const { provider: missing, reason } of fallbacks)
      log.warn(
        { model: id, provider: missing, reason },
        `${missing} cannot be used: the model runs on ${provider}`,
      );
    if (provider === 'cpu') this.#processor.add(pool);
    else this.#dispatchers.set(pool, new Dispatcher(pool, clock));
    for (const place of this.#cameras.values()) {
      if (place.camera.model !== id) continue;
      const hadTracks = place.pipeline !== undefined;
      this.#endPipeline(place);
      if (hadTracks) onTracksReset(place.camera.id);
      this.#startPipeline(place);
    }
    const input = takes.size === 'dynamic' ? { stridePx: takes.stridePx } : takes.size;
    const facts = { version, family, provider, fallbacks, labels, precision, input };
    onModelState(id, { state: 'ready', ...facts });
  }

  /** Starts a camera's pipeline if its model is there; its stream goes on from the last keyframe, if that is kept, else from the next. */
  #startPipeline(place: CameraPlace): void {
    const { camera, stream } = place;
    const pool = this.#models.get(camera.model);
    if (pool === undefined) return;
    const { ffmpeg, clock, log, onObservation, onView, onText } = this.#options;
    const dispatcher = this.#dispatchers.get(pool) ?? this.#processorDispatcher;
    const pipeline: CameraPipeline = new CameraPipeline({
      camera,
      ffmpeg,
      pool,
      firstTrack: place.nextTrack,
      inWorkersMax: pool.sizeMax,
      clock,
      log,
      hasRoom: () => dispatcher.hasRoomFor(pipeline),
      onReady: () => dispatcher.dispatch(),
      onObservation,
      onView,
      encoder: this.#encoder,
      reading: this.#reading,
      onText,
    });
    place.pipeline = pipeline;
    dispatcher.add(pipeline);
    if (stream === undefined) return;
    pipeline.startStream(stream.epoch, stream.widthPx, stream.heightPx, stream.initSegment);
    for (const packet of place.early) pipeline.write(stream.epoch, packet);
    place.early = [];
  }

  #endPipeline(place: CameraPlace): void {
    const { pipeline } = place;
    if (pipeline === undefined) return;
    for (const dispatcher of [this.#processorDispatcher, ...this.#dispatchers.values()])
      dispatcher.delete(pipeline);
    place.nextTrack = pipeline.nextTrack;
    place.pipeline = undefined;
    void pipeline.close();
  }

  #forgetPool(pool: InferencePool): void {
    this.#processor.delete(pool);
    this.#dispatchers.delete(pool);
  }
}

function keepEarly(place: CameraPlace, packet: EnginePacket): void {
  if (packet.isKeyframe || place.early.length >= EARLY_MAX) place.early = [];
  if (packet.isKeyframe || place.early.length > 0) place.early.push(packet);
}
