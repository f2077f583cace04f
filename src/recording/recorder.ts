import { once, type Clock } from '../base/index.js';
import { TICKS_PER_SECOND, type Fragment, type StreamInfo } from '../ingest/index.js';
import { SEGMENT_MS_MAX, type SegmentCause, type SegmentRow } from '../store/index.js';
import { Holds } from './holds.js';
import type { RecordPlan } from './plan.js';
import { PreRoll } from './pre-roll.js';
import type { SegmentWriter } from './segment-writer.js';

/** After the disk refused, it is tried again. */
const RETRY_MS = 5000;
/** Presentation times further apart than this have nothing to do with each other. */
const JUMP_TICKS = 10 * TICKS_PER_SECOND;
/** Of media without a keyframe to cut at. */
const LENGTH_MAX_TICKS = (SEGMENT_MS_MAX / 1000 / 2) * TICKS_PER_SECOND;

/** Why frames that were to be recorded were not. */
export type DropReason = 'queue-full' | 'disk-full' | 'disk-error';

/** How recording stands; `waiting`: nothing asks for it now. */
export type RecorderState = 'off' | 'waiting' | 'recording' | 'paused';

/** What a camera is recorded with. */
export interface RecorderOptions {
  readonly plan: RecordPlan;
  readonly writer: SegmentWriter;
  /** Why nothing may be written now, if so: a sentence. */
  readonly pausedReason: () => string | undefined;
  readonly onDropped: (reason: DropReason, frames: number) => void;
  /** An event began: what was recorded from this wall time on belongs to it. */
  readonly onEvent: (fromWallMs: number) => void;
  readonly clock: Clock;
}

