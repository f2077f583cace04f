import type { Clock } from '../base/index.js';
import { CAMERA_FAULTS, type CameraFault, type PictureHealth } from '../frames/index.js';
import type { ConnectionStatus } from '../ingest/index.js';
import type { Metrics } from '../metrics/index.js';
import type { CameraView } from '../server/index.js';

const UNKNOWN: PictureHealth = { state: 'learning', faults: [] };

/** What is wrong with one camera now, by its pictures and its connection, for people and for the metrics. */
export class CameraHealth {
  readonly #camera: string;
  readonly #metrics: Metrics;
  readonly #clock: Clock;
  /** Faults that the camera has, and since when that is known, ms since 1970 UTC. */
  readonly #sinceMs = new Map<CameraFault, number>();
  #pictures = UNKNOWN;

  constructor({ camera, metrics, clock }: { camera: string; metrics: Metrics; clock: Clock }) {
    this.#camera = camera;
    this.#metrics = metrics;
    this.#clock = clock;
    for (const type of CAMERA_FAULTS) metrics.cameraHealthFault.set({ camera, type }, 0);
  }

  /** Takes what a picture showed. */
  see(health: PictureHealth, capturedAtMs: number): void {
    const { state, faults } = this.#pictures;
    const isSame =
      health.faults.length === faults.length && faults.every((one) => health.faults.includes(one));
    if (isSame && health.state === state) return;
    this.#pictures = health;
    for (const fault of CAMERA_FAULTS)
      if (fault !== 'signal-lost') this.#set(fault, health.faults.includes(fault), capturedAtMs);
  }

  /** Takes how the connection is. To connect for the first time is no loss; to connect anew does not end one. */
  setConnection(state: ConnectionStatus['state']): void {
    if (state === 'connecting' || state === 'stopped') return;
    if (state !== 'live') this.forget();
    this.#set('signal-lost', state !== 'live', this.#clock.wallMs());
  }

  /** Nobody looks at the pictures now. */
  forget(): void {
    this.see(UNKNOWN, this.#clock.wallMs());
  }

  /** As in the answers of the API. */
  view(): CameraView['health'] {
    const faults = [...this.#sinceMs].map(([fault, ms]) => ({ fault, since: new Date(ms).toISOString() }));
    if (faults.length > 0) return { state: 'faulty', faults };
    return { state: this.#pictures.state === 'learning' ? 'learning' : 'good', faults };
  }

  #set(fault: CameraFault, isSo: boolean, atMs: number): void {
    if (isSo === this.#sinceMs.has(fault)) return;
    if (isSo) this.#sinceMs.set(fault, atMs);
    else this.#sinceMs.delete(fault);
    this.#metrics.cameraHealthFault.set({ camera: this.#camera, type: fault }, isSo ? 1 : 0);
  }
}
