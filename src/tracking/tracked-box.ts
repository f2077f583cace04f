import type { Box, MaskRle } from '../geometry/index.js';

/** An object followed over frames. `box` is in source pixels, clipped to the frame. */
export interface TrackedBox {
  readonly track: number;
  /** What most of its detections say it is. */
  readonly label: string;
  /** Median of its last detections' scores. */
  readonly score: number;
  readonly box: Box;
  /**
   * `tentative` until it was detected a few times; `tracked` while it is detected; `predicted` while motion or a search carries
   * it; `occluded` while another object hides it.
   */
  readonly state: 'tentative' | 'tracked' | 'predicted' | 'occluded';
  /** How sure a search is of it, 0..1, where one shows it and no detection does. */
  readonly confidence?: number;
  /** Its detection's mask, where it was seen in this frame by a model that segments. */
  readonly mask?: MaskRle;
}

/** The tracker puts right what it reported earlier. */
export type TrackCorrection =
  /** `object` is the same thing as the track `into`, which goes on; `object`'s number is used no more, and it is not ended. */
  | { readonly kind: 'merged'; readonly object: TrackedBox; readonly into: number }
  /** What was called `was` is `object.label`. */
  | { readonly kind: 'renamed'; readonly object: TrackedBox; readonly was: string };

/** What one frame changed. */
export interface TrackerStep {
  readonly objects: TrackedBox[];
  /** Tracks confirmed in this frame. */
  readonly started: TrackedBox[];
  /** Confirmed tracks given up in this frame, as last seen. */
  readonly ended: TrackedBox[];
  readonly corrected: TrackCorrection[];
}

/** A track that a search could find, for {@link Tracker.targets}. */
export interface SearchTarget {
  readonly track: number;
  /** Where it should be, source pixels, not clipped. */
  readonly box: Box;
  /** Share of it that others hide, 0..1. */
  readonly hidden: number;
  /** Whether it has been out of sight for so long that it is no longer reported. */
  readonly isLost: boolean;
}

/** What a search found: the track's box in source pixels and how sure it is, 0..1. */
export interface FollowedBox {
  readonly track: number;
  readonly box: Box;
  readonly confidence: number;
}
