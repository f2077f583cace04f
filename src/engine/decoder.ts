import { once, messageOf, type Clock, type Log } from '../base/index.js';
import { I420Shrinker, i420Bytes, type FrameQueue } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import {
  decodeArguments,
  markPicture,
  RawFrameReader,
  startFfmpeg,
  type DecodeInput,
  type Ffmpeg,
  type FfmpegChild,
} from '../media/index.js';

/** Compressed bytes that FFmpeg has not taken yet; beyond it the decoder is behind, and packets are dropped up to a keyframe. */
const BACKLOG_BYTES_MAX = 4 << 20;
/** Wanted packets whose pictures have not come out: enough for any reordering, so older entries are of lost frames. */
const IN_FLIGHT_MAX = 256;
/** A picture's time may differ from its packet's by rounding. */
const PTS_TOLERANCE_TICKS = 90;

/** Presentation time (1/90000 s) and arrival (monotonic ms, and ms since 1970 UTC) of one packet. */
export interface PacketTimes {
  readonly ptsTicks: number;
  readonly arrivedMs: number;
  readonly capturedAtMs: number;
}

/** One compressed frame. */
export interface DecoderPacket {
  /** `moof` and `mdat`. */
  readonly bytes: Buffer;
  readonly times: PacketTimes;
  readonly isKeyframe: boolean;
  readonly isWanted: boolean;
}

/** What to decode, and where the pictures go. */
export interface DecoderOptions {
  readonly name: string;
  readonly ffmpeg: Ffmpeg;
  readonly input: DecodeInput;
  readonly size: Size;
  /** A larger size, in which they are kept as well, each behind its own. */
  readonly fine?: Size | undefined;
  /** Of a file; of a stream, each picture is asked for in {@link Decoder.write}. */
  readonly fpsMax?: number;
  /** Where pictures go; its `frameBytes` fits `size`, and `fine` behind it. */
  readonly queue: FrameQueue;
  readonly clock: Clock;
  readonly log: Log;
  /** A picture was put into the queue. */
  readonly onFrame: () => void;
  /** FFmpeg ended without being asked to; `reason` is undefined at the regular end of a file. */
  readonly onEnd: (reason: string | undefined) => void;
}

/** One FFmpeg that turns compressed packets, or a file, into pictures in a {@link FrameQueue}. */
export class Decoder {
  readonly #options: DecoderOptions;
  readonly #child: FfmpegChild;
  readonly #reader: RawFrameReader;
  readonly #shrinker: I420Shrinker | undefined;
  #inFlight: PacketTimes[] = [];
  #leftover: Uint8Array | undefined;
  #outputEnded = false;
  #closing = false;
  #awaitsKeyframe = true;
  /** When the picture being read began: stands for its arrival where there is no packet of ours. */
  #beganMs = 0;

