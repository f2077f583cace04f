import type { Accounts } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import type { ConfigFile, parseCameraRules } from '../config/index.js';
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

/** A movie file that is made while it is read. */
export interface ClipSource {
  /** What it shows of wall time, ms; between two of them nothing is recorded. */
  readonly ranges: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly bytes: number;
  readonly etag: string;
  /** The bytes from `start` up to `end`, without that one. */
  read(start: number, end: number): AsyncIterable<Buffer>;
}

/** A place in the list of recordings. */
export interface RecordingCursor {
  readonly startMs: number;
  readonly id: number;
  readonly endMs: number;
}

/** What is recorded; `recording/`'s `Recordings` is one. Times are wall time in ms. */
export interface RecordingSource {
  list(query: {
    readonly camera: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly after?: RecordingCursor;
    readonly limit: number;
  }): Promise<{
    readonly segments: readonly {
      readonly camera: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly severity: 'routine' | 'event';
      readonly isMarked?: boolean;
      readonly id?: number;
      readonly codec: string;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly frames: number;
      readonly bytes: number;
      readonly tier: string;
      readonly epoch: number;
    }[];
    readonly gaps: readonly { readonly fromMs: number; readonly toMs: number; readonly reason: string }[];
    readonly next?: RecordingCursor;
  }>;
  clip(
    camera: string,
    range: { readonly fromMs: number; readonly toMs: number },
    isExact: boolean,
  ): Promise<ClipSource>;
  /** Marks what overlaps a time, so that it is never deleted, or unmarks it; gives the number of segments. */
  mark(
    camera: string,
    range: { readonly fromMs: number; readonly toMs: number },
    isMarked: boolean,
  ): Promise<number>;
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
  readonly recordings: RecordingSource;
  readonly history: TableClient<TableOf<'history'>>;
  readonly pictures: TableClient<TableOf<'pictures'>>;
  readonly looks: TableClient<TableOf<'looks'>>;
  readonly accounts: Accounts;
  /** The configuration file; undefined where the server was started without one. */
  readonly configFile: Pick<ConfigFile, 'read' | 'change'> | undefined;
  readiness(): Readiness;
  readonly metrics: Pick<Metrics, 'wsClients' | 'wsDropped' | 'text'>;
  readonly clock: Clock;
  readonly log: Log;
}
