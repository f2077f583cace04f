/** Pieces of the recording come so often: what the server sees is at least so late. */
const TIMESLICE_MS = 100;
const KEYFRAME_MS = 2000;
const BITS_PER_SECOND = 2_500_000;
/** The server takes messages up to 64 KiB, cut anywhere. */
const PIECE_BYTES = 32 * 1024;
/** Some three seconds: what is later than that is not worth sending, and the recording begins anew. */
const BEHIND_BYTES_MAX = 1024 * 1024;
const BACKOFF_MS = [500, 1000, 2000, 4000] as const;
/** After so long a connection was a good one. */
const HEALTHY_MS = 5000;
/** A network that swallows everything lets a connection hang for minutes. */
const OPENING_MAX_MS = 5000;
/** A server that has lost us without a word takes our next connection for another browser's, until it has noticed. */
const OWN_GHOST_MS = 20_000;

/** A camera whose settings are changed is away for a moment: it is missed in so many tries before it is given up. */
const MISSES_MAX = 3;

/** Close codes of the server after which trying again is of no use: it is not signed in, or another browser sends. */
const SIGNED_OUT = 4401;
const TAKEN = 4409;

/** As Chromium has it; others leave it aside. */
interface RecorderOptions extends MediaRecorderOptions {
  readonly videoKeyFrameIntervalDuration: number;
}

/** What to send where, and who is told. */
export interface WebcamSenderOptions {
  /** Of the WebSocket. */
  readonly address: string;
  readonly stream: MediaStream;
  /** As what it is recorded. */
  readonly type: string;
  /** Whether it makes sense to try (again): the camera is still there. */
  readonly isWanted: () => boolean;
  readonly onSending: (isSending: boolean) => void;
  /** It is over by itself. Not called after `stop`. */
  readonly onEnded: (why: 'taken' | 'unwanted') => void;
}

/** Sends a webcam to the server until stopped; each connection begins a recording of its own. Leaves the webcam itself to its owner. */
export class WebcamSender {
  readonly #options: WebcamSenderOptions;
  #socket: WebSocket | undefined;
  #recorder: MediaRecorder | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #misses = 0;
  /** When the connection that is there was made, ms of the page. */
  #openedMs: number | undefined;
  /** When it was last known to be taken, ms of the page; undefined: never. */
  #sentAtMs: number | undefined;

  constructor(options: WebcamSenderOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Gives the connection up, of which one has heard that it is dead, and makes another. */
  reconnect(): void {
    if (this.#socket !== undefined) this.#lose();
  }

  /** Ends for good; idempotent. */
  stop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#endRecording();
    socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.address);
    this.#socket = socket;
    // What an abandoned socket still has to say is of no interest.
    const isCurrent = () => socket === this.#socket;
    this.#timer = setTimeout(() => isCurrent() && this.#lose(), OPENING_MAX_MS);
    socket.addEventListener('open', () => {
      if (!isCurrent()) return;
      clearTimeout(this.#timer);
      this.#openedMs = performance.now();
      this.#record(socket);
    });
    socket.addEventListener('close', ({ code }) => isCurrent() && this.#lose(code));
  }

  #record(socket: WebSocket): void {
    const { stream, type: mimeType } = this.#options;
    const options: RecorderOptions = {
      mimeType,
      videoBitsPerSecond: BITS_PER_SECOND,
      videoKeyFrameIntervalDuration: KEYFRAME_MS,
    };
    const recorder = new MediaRecorder(stream, options);
    this.#recorder = recorder;
    recorder.addEventListener('dataavailable', ({ data }) => {
      if (socket !== this.#socket || socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > BEHIND_BYTES_MAX) return this.#lose();
      for (let from = 0; from < data.size; from += PIECE_BYTES)
        socket.send(data.slice(from, from + PIECE_BYTES));
    });
    recorder.addEventListener('error', () => socket === this.#socket && this.#lose());
    recorder.start(TIMESLICE_MS);
    this.#options.onSending(true);
  }

  /** @param code with which the server has closed the connection; undefined: it is given up here */
  #lose(code?: number): void {
    const [socket, openedMs] = [this.#socket, this.#openedMs];
    this.#socket = this.#openedMs = undefined;
    clearTimeout(this.#timer);
    this.#endRecording();
    socket?.close();
    this.#options.onSending(false);
    const nowMs = performance.now();
    const isGhost = this.#sentAtMs !== undefined && nowMs - this.#sentAtMs < OWN_GHOST_MS;
    if (code === SIGNED_OUT || (code === TAKEN && !isGhost)) {
      this.#options.onEnded(code === TAKEN ? 'taken' : 'unwanted');
      return;
    }
    if (code !== TAKEN && openedMs !== undefined) this.#sentAtMs = nowMs;
    if (openedMs !== undefined && nowMs - openedMs >= HEALTHY_MS) this.#failures = 0;
    const waitMs = BACKOFF_MS[Math.min(this.#failures++, BACKOFF_MS.length - 1)]!;
    this.#timer = setTimeout(() => this.#tryAgain(), waitMs);
  }

  #tryAgain(): void {
    this.#misses = this.#options.isWanted() ? 0 : this.#misses + 1;
    if (this.#misses <= MISSES_MAX) this.#connect();
    else this.#options.onEnded('unwanted');
  }

  #endRecording(): void {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder !== undefined && recorder.state !== 'inactive') recorder.stop();
  }
}