  /** Starts FFmpeg at once. */
  constructor(options: DecoderOptions) {
    this.#options = options;
    const { ffmpeg, size, fine, queue } = options;
    if (fine !== undefined) this.#shrinker = new I420Shrinker(fine, size);
    this.#reader = new RawFrameReader({
      frameBytes: i420Bytes(fine ?? size),
      nextTarget: () => {
        this.#beganMs = options.clock.monotonicMs();
        const target = queue.writeTarget();
        return fine === undefined ? target : target?.subarray(i420Bytes(size));
      },
      onFrame: (ptsTicks) => this.#commit(ptsTicks),
    });
    this.#child = startFfmpeg({
      ffmpeg,
      args: decodeArguments(ffmpeg, { ...options, size: fine ?? size }),
      stdin: options.input.from === 'fragments' ? 'pipe' : 'ignore',
      log: options.log,
      name: options.name,
    });
    this.#child.stdin?.on('error', (error) =>
      options.log.debug({ cause: messageOf(error) }, 'decoder input closed'),
    );
    this.#child.stdout.on('data', (chunk: Buffer) => this.#takeOutput(chunk));
    this.#child.stdout.on('end', () => {
      this.#outputEnded = true;
      this.#endWhenEmpty();
    });
  }

  /** Hands over a stream's init segment; call it once, first. */
  writeInit(initSegment: Buffer): void {
    this.#child.stdin?.write(initSegment);
  }

  /**
   * Hands over one frame, which is the decoder's from then on; its picture comes out only if it `isWanted`. Returns false when it
   * was dropped, because the decoder is behind: then all are, up to the next keyframe with room, since what depends on a missing
   * frame cannot be decoded.
   */
  write({ bytes, times, isKeyframe, isWanted }: DecoderPacket): boolean {
    const stdin = this.#child.stdin;
    if (stdin === null || stdin.destroyed) return false;
    if (stdin.writableLength > BACKLOG_BYTES_MAX) this.#awaitsKeyframe = true;
    else if (isKeyframe) this.#awaitsKeyframe = false;
    if (this.#awaitsKeyframe) return false;
    if (isWanted && this.#inFlight.push(times) > IN_FLIGHT_MAX) this.#inFlight.shift();
    markPicture(bytes, times.ptsTicks, isWanted);
    stdin.write(bytes);
    return true;
  }

  /** Says that the queue has room again, after a lossless one was full. */
  resume(): void {
    const rest = this.#leftover;
    if (rest === undefined) return;
    this.#leftover = undefined;
    this.#takeOutput(rest);
    if (this.#leftover === undefined) this.#child.stdout.resume();
    this.#endWhenEmpty();
  }

  close = once(async () => {
    this.#closing = true;
    await this.#child.stop();
  });

  #takeOutput(chunk: Uint8Array): void {
    // A paused stream may still deliver what it had begun to: it belongs behind what waits already.
    const bytes = this.#leftover === undefined ? chunk : Buffer.concat([this.#leftover, chunk]);
    this.#leftover = undefined;
    try {
      const rest = this.#reader.push(bytes);
      if (rest.length === 0) return;
      this.#leftover = rest;
      this.#child.stdout.pause();
    } catch (error) {
      this.#end(messageOf(error));
    }
  }

  #commit(ptsTicks: number): void {
    const { clock, queue, size, onFrame } = this.#options;
    if (this.#shrinker !== undefined) {
      // The one that was filled: asked for again before the commit, it is the same.
      const target = queue.writeTarget()!;
      this.#shrinker.shrink(target.subarray(i420Bytes(size)), target);
    }
    const decodedMs = clock.monotonicMs();
    const arrival = this.#takeArrival(ptsTicks);
    queue.commit({
      ptsTicks: arrival?.ptsTicks ?? ptsTicks,
      arrivedMs: arrival?.arrivedMs ?? this.#beganMs,
      capturedAtMs: arrival?.capturedAtMs ?? clock.wallMs(),
      decodedMs,
    });
    onFrame();
  }

  /** The packet that a picture came from; forgets those shown before it. */
  #takeArrival(ptsTicks: number): PacketTimes | undefined {
    const found = this.#inFlight.find((times) => Math.abs(times.ptsTicks - ptsTicks) <= PTS_TOLERANCE_TICKS);
    if (found !== undefined)
      this.#inFlight = this.#inFlight.filter((times) => times.ptsTicks > found.ptsTicks);
    return found;
  }

  #endWhenEmpty(): void {
    if (!this.#outputEnded || this.#leftover !== undefined) return;
    void this.#child.exited.then(({ code, signal, stderrTail }) => {
      const clean = code === 0;
      this.#end(
        clean ? undefined : `FFmpeg ended with ${signal ?? `status ${code}`}: ${lastLine(stderrTail)}`,
      );
    });
  }

  #end(reason: string | undefined): void {
    if (this.#closing) return;
    this.#closing = true;
    void this.#child.stop();
    this.#options.onEnd(reason);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
