import { once, type Clock, type Log } from '../base/index.js';
import type { InferencePool } from '../inference/index.js';
import type { Ffmpeg } from '../media/index.js';
import { CameraPipeline } from './camera-pipeline.js';
import { FairShare } from './fair-share.js';
import type { EngineCamera, EngineCounts, Observation } from './messages.js';
import type { PacketTimes } from './decoder.js';

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
  readonly #shares = new FairShare<CameraPipeline>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Adds a camera, or begins it anew with other settings. */
  setCamera(camera: EngineCamera): void {
    this.removeCamera(camera.id);
    const { ffmpeg, pool, clock, log, onObservation } = this.#options;
    const pipeline = new CameraPipeline({
      camera,
      ffmpeg,
      pool,
      inWorkersMax: pool.size,
      clock,
      log,
      onReady: () => this.#dispatch(),
      onObservation,
    });
    this.#pipelines.set(camera.id, pipeline);
    this.#shares.add(pipeline);
  }

  removeCamera(id: string): void {
    const pipeline = this.#pipelines.get(id);
    if (pipeline === undefined) return;
    this.#pipelines.delete(id);
    this.#shares.delete(pipeline);
    void pipeline.close();
  }

  /** Begins a camera's stream; ignored for a camera that was removed meanwhile. */
  startStream(camera: string, stream: { epoch: number; widthPx: number; heightPx: number; initSegment: Buffer }): void {
    const { epoch, widthPx, heightPx, initSegment } = stream;
    this.#pipelines.get(camera)?.startStream(epoch, widthPx, heightPx, initSegment);
  }

  /** Takes one compressed frame. */
  write(camera: string, epoch: number, fragment: Buffer, times: PacketTimes, isKeyframe: boolean): void {
    this.#pipelines.get(camera)?.write(epoch, fragment, times, isKeyframe);
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

  /** Gives every free worker a frame while one waits. Called when a frame or a worker becomes free. */
  #dispatch(): void {
    while (this.#options.pool.idle > 0) {
      const pipeline = this.#shares.next();
      if (pipeline === undefined) return;
      void pipeline.analyseNext().then(() => this.#dispatch());
    }
  }
}
