import { EventEmitter } from 'node:events';
import { once, redact, sleep, type Clock, type Log } from '../base/index.js';
import {
  canCopy,
  checkDevice,
  checkFile,
  FORMATS,
  maskSource,
  parseSource,
  preflightHttp,
  preflightRtsp,
  type Ffmpeg,
  type InputFormat,
  type Mp4Init,
  type PrivacyMask,
  type Source,
} from '../media/index.js';
import { defaultLimits, type ConnectionLimits } from './connection-limits.js';
import {
  endingOfError,
  RECONNECT_REASONS,
  waitingFor,
  type Ending,
  type ReconnectReason,
  type RetryPace,
} from './ending.js';
import { FrameRate } from './frame-rate.js';
import { PushInlet, type Push } from './push-inlet.js';
import { RemuxRun, type RunEnding } from './remux-run.js';
import { RetryDelays } from './retry-pace.js';
import { sharedSpawnSlots, type SpawnSlots } from './spawn-slots.js';
import type { ConnectionState, ConnectionStatus, Fragment, StreamInfo } from './types.js';

/** A start occupies its slot until the first frame, but no longer than this: a mute camera must not hold up others. */
const SLOT_MS = 2000;
/** States that are no news of trouble. */
const USUAL: ReadonlySet<ConnectionState> = new Set(['live', 'connecting', 'waiting', 'ended', 'stopped']);

/** What a connection is opened with; `source` may hold a password. */
export interface ConnectionOptions {
  /** Its id, for the log. */
  readonly camera: string;
  /** As in the configuration, see `parseSource` in media/. */
  readonly source: string;
  /** Asked before every try, so that an FFmpeg that is installed later is found. */
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly clock: Clock;
  readonly log: Log;
  /** Parts of the picture that nothing behind the connection gets to see; none when undefined. */
  readonly privacy?: readonly PrivacyMask[];
  readonly limits?: Partial<ConnectionLimits>;
  /** A file begins again at its end, as a camera would go on; true when undefined. */
  readonly loop?: boolean;
  /** Shared by all connections of the process when undefined. */
  readonly spawnSlots?: SpawnSlots;
}

interface ConnectionEvents {
  status: [ConnectionStatus];
  stream: [StreamInfo];
  fragment: [Fragment];
}

/**
 * One camera: keeps one FFmpeg connected to it, whatever happens, and hands out what comes. Emits `status` when
 * state, reason, codec or size change, `stream` before the first fragment of each epoch, `fragment` for each frame.
 * Queues nothing: who is slow must drop by himself.
 */
export class Connection extends EventEmitter<ConnectionEvents> {
  /** Where a browser sends the pictures, for a source that is a webcam. */
  readonly inlet: PushInlet | undefined;
  readonly #options: ConnectionOptions;
  readonly #source: Source;
  readonly #limits: ConnectionLimits;
  readonly #privacy: readonly PrivacyMask[];
  readonly #delays: RetryDelays;
  readonly #rate = new FrameRate();
  readonly #stopping = new AbortController();
  readonly #reconnects = Object.fromEntries(RECONNECT_REASONS.map((reason) => [reason, 0])) as Record<
    ReconnectReason,
    number
  >;
  #status: ConnectionStatus;
  #running: Promise<void> | undefined;
  #run: RemuxRun | undefined;
  #transcode = false;
  #acceptedSet: Buffer | undefined;
  #epoch = 0;
  #framesTotal = 0;
  #liveSinceMs: number | undefined;

