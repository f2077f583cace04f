import type { EventTrack, FrameObject } from '../messages.js';
import type { Motion } from './motion.js';
import { GAP_MS, type Visit } from './visit.js';

/** What rules know of one track. */
export class SceneTrack {
  readonly number: number;
  readonly id: string;
  readonly motion: Motion;
  readonly visits = new Map<string, Visit>();
  object: FrameObject;
  /** Whether it has been announced. */
  isConfirmed = false;
  /** Whether this frame shows where it is; not so where it is guessed. */
  isSeen = false;
  /** Whether others stand before it, as far as is known. */
  isHidden = false;
  readonly firstMs: number;
  seenMs: number;

  constructor(id: string, object: FrameObject, motion: Motion, nowMs: number) {
    this.number = object.track;
    this.id = id;
    this.object = object;
    this.motion = motion;
    this.firstMs = nowMs;
    this.seenMs = nowMs;
  }

  /** Whether it has not been seen for so long that nothing more is known of it. */
  isLost(nowMs: number): boolean {
    return !this.isHidden && nowMs - this.seenMs > GAP_MS;
  }

  /** As it is told. */
  get told(): EventTrack {
    const { label, score, box } = this.object;
    return { id: this.id, label, score, box };
  }
}
