/** The process that answers, as itself knows it. */
export interface ServerFacts {
  readonly name: 'sightline';
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly node: string;
  readonly platform: string;
  /** Open event streams, of either kind, and live feeds. */
  readonly clients: number;
  /** The newest and the oldest durable message that can be read; `firstSeq` is `lastSeq + 1` when there is none. */
  readonly lastSeq: number;
  readonly firstSeq: number;
}

/** What the machine has, and what of it is used. Sizes are bytes. */
export interface HostFacts {
  readonly processors: {
    readonly count: number;
    /** Share of all of them that was busy in the last seconds, whoever had it, 0..1; absent before it was measured. */
    readonly busy?: number;
  };
  readonly memory: { readonly total: number; readonly free: number };
  /** Pictures a second that live cameras are to have analysed at most, and those that are. Less than wanted: the machine is full, or little moves. */
  readonly analysis: { readonly workers: number; readonly wantedFps: number; readonly fps: number };
  readonly engine: { readonly state: string; readonly restarts: number; readonly reason?: string };
  /** Absent until it was found. */
  readonly ffmpeg?: { readonly version: string; readonly origin: string };
  /** `bytes`: of the embedded database with its log; absent for PostgreSQL, whose size is its own matter. */
  readonly store: {
    readonly kind: 'embedded' | 'postgresql';
    readonly bytes?: number;
    /** Why nothing can be written at the moment. */
    readonly failure?: string;
  };
  /** Pictures of tracks and events, within the store. */
  readonly pictures: { readonly bytes: number; readonly bytesMax: number };
  readonly recordings: { readonly bytes: number; readonly segments: number };
  /** Of the data folder. `reserve` is to stay free; absent where it cannot be asked. */
  readonly disk?: { readonly total: number; readonly free: number; readonly reserve: number };
  /** Days after which things are deleted, events by severity, where a camera has none of its own; marked events stay. */
  readonly retention: {
    readonly infoDays: number;
    readonly warningDays: number;
    readonly alertDays: number;
    readonly tracksDays: number;
    readonly auditDays: number;
  };
}

/** `GET /api/v1/system`. */
export interface SystemView extends ServerFacts, HostFacts {}
