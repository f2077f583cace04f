/** A device on the network that says it sends video, in its own words: `POST /api/v1/cameras/discover`. */
export interface DiscoveredView {
  /** IPv4; where the answer came from. */
  readonly address: string;
  readonly name?: string;
  readonly hardware?: string;
  readonly location?: string;
}

/** `POST /api/v1/cameras/discover`. */
export interface DiscoveredList {
  readonly devices: readonly DiscoveredView[];
}

/** A browser's webcam: `POST /api/v1/webcams`. */
export interface WebcamView {
  /** What a camera that it is sent to has as its `source`; no other has the same. */
  readonly source: string;
}

/** A clip that is sent piece by piece: `POST /api/v1/uploads`, then `PUT /api/v1/uploads/:id?from=…` until `clip` is there. */
export interface UploadView {
  readonly id: string;
  readonly bytes: number;
  /** So many are there: the next piece begins here. */
  readonly received: number;
  /** A piece has so many at most. */
  readonly pieceBytes: number;
  /** Once all is there. */
  readonly clip?: {
    /** What a camera that plays it has as its `source`. */
    readonly source: string;
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly fps: number;
    readonly durationMs?: number;
  };
}
