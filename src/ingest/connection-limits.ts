/** How patient a connection is, in milliseconds. Ranges are first and last delay of a doubling. */
export interface ConnectionLimits {
  /** For the source to say what it has, before FFmpeg starts. */
  readonly preflightTimeoutMs: number;
  /** From FFmpeg's start to the first frame. */
  readonly firstFrameTimeoutMs: number;
  /** The same once FFmpeg has seen the stream: frames come then, and the first keyframe is waited for. */
  readonly keyframeTimeoutMs: number;
  /** Longest time between frames; twice the distance of keyframes counts instead where that is longer. */
  readonly stallTimeoutMs: number;
  readonly reconnectMs: readonly [first: number, last: number];
  /** So slow that the camera does not lock us out. */
  readonly unauthorizedMs: readonly [first: number, last: number];
  /** For what does not heal by itself soon: a wrong path, a redirect, no video. */
  readonly refusedMs: readonly [first: number, last: number];
  readonly ffmpegMissingMs: readonly [first: number, last: number];
  /** After this long live, the delays start again at their first. */
  readonly healthyAfterMs: number;
}

/** The limits in force where none are given. */
export const defaultLimits: ConnectionLimits = {
  preflightTimeoutMs: 5_000,
  firstFrameTimeoutMs: 10_000,
  keyframeTimeoutMs: 30_000,
  stallTimeoutMs: 5_000,
  reconnectMs: [500, 4_000],
  unauthorizedMs: [30_000, 300_000],
  refusedMs: [15_000, 60_000],
  ffmpegMissingMs: [2_000, 15_000],
  healthyAfterMs: 5_000,
};
