import { once, type Clock, type Log } from '../base/index.js';
import type { InferencePool } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { CameraPipeline, type EnginePacket } from './camera-pipeline.js';
import { Dispatcher } from './dispatcher.js';
import type { EngineCamera, EngineCounts, Observation } from './messages.js';

/** What an engine works with, and who hears of what it sees. */
export interface EngineOptions {
  readonly ffmpeg: Ffmpeg;
  readonly pool: InferencePool;
  readonly clock: Clock;
  readonly log: Log;
  readonly onObservation: (observation: Observation) => void;
}

/** All cameras' pipelines over one inference pool, which they share fairly. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #pipelines = new Map<string, CameraPipeline>();
  readonly #dispatcher: Dispatcher;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options.pool, options.clock);
  }

  /** Adds a camera, or begins it anew with other settings. */
  setCamera(camera: EngineCamera): void {
    this.removeCamera(camera.id);
    const { ffmpeg, pool, clock, log, onObservation } = this.#options;
    const pipeline: CameraPipeline = new CameraPipeline({
      camera,
      ffmpeg,
      pool,
      inWorkersMax: pool.size,
      clock,
      log,
      hasRoom: () => this.#dispatcher.hasRoomFor(pipeline),
      onReady: () => this.#dispatcher.dispatch(),
      onObservation,
    });
    this.#pipelines.set(camera.id, pipeline);
    this.#dispatcher.add(pipeline);
  }

  removeCamera(id: string): void {
    const pipeline = this.#pipelines.get(id);
    if (pipeline === undefined) return;
    this.#pipelines.delete(id);
    this.#dispatcher.delete(pipeline);
    void pipeline.close();
  }

  /** Begins a camera's stream; ignored for a camera that was removed meanwhile. */
  startStream(
    camera: string,
    stream: { epoch: number; widthPx: number; heightPx: number; initSegment: Buffer },
  ): void {
    const { epoch, widthPx, heightPx, initSegment } = stream;
    this.#pipelines.get(camera)?.startStream(epoch, widthPx, heightPx, initSegment);
  }

  /** Takes one compressed frame. */
  write(camera: string, epoch: number, packet: EnginePacket): void {
    this.#pipelines.get(camera)?.write(epoch, packet);
  }

  /** Counts since the last call, by camera. */
  takeCounts(): Record<string, EngineCounts> {
    return Object.fromEntries([...this.#pipelines].map(([id, pipeline]) => [id, pipeline.takeCounts()]));
  }

  close = once(async () => {
    await Promise.all([...this.#pipelines.values()].map((pipeline) => pipeline.close()));
    this.#pipelines.clear();
    await this.#options.pool.close();
  });
}
