import type { Accounts } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import type { parseCameraRules } from '../config/index.js';
import type { NumberedMessage } from '../events/index.js';
import type { Box } from '../geometry/index.js';
import type { Metrics } from '../metrics/index.js';
import type { LiveViewer } from '../live/index.js';
import type { TableClient, TableOf } from '../store/index.js';
import type { CameraView, FollowedView, Readiness, RulesTrial } from './protocol.js';

/** The stored past, as far as the server needs it; `store/`'s `Journal` is one. */
export interface JournalReader {
  readonly lastSeq: number;
  readonly firstSeq: number;
  read(options: { afterSeq: number; limit: number }): Promise<NumberedMessage[]>;
}

/** A camera's live pictures; `live/`'s `LiveFeed` is one. */
export interface LiveSource {
  addViewer(viewer: LiveViewer): { close(): void };
}

/** Everything that the server asks of the rest of Sightline. */
export interface ServerDependencies {
  cameras(): readonly CameraView[];
  camera(id: string): CameraView | undefined;
  /** The live pictures of a camera, or undefined when there is no such camera. */
  live(id: string): LiveSource | undefined;
  /** A camera's newest picture as a JPEG, at most `widthPx` wide, or undefined when there is no such camera. */
  snapshot(id: string, widthPx: number | undefined): Promise<Buffer> | undefined;
  /**
   * Follows what is in a box, source pixels, as a track of its own; undefined when there is no such camera.
   * @throws {AppError} `engine/*`
   */
  follow(camera: string, box: Box, label: string): Promise<FollowedView> | undefined;
  /** Follows it no more; whether it was followed; undefined when there is no such camera. @throws {AppError} `engine/no-answer` */
  release(camera: string, trackId: string): Promise<boolean> | undefined;
  /**
   * What rules would have done with the tracks of before. Zones, lines and calibration that are not given are those in force.
   * @throws {AppError} `config/*` for rules that would be refused in the configuration file
   */
  tryRules(trial: {
    readonly camera: string;
    readonly rules: Parameters<typeof parseCameraRules>[1];
    readonly fromMs: number;
    readonly toMs: number;
  }): Promise<RulesTrial>;
  readonly journal: JournalReader;
  readonly history: TableClient<TableOf<'history'>>;
  readonly accounts: Accounts;
  readiness(): Readiness;
  readonly metrics: Pick<Metrics, 'wsClients' | 'wsDropped' | 'text'>;
  readonly clock: Clock;
  readonly log: Log;
}
