import { systemClock } from '../../src/base/index.js';
import { canaryAuth } from './canary.js';
import type { Clip } from './clips.js';
import { FakeCamera } from './fakecam/index.js';
import { WatchedConnection } from './watched-connection.js';

export interface HealthReport {
  readonly camera: string;
  /** Frames received ÷ frames that the camera made meanwhile. */
  readonly share: number;
  readonly longestGapMs: number;
  readonly reconnects: number;
}

/** Cameras without a fault that run beside faulty ones, and must not notice. */
export class HealthyCameras {
  readonly connections: readonly WatchedConnection[];
  readonly #cameras: readonly FakeCamera[];
  readonly #baselines: readonly { readonly encoded: number; readonly received: number }[];
  readonly #sinceMs = systemClock.monotonicMs();

  private constructor(cameras: readonly FakeCamera[], connections: readonly WatchedConnection[]) {
    this.#cameras = cameras;
    this.connections = connections;
    this.#baselines = this.#counts();
  }

  /** Opens `count` cameras and waits until frames of each arrive. */
  static async open(count: number, clip: Clip): Promise<HealthyCameras> {
    const cameras = await Promise.all(
      Array.from({ length: count }, () => FakeCamera.open({ clips: [clip], auth: canaryAuth })),
    );
    const connections = cameras.map(
      (camera, index) =>
        new WatchedConnection({ camera: `healthy-${index + 1}`, source: camera.urlWithCredentials }),
    );
    await Promise.all(connections.map((connection) => connection.moreFragments(5)));
    return new HealthyCameras(cameras, connections);
  }

  /** How the cameras fared since all of them were live. */
  report(): HealthReport[] {
    return this.#counts().map(({ encoded, received }, index) => {
      const before = this.#baselines[index]!;
      const connection = this.connections[index]!;
      return {
        camera: `healthy-${index + 1}`,
        share: (received - before.received) / (encoded - before.encoded),
        longestGapMs: connection.longestGapMs(this.#sinceMs),
        reconnects: connection.status.reconnects,
      };
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
    await Promise.all(this.#cameras.map((camera) => camera.close()));
  }

  #counts(): { encoded: number; received: number }[] {
    return this.#cameras.map((camera, index) => ({
      encoded: camera.framesEncoded,
      received: this.connections[index]!.fragments.length,
    }));
  }
}