  /** @throws {AppError} `ingest/scheme-not-allowed` or `ingest/source-invalid` */
  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
    this.#source = parseSource(options.source);
    this.#limits = { ...defaultLimits, ...options.limits };
    const { camera, clock } = options;
    this.inlet = this.#source.kind === 'webcam' ? new PushInlet({ camera, clock }) : undefined;
    this.#privacy = options.privacy ?? [];
    this.#transcode = this.#isMasked;
    this.#delays = new RetryDelays(this.#limits);
    this.#status = { state: 'connecting', sinceMs: options.clock.wallMs(), transcoded: false, reconnects: 0 };
  }

  get status(): ConnectionStatus {
    const fps = this.#status.state === 'live' ? this.#rate.at(this.#options.clock.monotonicMs()) : undefined;
    return fps === undefined ? this.#status : { ...this.#status, fps: Math.round(fps * 10) / 10 };
  }

  get #isMasked(): boolean {
    return this.#privacy.length > 0;
  }

  /** Of the FFmpeg that now runs. */
  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** Frames since the connection was made. */
  get framesTotal(): number {
    return this.#framesTotal;
  }

  get reconnectsByReason(): Readonly<Record<ReconnectReason, number>> {
    return this.#reconnects;
  }

  /** Begins to connect; does nothing when it has begun before or was closed. */
  start(): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#keepConnected();
  }

  /** Ends FFmpeg and waits until it is gone. Nothing but the status `stopped` is emitted after the call. */
  readonly close = once(async () => {
    this.#stopping.abort();
    await this.#run?.close();
    await this.#running;
    this.#setState('stopped');
  });

  async #keepConnected(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopping;
    log.info({ camera: this.#options.camera, source: maskSource(this.#options.source) }, 'connecting');
    this.emit('status', this.#status);
    while (!signal.aborted) {
      const ending = await this.#connectOnce();
      if (signal.aborted) return;
      this.#noteEnding(ending);
      if (ending.state === 'ended') return;
      await sleep(clock, this.#delays.nextMs(this.#paceOf(ending)), signal);
    }
  }

  /** One try: asks the source, runs FFmpeg on it until it ends. Never rejects. */
  async #connectOnce(): Promise<RunEnding> {
    const { clock, log, camera } = this.#options;
    const slots = this.#options.spawnSlots ?? sharedSpawnSlots;
    const { signal } = this.#stopping;
    let freeSlot = (): void => undefined;
    let push: Push | undefined;
    try {
      const ffmpeg = await this.#options.ffmpeg();
      push = await this.#nextPush();
      const format = await this.#preflight();
      freeSlot = await slots.take();
      if (signal.aborted) return stopped;
      const slotTimer = clock.after(SLOT_MS, freeSlot);
      this.#run = new RemuxRun({
        ...{ camera, ffmpeg, format, clock },
        log: log.child({ camera }),
        source: this.#source,
        transcode: this.#transcode,
        privacy: this.#privacy,
        loop: this.#options.loop ?? true,
        input: push?.bytes,
        acceptedSet: this.#acceptedSet,
        limits: this.#limits,
        onInit: (init) => {
          freeSlot();
          this.#beginStream(init);
        },
        onFragment: ({ bytes, ptsTicks, isKeyframe }, arrivedMs) => {
          this.#framesTotal++;
          this.#rate.record(arrivedMs);
          const capturedAtMs = clock.wallMs();
          this.emit('fragment', { epoch: this.#epoch, ptsTicks, isKeyframe, bytes, arrivedMs, capturedAtMs });
        },
        onStalled: (message) => this.#setState('stalled', message),
      });
      const ending = await this.#run.ended;
      slotTimer.cancel();
      return ending;
    } catch (error) {
      return endingOfError(error);
    } finally {
      this.#run = undefined;
      push?.end('over');
      freeSlot();
    }
  }

  /** Waits until a browser sends, where one is to. */
  async #nextPush(): Promise<Push | undefined> {
    if (this.inlet === undefined) return undefined;
    const next = this.inlet.next(this.#stopping.signal);
    this.#setState('waiting', waitingFor(this.#options.camera));
    const push = await next;
    if (push !== undefined) this.#setState('connecting');
    return push;
  }

  /** @throws {AppError} of `media/` */
  async #preflight(): Promise<InputFormat> {
    const { clock, source: text } = this.#options;
    const source = this.#source;
    const limits = { clock, timeoutMs: this.#limits.preflightTimeoutMs, signal: this.#stopping.signal };
    if (source.kind === 'http') return preflightHttp({ url: source.url, ...limits });
    if (source.kind === 'rtsp') {
      const { codec, format } = await preflightRtsp({ url: source.url, ...limits });
      this.#transcode = this.#isMasked || !canCopy(codec);
      return format;
    }
    if (source.kind === 'file') await checkFile(source.path, maskSource(text));
    if (source.kind === 'device') await checkDevice(source.path);
    return FORMATS[source.kind];
  }

  /** A source that is a webcam is tried only when a browser sends anew: long waits would help nobody. */
  #paceOf({ pace }: Ending): RetryPace {
    return this.inlet !== undefined && pace === 'refused' ? 'reconnect' : pace;
  }

  #beginStream(init: Mp4Init): void {
    const { codec, widthPx, heightPx } = init;
    this.#epoch++;
    this.#rate.reset();
    this.#liveSinceMs = this.#options.clock.monotonicMs();
    this.#setState('live', undefined, { codec, widthPx, heightPx });
    this.emit('stream', { epoch: this.#epoch, codec, widthPx, heightPx, initSegment: init.bytes });
  }

  #noteEnding(ending: RunEnding): void {
    const liveSinceMs = this.#liveSinceMs;
    this.#liveSinceMs = undefined;
    const nowMs = this.#options.clock.monotonicMs();
    if (liveSinceMs !== undefined && nowMs - liveSinceMs >= this.#limits.healthyAfterMs) this.#delays.reset();
    if (ending.transcode !== undefined) this.#transcode = ending.transcode;
    this.#acceptedSet = ending.acceptSet ?? this.#acceptedSet;
    if (ending.reason !== undefined) {
      this.#reconnects[ending.reason]++;
      this.#status = { ...this.#status, reconnects: this.#status.reconnects + 1 };
    }
    // That it waits is told once a browser can send: a moment later, when the next try opens the inlet.
    if (ending.state !== 'waiting') this.#setState(ending.state, ending.message);
  }

  /** Changes the status and tells; a state that stays is told again only with another reason, and not logged. */
  #setState(
    state: ConnectionState,
    reason?: string,
    stream?: { readonly codec: string; readonly widthPx: number; readonly heightPx: number },
  ): void {
    const { camera, clock, log } = this.#options;
    const { reason: lastReason, ...last } = this.#status;
    const clean = reason === undefined ? undefined : redact(reason);
    const isNewState = last.state !== state;
    const isNewStream =
      stream !== undefined &&
      (last.codec !== stream.codec || last.widthPx !== stream.widthPx || last.heightPx !== stream.heightPx);
    if (!isNewState && lastReason === clean && !isNewStream) return;
    this.#status = {
      ...last,
      ...stream,
      state,
      sinceMs: isNewState ? clock.wallMs() : last.sinceMs,
      transcoded: this.#transcode,
      ...(this.#isMasked && { masked: true }),
      ...(clean !== undefined && { reason: clean }),
    };
    if (isNewState) {
      const level = USUAL.has(state) ? 'info' : 'warn';
      log[level]({ camera, state, reason: clean }, `camera is ${state.replace('_', ' ')}`);
    }
    this.emit('status', this.status);
  }
}

const stopped: Ending = { state: 'stopped', reason: undefined, message: 'stopped', pace: 'at-once' };
