import type { Accounts, Role } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import type { Classifiers } from '../classifiers/index.js';
import type { ConfigFile, parseCameraRules } from '../config/index.js';
import type { NumberedMessage } from '../events/index.js';
import type { Box } from '../geometry/index.js';
import type { Metrics } from '../metrics/index.js';
import type { LiveViewer } from '../live/index.js';
import type { TableClient, TableOf } from '../store/index.js';
import type { CameraTestView } from './camera-test-view.js';
import type { CatalogueModelView, ModelPullView, ModelView } from './model-views.js';
import type { SceneView } from './scene-view.js';
import type { DiscoveredView, UploadView } from './camera-source-views.js';
import type { HostFacts } from './system-view.js';
import type { CameraStages, CameraView, FollowedView, Readiness, RulesTrial } from './protocol.js';

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

/** Where a browser sends the pictures of a camera; `ingest/`'s `PushInlet` is one. */
export interface PushTarget {
  /** @throws {AppError} `ingest/push-taken`, `ingest/push-not-now` */
  open(pusher: {
    setPaused(isPaused: boolean): void;
    /** Nothing more is taken. */
    end(why: 'too-fast' | 'idle' | 'over'): void;
  }): { write(bytes: Buffer): void; close(): void };
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

/** What is covered in a camera's pictures, for those below a role. */
export interface CameraRedaction {
  readonly plainFor: Role;
  /** Empty: it is not known what to cover, so that nothing is shown. */
  readonly labels: readonly string[];
  readonly fill: string;
  readonly shape: string;
}

/** Everything that the server asks of the rest of Sightline. */
export interface ServerDependencies {
  cameras(): readonly CameraView[];
  camera(id: string): CameraView | undefined;
  /** Where the time of its frames goes, or undefined when there is no such camera. */
  stages(id: string): CameraStages | undefined;
  /** The live pictures of a camera, or undefined when there is no such camera. */
  live(id: string): LiveSource | undefined;
  /** The same with people covered, or undefined also where nobody is to be covered. */
  coveredLive(id: string): LiveSource | undefined;
  /** Where a browser sends the pictures of a camera, or undefined when there is no such camera or its source is no webcam. */
  push(id: string): PushTarget | undefined;
  /** A camera's newest picture as a JPEG, at most `widthPx` wide, or undefined when there is no such camera. */
  snapshot(id: string, widthPx: number | undefined): Promise<Buffer> | undefined;
  /** Ids of all cameras of the configuration, switched off or not. */
  configuredCameras(): readonly string[];
  /** What is covered in a camera's pictures; undefined: nothing. One that is not configured has what hides it from all but administrators. */
  readonly redaction: (camera: string) => CameraRedaction | undefined;
  /**
   * A camera's picture, a JPEG, in which what is to be covered is.
   * @param known where that is known to be, as shares of the picture
   * @throws {AppError} `engine/no-answer`, `engine/cannot-redact`, `engine/redact-busy`, `inference/*`
   */
  readonly redact: (camera: string, jpeg: Buffer, known: readonly Box[]) => Promise<Buffer>;
  /**
   * A clip of a camera with what is to be covered covered in each of its pictures, without sound.
   * @throws {AppError} `recording/*`, `engine/*`: no clip rather than a plain one
   */
  readonly coveredClip: (
    camera: string,
    range: { readonly fromMs: number; readonly toMs: number },
  ) => Promise<ClipSource>;
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
  /**
   * Connects once to a source, an address on the network, as a camera would.
   * @throws {AppError} `ingest/source-invalid`, `ingest/scheme-not-allowed`, `ingest/address-not-allowed`
   */
  trySource(
    source: string,
    signal: AbortSignal,
  ): Promise<Omit<CameraTestView, 'source' | 'picture'> & { readonly picture?: Buffer }>;
  readonly scenes: {
    /** What a camera was last seen to show where; undefined before it was looked at. */
    last(camera: string): SceneView | undefined;
    /**
     * Looks at pictures of a camera, so many so far apart, and keeps what they show; undefined when there is no such camera.
     * @throws {AppError} `scene/*`; `live/*` when there is no picture
     */
    look(
      camera: string,
      wish: { readonly pictures: number; readonly everyMs: number },
      signal: AbortSignal,
    ): Promise<SceneView> | undefined;
  };
  /** Devices on the network that say they send video; waits for a few seconds, or until `signal`. */
  discoverCameras(signal: AbortSignal): Promise<readonly DiscoveredView[]>;
  readonly uploads: {
    /** @throws {AppError} `server/upload-too-large`, `server/upload-no-room`, `server/too-many-uploads` */
    begin(bytes: number): Promise<UploadView>;
    /** @throws {AppError} `server/no-such-upload`, `server/upload-offset`, `server/upload-no-room`, `server/upload-no-video` */
    add(id: string, from: number, piece: Buffer): Promise<UploadView>;
  };
  /** What the machine has, and what of it is used. */
  host(): Promise<HostFacts>;
  readonly models: {
    /** Those that enabled cameras ask for. */
    inUse(): Promise<readonly ModelView[]>;
    catalogue(): Promise<readonly CatalogueModelView[]>;
    /**
     * Begins to pull a model of the catalogue, or goes on where that is under way.
     * @param accepted SPDX identifiers of licences
     * @throws {AppError} `model/not-found`, `model/licence-not-accepted`
     */
    pull(name: string, accepted: readonly string[]): Promise<ModelPullView>;
    /** Stops that, or forgets how it ended. @throws {AppError} `model/not-found` */
    cancelPull(name: string): Promise<void>;
  };
  readonly journal: JournalReader;
  readonly recordings: RecordingSource;
  readonly history: TableClient<TableOf<'history'>>;
  readonly pictures: TableClient<TableOf<'pictures'>>;
  readonly looks: TableClient<TableOf<'looks'>>;
  readonly similarity: TableClient<TableOf<'similarity'>>;
  readonly texts: TableClient<TableOf<'texts'>>;
  readonly classifiers: Classifiers;
  readonly accounts: Accounts;
  /** The configuration file; undefined where the server was started without one. */
  readonly configFile: Pick<ConfigFile, 'read' | 'change'> | undefined;
  readiness(): Readiness;
  readonly metrics: Pick<Metrics, 'wsClients' | 'wsDropped' | 'text'>;
  readonly clock: Clock;
  readonly log: Log;
}