/**
 * Decides what of a camera is kept, frame by frame: begins and ends segments at keyframes, keeps the time before an event in memory,
 * and leaves out whole groups of pictures where the disk does not keep up. Never waits.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #preRoll: PreRoll;
  readonly #holds = new Holds();
  #stream: StreamInfo | undefined;
  #first: Fragment | undefined;
  #last: Fragment | undefined;
  #cause: SegmentCause = 'start';
  #fault: { readonly untilMs: number; readonly reason: string } | undefined;

  constructor(options: RecorderOptions) {
    const { mode, preRollMs } = options.plan;
    this.#options = options;
    this.#preRoll = new PreRoll({ spanMs: mode === 'continuous' ? 0 : preRollMs });
  }

  /** What begins and ends recordings, or makes them part of an event: events of rules, or tracks. */
  get follows(): 'event' | 'track' {
    return this.#options.plan.mode === 'tracks' ? 'track' : 'event';
  }

  get state(): RecorderState {
    if (this.#options.plan.mode === 'off') return 'off';
    if (this.pausedReason !== undefined) return 'paused';
    return this.#first === undefined ? 'waiting' : 'recording';
  }

  /** Why frames are not recorded although they should be: a sentence. */
  get pausedReason(): string | undefined {
    if (this.#options.plan.mode === 'off') return undefined;
    const fault = this.#fault;
    if (fault !== undefined && this.#options.clock.monotonicMs() < fault.untilMs) return fault.reason;
    return this.#options.pausedReason();
  }

  /** Bytes that the disk has not taken yet. */
  get waitingBytes(): number {
    return this.#options.writer.waitingBytes;
  }

  /** What is recorded and not in the index yet, oldest first. */
  get pending(): SegmentRow[] {
    return this.#options.writer.pending;
  }

  /** A new stream: nothing of it fits behind the old one. */
  startStream(stream: StreamInfo): void {
    this.#end('stream');
    this.#preRoll.clear();
    this.#last = undefined;
    this.#stream = stream;
  }

  /** The next frame of the stream; one of an older epoch is ignored. */
  push(fragment: Fragment): void {
    if (this.#options.plan.mode === 'off' || fragment.epoch !== this.#stream?.epoch) return;
    const step = fragment.ptsTicks - (this.#last?.ptsTicks ?? fragment.ptsTicks);
    this.#last = fragment;
    if (Math.abs(step) > JUMP_TICKS) {
      this.#end('stream');
      this.#preRoll.clear();
    }
    const isWanted = this.#isWanted();
    if (this.pausedReason !== undefined) {
      this.#end('disk');
      this.#preRoll.clear();
      if (isWanted) this.#options.onDropped(this.#fault === undefined ? 'disk-full' : 'disk-error', 1);
      return;
    }
    this.#fault = undefined;
    if (this.#first === undefined) this.#wait(fragment, isWanted);
    else this.#record(fragment, isWanted, this.#first);
  }

  /** Records until then, ms on the monotonic clock, and what is in memory of the time before. */
  hold(untilMs: number): void {
    this.#holds.until(untilMs);
    this.#noteEvent();
  }

  /** An event began, or goes on: records until its end, and what is in memory of the time before. */
  beginEvent(name: string): void {
    if (this.#holds.begin(name, this.#options.clock.monotonicMs())) this.#noteEvent();
  }

  /** An event is over; one that is not known is no matter. */
  endEvent(name: string): void {
    this.#holds.end(name, this.#options.clock.monotonicMs() + this.#options.plan.postRollMs);
  }

  /** The disk refused what was accepted. */
  onFault(reason: string): void {
    this.#fault = { untilMs: this.#options.clock.monotonicMs() + RETRY_MS, reason };
  }

  /** Waits until what was accepted is on the disk. */
  readonly close = once(async () => {
    this.#stream = undefined;
    this.#preRoll.clear();
    await this.#options.writer.close();
  });

  #isWanted(): boolean {
    const { plan, clock } = this.#options;
    return plan.mode === 'continuous' || this.#holds.isHeld(clock.monotonicMs());
  }

  /** Nothing is being written: keeps the frame for later, or begins with what was kept. */
  #wait(fragment: Fragment, isWanted: boolean): void {
    const isKept = this.#preRoll.push(fragment);
    if (!isWanted) return;
    if (!isKept) {
      if (this.#cause === 'overload') this.#options.onDropped('queue-full', 1);
      return;
    }
    const [first, ...others] = this.#preRoll.take();
    if (first === undefined || !this.#begin(first)) return;
    for (const other of others) if (!this.#append(other)) return;
  }

  #record(fragment: Fragment, isWanted: boolean, first: Fragment): void {
    const lengthTicks = fragment.ptsTicks - first.ptsTicks;
    const isLongEnough = lengthTicks >= (this.#options.plan.segmentMs / 1000) * TICKS_PER_SECOND;
    if (fragment.isKeyframe && !isWanted) {
      // Ended at a keyframe only: what happens next then has this one to begin with.
      this.#end('event');
      this.#preRoll.push(fragment);
    } else if (fragment.isKeyframe && isLongEnough) {
      this.#end('rotation');
      this.#begin(fragment);
    } else if (lengthTicks > LENGTH_MAX_TICKS) {
      this.#end('stream');
    } else {
      this.#append(fragment);
    }
  }

  #begin(first: Fragment): boolean {
    const { writer, plan, clock } = this.#options;
    const stream = this.#stream;
    if (stream === undefined) return false;
    const isEvent = plan.mode !== 'continuous' || this.#holds.isHeld(clock.monotonicMs());
    const severity = isEvent ? 'event' : 'routine';
    if (!writer.begin({ camera: writer.camera, stream, cause: this.#cause, severity, first })) {
      this.#overload();
      return false;
    }
    this.#first = first;
    return true;
  }

  #append(fragment: Fragment): boolean {
    if (this.#options.writer.append(fragment)) return true;
    this.#overload();
    return false;
  }

  /** The frame is left out, and all others up to the next keyframe. */
  #overload(): void {
    this.#end('overload');
    this.#cause = 'overload';
    this.#options.onDropped('queue-full', 1);
  }

  #end(cause: SegmentCause): void {
    if (this.#first === undefined) return;
    this.#options.writer.end();
    this.#first = undefined;
    this.#cause = cause;
  }

  #noteEvent(): void {
    const { plan, clock, onEvent, writer } = this.#options;
    if (plan.mode === 'off') return;
    writer.raise();
    onEvent(clock.wallMs() - plan.preRollMs);
  }
}
