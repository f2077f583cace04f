import type { Socket } from 'node:net';
import { resetSocket } from '../reset-socket.js';
import { Challenge, type CameraCredentials } from './credentials.js';
import { RtpPacketizer, describeStream } from './rtp.js';
import { formatResponse, RtspRequestParser, type RtspRequest } from './rtsp-request.js';
import type { EncodedFrame } from './encoder.js';
import type { CameraAction } from './script.js';

/** How the camera treats its clients now. */
export type Treatment = Extract<
  CameraAction,
  { verb: 'play' | 'mute' | 'stall' | 'drip' | 'status' | 'redirect' | 'burst' }
>;

/** The camera's state, shared by reference: a session sees each change that the script makes. */
export interface CameraState {
  /** The path that exists on this camera, for example `/cam`. */
  readonly path: string;
  treatment: Treatment;
  credentials: CameraCredentials | undefined;
  sdpPaddingBytes: number;
}

export interface RtspSessionOptions {
  readonly number: number;
  readonly socket: Socket;
  readonly camera: Readonly<CameraState>;
  /** The stream that now plays. */
  readonly stream: () => { readonly sps: Buffer; readonly pps: Buffer };
  /** @param status the answer given; undefined when there was none */
  readonly onRequest: (session: RtspSession, request: RtspRequest, status: number | undefined) => void;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const METHODS = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'];
/** What a real camera holds for a client that does not read, before it drops frames. */
const LARGEST_BACKLOG_BYTES = 1024 * 1024;
const DRIP_TICK_MS = 100;

/** One client's connection to the camera. */
export class RtspSession {
  readonly number: number;
  readonly #options: RtspSessionOptions;
  readonly #socket: Socket;
  readonly #challenge = new Challenge();
  readonly #packetizer = new RtpPacketizer();
  #isPlaying = false;
  #cutNextFrame = false;
  /** Bytes held back while the camera drips. */
  #heldBack: Buffer = Buffer.alloc(0);
  #dripTimer: NodeJS.Timeout | undefined;

  constructor(options: RtspSessionOptions) {
    this.#options = options;
    this.number = options.number;
    this.#socket = options.socket;
    const parser = new RtspRequestParser();
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => parser.push(chunk).forEach((request) => this.#answer(request)));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', () => clearInterval(this.#dripTimer));
    this.onTreatmentChange();
  }

  get isPlaying(): boolean {
    return this.#isPlaying && !this.#socket.destroyed;
  }

  /** Whether frames reach this client as the camera now treats it. */
  get #sendsFrames(): boolean {
    const { verb } = this.#options.camera.treatment;
    return this.isPlaying && verb !== 'mute' && verb !== 'stall';
  }

  /** Hands a frame to this client's socket. Gives false when it was left out. */
  sendFrame({ picture, timestamp }: EncodedFrame): boolean {
    if (!this.#sendsFrames) return false;
    if (this.#socket.writableLength + this.#heldBack.length > LARGEST_BACKLOG_BYTES) return false;
    const bytes = Buffer.concat(this.#packetizer.packetize(picture, timestamp));
    if (this.#cutNextFrame) {
      this.#isPlaying = false;
      this.#socket.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => this.reset());
      return false;
    }
    this.#send(bytes);
    return true;
  }

  /** Resets the connection in the midst of the next frame, or at once when none is to come. */
  cut(): void {
    if (this.#sendsFrames) this.#cutNextFrame = true;
    else this.reset();
  }

  reset(): void {
    resetSocket(this.#socket);
  }

  end(): void {
    this.#isPlaying = false;
    this.#socket.end();
  }

  /** Tells the session that the camera's treatment changed. */
  onTreatmentChange(): void {
    clearInterval(this.#dripTimer);
    const { treatment } = this.#options.camera;
    if (treatment.verb !== 'drip') {
      if (this.#heldBack.length > 0) this.#socket.write(this.#heldBack);
      this.#heldBack = Buffer.alloc(0);
      return;
    }
    let credit = 0;
    this.#dripTimer = setInterval(() => {
      credit += (treatment.bytesPerSecond * DRIP_TICK_MS) / 1000;
      const count = Math.min(Math.floor(credit), this.#heldBack.length);
      if (count === 0) return;
      credit -= count;
      this.#socket.write(this.#heldBack.subarray(0, count));
      this.#heldBack = this.#heldBack.subarray(count);
    }, DRIP_TICK_MS);
  }

  #send(data: Buffer | string): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#options.camera.treatment.verb !== 'drip') this.#socket.write(data);
    else this.#heldBack = Buffer.concat([this.#heldBack, Buffer.from(data)]);
  }

  #answer(request: RtspRequest): void {
    if (this.#options.camera.treatment.verb === 'mute')
      return this.#options.onRequest(this, request, undefined);
    const { status, headers, body } = this.#respond(request);
    this.#options.onRequest(this, request, status);
    this.#send(formatResponse(request, status, headers, body));
    if (status !== 200) return;
    if (request.method === 'PLAY') this.#isPlaying = true;
    if (request.method === 'TEARDOWN') this.end();
  }

  #respond(request: RtspRequest): Answer {
    const { treatment, credentials } = this.#options.camera;
    const { method, url } = request;
    if (treatment.verb === 'redirect' && METHODS.indexOf(method) >= METHODS.indexOf(treatment.method)) {
      return { status: 302, headers: { Location: treatment.url === 'self' ? url : treatment.url } };
    }
    if (method === 'OPTIONS') {
      return { status: 200, headers: { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER' } };
    }
    const refusal = treatment.verb === 'status' ? treatment.code : undefined;
    const lacksCredentials = credentials !== undefined && !this.#challenge.isMet(request, credentials);
    if (refusal === 401 || (refusal === undefined && lacksCredentials)) {
      const challenge = this.#challenge.header(credentials?.scheme ?? 'digest');
      return { status: 401, headers: { 'WWW-Authenticate': challenge } };
    }
    if (refusal !== undefined) return { status: refusal };
    const { pathname } = new URL(url);
    if (pathname !== this.#options.camera.path && !pathname.startsWith(`${this.#options.camera.path}/`))
      return { status: 404 };
    return this.#serve(request);
  }

  #serve({ method, url, headers }: RtspRequest): Answer {
    const Session = `${this.number};timeout=60`;
    switch (method) {
      case 'DESCRIBE':
        return {
          status: 200,
          headers: { 'Content-Base': `${url}/`, 'Content-Type': 'application/sdp' },
          body: describeStream(this.#options.stream(), this.#options.camera.sdpPaddingBytes),
        };
      case 'SETUP':
        return /TCP/.test(headers.get('transport') ?? '')
          ? { status: 200, headers: { Session, Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' } }
          : { status: 461 };
      case 'PLAY':
        return { status: 200, headers: { Session, Range: 'npt=now-' } };
      default:
        return { status: 200, headers: { Session } };
    }
  }
}
