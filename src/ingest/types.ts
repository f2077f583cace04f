/** Where a camera connection stands. One state at a time; `live` is the only one in which frames arrive. */
export type ConnectionState =
  | 'connecting'
  | 'waiting' // for the browser that has the webcam
  | 'live'
  | 'stalled' // connected, but no frame for the watchdog's limit; the process is being replaced
  | 'reconnecting' // lost; waiting for the next try
  | 'auth_failed' // 401/403: slow retries, so that the camera does not lock us out
  | 'not_found' // 404/454: slow retries
  | 'redirect_refused'
  | 'dns_failed'
  | 'unsupported' // not a video, or nothing this FFmpeg can read
  | 'ffmpeg_missing'
  | 'ended' // a file played once to its end
  | 'stopped';

/** A camera's state as people and programs see it. Holds no secret. */
export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Wall time of the last change of `state`, ms since 1970 UTC. */
  readonly sinceMs: number;
  /** One sentence: what is wrong and what to do; absent while live. */
  readonly reason?: string;
  readonly codec?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Measured over the last seconds. */
  readonly fps?: number;
  /** True when the source is encoded anew: its codec cannot be copied, or parts of the picture are masked. */
  readonly transcoded: boolean;
  /** Parts of the picture are masked. */
  readonly masked?: true;
  readonly reconnects: number;
}

/** Ticks per second of every presentation time that leaves `ingest/`. */
export const TICKS_PER_SECOND = 90_000;

/** The start of one unbroken stream; a reconnect, a new resolution or codec begins another. */
export interface StreamInfo {
  /** Rises by one with each new stream of a camera. */
  readonly epoch: number;
  /** RFC 6381, for example `avc1.64001e`. */
  readonly codec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** `ftyp` + `moov`. Immutable once handed out. */
  readonly initSegment: Buffer;
}

/** One frame, compressed, as a self-contained fMP4 fragment (`moof` + `mdat`). Immutable once handed out. */
export interface Fragment {
  readonly epoch: number;
  /** Presentation time since the epoch's zero, in 1/90000 s: the time at which a browser shows it. */
  readonly ptsTicks: number;
  readonly isKeyframe: boolean;
  readonly bytes: Buffer;
  /** Arrival on the monotonic clock (`Clock.monotonicMs`). */
  readonly arrivedMs: number;
  /** Arrival in wall time, ms since 1970 UTC. */
  readonly capturedAtMs: number;
}
