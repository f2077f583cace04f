/** A part of the way of an analysed frame; `total` is from its arrival until it was told. */
export const CAMERA_STAGES = ['decode', 'queue', 'detect', 'follow', 'mask', 'track', 'total'] as const;

/** Why a frame was given up: newer ones came first, a queue was full, the decoder or a viewer was behind, or the detector failed. */
export const CAMERA_DROPS = [
  'replaced',
  'link-full',
  'decoder-behind',
  'inference-failed',
  'slow-viewer',
] as const;

/** What became of a camera's frames within one window, and how long it took. */
export interface StageWindow {
  /** ISO 8601: when it began. */
  readonly from: string;
  /** Of the stages that there were: what half, and 95 % of the frames did not exceed, ms. */
  readonly stages: Readonly<
    Partial<Record<(typeof CAMERA_STAGES)[number], { readonly p50Ms: number; readonly p95Ms: number }>>
  >;
  /** Frames that came, were decoded, were not decoded since nothing needed them, and were analysed. */
  readonly frames: {
    readonly received: number;
    readonly decoded: number;
    readonly skipped: number;
    readonly analysed: number;
  };
  /** Frames that were given up, by reason; without reasons that there were not. */
  readonly dropped: Readonly<Partial<Record<(typeof CAMERA_DROPS)[number], number>>>;
}

/** `GET /api/v1/cameras/:id/stages`: the last ten minutes, earliest first, the window under way included. */
export interface CameraStages {
  readonly windowSeconds: number;
  readonly windows: readonly StageWindow[];
}
