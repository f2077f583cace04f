/** As much of the browser's `WebSocket` as is used here, so that tests bring another. */
export interface SocketLike {
  binaryType: string;
  /** 2 or 3: closing or closed. */
  readonly readyState?: number;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

export interface ReconnectingSocketOptions {
  readonly open: () => SocketLike;
  readonly onMessage: (data: unknown) => void;
  /** The connection is there, or is gone: another is tried. */
  readonly onConnected?: (isConnected: boolean) => void;
  /** First wait before another try, ms; doubles up to eight times this. */
  readonly backoffMs?: number;
}

const BACKOFF_MS = 500;
const BACKOFF_DOUBLINGS_MAX = 3;
/** A network that swallows everything lets a connection hang for minutes. */
const OPENING_MAX_MS = 5000;

/** A WebSocket that is opened again whenever it is lost, until closed. Connects at once. */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  #socket: SocketLike | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #failures = 0;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Sends if there is a connection, and it is not being closed. */
  send(text: string): void {
    if ((this.#socket?.readyState ?? 1) < 2) this.#socket?.send(text);
  }

  /** Gives the connection up (it is silent) and opens another, after the usual wait or at once. */
  reopen({ isAtOnce = false } = {}): void {
    if (this.#isClosed) return;
    if (isAtOnce) this.#failures = 0;
    if (this.#socket !== undefined) this.#lose(this.#socket);
    if (!isAtOnce) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  /** Gives the connection up, and opens no other until {@link reopen}. */
  rest(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#opening);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  /** Ends for good; idempotent. */
  close(): void {
    this.#isClosed = true;
    this.rest();
  }

  #connect(): void {
    const socket = this.#options.open();
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    // What an abandoned socket still has to say is of no interest.
    const isCurrent = () => socket === this.#socket;
    this.#opening = setTimeout(() => isCurrent() && this.#lose(socket), OPENING_MAX_MS);
    socket.addEventListener('open', () => {
      if (!isCurrent()) return;
      clearTimeout(this.#opening);
      this.#options.onConnected?.(true);
    });
    socket.addEventListener('message', ({ data }) => {
      if (!isCurrent()) return;
      this.#failures = 0;
      this.#options.onMessage(data);
    });
    socket.addEventListener('close', () => isCurrent() && this.#lose(socket));
  }

  #lose(socket: SocketLike): void {
    this.#socket = undefined;
    clearTimeout(this.#opening);
    socket.close();
    this.#options.onConnected?.(false);
    const { backoffMs = BACKOFF_MS } = this.#options;
    const waitMs = backoffMs * 2 ** Math.min(this.#failures, BACKOFF_DOUBLINGS_MAX);
    this.#failures++;
    // Half of it by chance, so that not all pages come back in the same moment.
    this.#retry = setTimeout(() => this.#connect(), waitMs * (0.5 + Math.random() / 2));
  }
}
