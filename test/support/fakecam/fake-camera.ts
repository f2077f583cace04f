import net, { type AddressInfo } from 'node:net';
import { once } from '../../../src/base/index.js';
import { waitFor } from '../wait-for.js';
import type { CameraCredentials } from './credentials.js';
import { Encoder, type CameraClip, type EncodedFrame } from './encoder.js';
import type { RtspRequest } from './rtsp-request.js';
import { RtspSession, type CameraState, type Treatment } from './rtsp-session.js';
import { parseScript, type CameraAction } from './script.js';

export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly userAgent: string | undefined;
  /** Whether it brought credentials, right or wrong. */
  readonly hasCredentials: boolean;
  /** `performance.now()` at arrival. */
  readonly atMs: number;
  /** Which connection it came on: 1 is the camera's first. */
  readonly connection: number;
  /** The answer; undefined when there was none (`mute`). */
  readonly status: number | undefined;
}

export interface FakeCameraOptions {
  /** See `parseScript`; begins to run at once. */
  readonly script?: string;
  /** The first is played until the script says otherwise. */
  readonly clips: readonly CameraClip[];
  readonly auth?: CameraCredentials;
  /** Any free one when undefined. */
  readonly port?: number;
  /** RTP time of the first frame, 1/90000 s; random when undefined. */
  readonly firstTimestamp?: number;
}

const PATH = '/cam';

/** A camera on loopback that speaks RTSP (H.264, interleaved TCP only) and does what its script says. */
export class FakeCamera {
  readonly port: number;
  /** Every request, in order of arrival. */
  readonly requests: LoggedRequest[] = [];
  readonly #server: net.Server;
  readonly #encoder: Encoder;
  readonly #sessions = new Set<RtspSession>();
  readonly #state: CameraState;
  #connections = 0;
  #mostPlaying = 0;
  #framesSent = 0;
  /** Rises with each new script, which ends the one before. */
  #scriptNumber = 0;
  #waiting: { timer: NodeJS.Timeout; wake: () => void } | undefined;

  private constructor(server: net.Server, encoder: Encoder, auth: CameraCredentials | undefined) {
    this.#server = server;
    this.#encoder = encoder;
    this.#state = { path: PATH, treatment: { verb: 'play' }, credentials: auth, sdpPaddingBytes: 0 };
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async open(options: FakeCameraOptions): Promise<FakeCamera> {
    const server = net.createServer();
    // A port asked for again may for a moment be some outgoing connection's: every other failure is final.
    await waitFor(() => listen(server, options.port ?? 0), {
      timeoutMs: 5000,
      what: `port ${options.port ?? 0}`,
    });
    const sendFrame = (frame: EncodedFrame) => camera.#sendFrame(frame);
    const encoder = await Encoder.open({
      clips: options.clips,
      firstTimestamp: options.firstTimestamp ?? Math.floor(Math.random() * 2 ** 31),
      onFrame: sendFrame,
    }).catch((error: unknown) => {
      server.close();
      throw error;
    });
    const camera = new FakeCamera(server, encoder, options.auth);
    void camera.run(options.script ?? 'play');
    return camera;
  }

  /** Its address without credentials. */
  get url(): string {
    return `rtsp://127.0.0.1:${this.port}${PATH}`;
  }

  /** Its address with the credentials that it now wants. */
  get urlWithCredentials(): string {
    if (this.#state.credentials === undefined) return this.url;
    const { user, password } = this.#state.credentials;
    return this.url.replace('//', `//${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Connections open now. */
  get openConnections(): number {
    return this.#sessions.size;
  }

  /** The most clients to which frames went at one time. */
  get mostPlaying(): number {
    return this.#mostPlaying;
  }

  /** Frames made since the camera was opened, sent to anyone or not. */
  get framesEncoded(): number {
    return this.#encoder.framesEncoded;
  }

  /** Whole frames handed to clients' sockets, summed over all clients. */
  get framesSent(): number {
    return this.#framesSent;
  }

  /** Requests of one method, for example `DESCRIBE`. */
  requestsOf(method: string): LoggedRequest[] {
    return this.requests.filter((request) => request.method === method);
  }

  /** Runs a script from now on, in place of the one that runs; resolves at its end or when replaced. */
  async run(script: string): Promise<void> {
    const steps = parseScript(script);
    const number = ++this.#scriptNumber;
    this.#wake();
    for (const { action, durationMs } of steps) {
      if (number !== this.#scriptNumber) return;
      this.#do(action);
      if (durationMs > 0) await this.#wait(durationMs);
    }
  }

  readonly close = once(async () => {
    this.#scriptNumber++;
    this.#wake();
    this.#encoder.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const session of this.#sessions) session.reset();
    await closed;
  });

  #do(action: CameraAction): void {
    switch (action.verb) {
      case 'play':
      case 'mute':
      case 'stall':
      case 'drip':
      case 'status':
      case 'redirect':
      case 'burst':
        return this.#treat(action);
      case 'sps':
        return this.#encoder.use(action.widthPx, action.heightPx);
      case 'ts':
        return this.#encoder.shiftTimestamps(action.seconds);
      case 'password':
        if (this.#state.credentials === undefined) throw new Error('a camera without auth has no password');
        this.#state.credentials = { ...this.#state.credentials, password: action.password };
        return;
      case 'sdp-bytes':
        this.#state.sdpPaddingBytes = action.bytes;
        return;
      case 'rst':
        return this.#sessions.forEach((session) => session.cut());
      case 'fin':
        return this.#sessions.forEach((session) => session.end());
    }
  }

  #treat(treatment: Treatment): void {
    const wasBurst = this.#state.treatment.verb === 'burst';
    this.#state.treatment = treatment;
    if (treatment.verb === 'burst') this.#encoder.setRate(treatment.fps);
    else if (wasBurst) this.#encoder.setRate(undefined);
    this.#sessions.forEach((session) => session.onTreatmentChange());
  }

  #accept(socket: net.Socket): void {
    const session = new RtspSession({
      number: ++this.#connections,
      socket,
      camera: this.#state,
      stream: () => this.#encoder.stream,
      onRequest: (from, request, status) => this.#logRequest(from, request, status),
    });
    this.#sessions.add(session);
    socket.on('close', () => this.#sessions.delete(session));
  }

  #logRequest(session: RtspSession, request: RtspRequest, status: number | undefined): void {
    this.requests.push({
      method: request.method,
      url: request.url,
      userAgent: request.headers.get('user-agent'),
      hasCredentials: request.headers.has('authorization'),
      atMs: performance.now(),
      connection: session.number,
      status,
    });
  }

  #sendFrame(frame: EncodedFrame): void {
    let playing = 0;
    for (const session of this.#sessions) {
      if (session.isPlaying) playing++;
      if (session.sendFrame(frame)) this.#framesSent++;
    }
    this.#mostPlaying = Math.max(this.#mostPlaying, playing);
  }

  #wait(durationMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#waiting = { timer: setTimeout(wake, durationMs), wake };
    });
  }

  #wake(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting?.wake();
    this.#waiting = undefined;
  }
}

/** False while the port is taken. */
function listen(server: net.Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', onError).listen(port, '127.0.0.1', () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}
