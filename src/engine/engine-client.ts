import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Backoff, entryFile, messageOf, once, type Clock, type Log, type Timer } from '../base/index.js';
import { guardedCommand } from '../media/index.js';
import { FramedLink } from './framing.js';
import type { FollowWish } from './hand-followed.js';
import type {
  CameraReading,
  EngineCamera,
  EngineCounts,
  EngineModel,
  EngineSetup,
  FromEngine,
  ModelState,
  Observation,
  ToEngine,
  TrackView,
} from './messages.js';
import { noAnswer, PendingRequests } from './pending-requests.js';
import type { RedactWish } from './redactor.js';
import { receivedView } from './track-view.js';

/** A heartbeat comes four times a second; without one for this long, the engine hangs. */
const HEARTBEAT_LIMIT_MS = 1500;
/** Loading FFmpeg, runtime and model may block for a while. */
const START_LIMIT_MS = 20_000;
/** Compressed bytes waiting for the engine, over all cameras; beyond it packets are dropped up to a keyframe. */
const BACKLOG_BYTES_MAX = 16 << 20;
/** The first restart is at once: a crash must not cost more than the start itself. */
const RESTART_FIRST_MS = 50;
const RESTART_LAST_MS = 8000;
const SETUP_RETRY_MS = 2000;
/** A run longer than this was a good one: the next restart is quick again. */
const GOOD_RUN_MS = 10_000;

/** `ready`: it runs; each of its models has a state of its own. */
export type EngineState = 'starting' | 'ready' | 'restarting' | 'stopped';

/** How the engine is, for `/readyz` and metrics. */
export interface EngineStatus {
  readonly state: EngineState;
  readonly restarts: number;
  /** Why it does not run. */
  readonly reason?: string;
}

interface EngineEvents {
  observation: [Observation];
  view: [TrackView];
  text: [CameraReading];
  status: [EngineStatus];
  counts: [Readonly<Record<string, EngineCounts>>];
  model: [id: string, ModelState];
  /** A camera's open tracks are over: its model changed. */
  'tracks-reset': [camera: string];
  /** Frames that could not be handed over, of one camera. */
  dropped: [camera: string, count: number];
}

/** A stream as the engine must be told of it, again after each restart. */
interface CurrentStream {
  readonly epoch: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly initSegment: Buffer;
  awaitsKeyframe: boolean;
}

/** One compressed frame on its way to the engine. */
export interface EngineFragment {
  readonly epoch: number;
  readonly ptsTicks: number;
  readonly isKeyframe: boolean;
  readonly bytes: Buffer;
  readonly arrivedMs: number;
  readonly capturedAtMs: number;
}

/** What the client of an engine needs. */
export interface EngineClientOptions {
  /** Asked for at each start of the engine; while it rejects, the start is tried again. */
  readonly setup: () => Promise<EngineSetup>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Control's side of the engine: starts the process, feeds it, and starts another when it dies or hangs.
 * It remembers cameras and streams, so that a new engine goes on from the next keyframe.
 */
export class EngineClient extends EventEmitter<EngineEvents> {
  readonly #options: EngineClientOptions;
  readonly #models = new Map<string, EngineModel>();
  readonly #modelStates = new Map<string, ModelState>();
  readonly #cameras = new Map<string, EngineCamera>();
  readonly #streams = new Map<string, CurrentStream>();
  /** Numbers above all that were seen, by camera: another engine goes on from there, so that a number is one object's. */
  readonly #nextTracks = new Map<string, number>();
  readonly #backoff = new Backoff({ firstMs: RESTART_FIRST_MS, lastMs: RESTART_LAST_MS });
  /** Answered by the number of a track. */
  readonly #requests: PendingRequests<number | undefined>;
  /** Answered by a JPEG. */
  readonly #redactions: PendingRequests<Buffer>;
  #child: ChildProcess | undefined;
  #link: FramedLink<ToEngine, FromEngine> | undefined;
  #watchdog: Timer | undefined;
  #restart: Timer | undefined;
  #status: EngineStatus = { state: 'stopped', restarts: 0 };
  #lastHeardMs = 0;
  #startedMs = 0;
  #closing = false;

  constructor(options: EngineClientOptions) {
    super();
    this.#options = options;
    this.#requests = new PendingRequests(options.clock);
    this.#redactions = new PendingRequests(options.clock);
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** How each model is, by id. */
  get models(): ReadonlyMap<string, ModelState> {
    return this.#modelStates;
  }

  /** Process id of the running engine. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the engine as soon as its setup is known. */
  start(): void {
    if (this.#closing || this.#child !== undefined) return;
    this.#setStatus({ state: 'starting', restarts: this.#status.restarts });
    this.#options.setup().then(
      (setup) => this.#spawn(setup),
      (error: unknown) => {
        this.#setStatus({ state: 'starting', restarts: this.#status.restarts, reason: messageOf(error) });
        this.#restart = this.#options.clock.after(SETUP_RETRY_MS, () => this.start());
      },
    );
  }

  #spawn(setup: EngineSetup): void {
    if (this.#closing) return;
    const { clock, log } = this.#options;
    const entry = fileURLToPath(entryFile(import.meta.url, './engine-process.js'));
    // The engine ends with its link; the guard is for one that hangs when we are killed. A guardian shell would
    // need the descriptor that is the link's.
    const guard = setup.ffmpeg.orphanGuard === 'setpriv' ? 'setpriv' : 'none';
    const command = guardedCommand(guard, process.execPath, ['--enable-source-maps', entry]);
    const child = spawn(command.file, command.args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
    this.#child = child;
    this.#startedMs = this.#lastHeardMs = clock.monotonicMs();
    const pipe = child.stdio[3] as Duplex;
    pipe.on('error', (error) => log.debug({ cause: error.message }, 'engine link broke'));
    const link = new FramedLink<ToEngine, FromEngine>(pipe, (message, payload) =>
      this.#receive(child, message, payload),
    );
    this.#link = link;
    child.on('error', (error) => this.#ended(child, error.message));
    child.on('exit', (code, signal) => this.#ended(child, signal ?? `exit status ${code}`));
    link.send({ type: 'setup', setup });
    for (const model of this.#models.values()) link.send({ type: 'model', model });
    for (const camera of this.#cameras.values()) this.#sendCamera(camera);
    for (const [id, stream] of this.#streams) this.#sendStream(id, stream);
    this.#watchdog = clock.every(HEARTBEAT_LIMIT_MS / 3, () => this.#watch(child));
  }

  /** Makes a model known, or another file or provider under its id. */
  setModel(model: EngineModel): void {
    this.#models.set(model.id, model);
    if (!this.#modelStates.has(model.id)) this.#modelStates.set(model.id, { state: 'loading' });
    this.#link?.send({ type: 'model', model });
  }

  /** Takes a model away that no camera asks for. */
  removeModel(id: string): void {
    this.#models.delete(id);
    this.#modelStates.delete(id);
    this.#link?.send({ type: 'model-removed', model: id });
  }

  /** Adds a camera, or changes its settings (which begins its tracks anew). */
  setCamera(camera: EngineCamera): void {
    this.#cameras.set(camera.id, camera);
    this.#sendCamera(camera);
    const stream = this.#streams.get(camera.id);
    if (stream !== undefined) this.#sendStream(camera.id, stream);
  }

  removeCamera(id: string): void {
    this.#cameras.delete(id);
    this.#streams.delete(id);
    this.#nextTracks.delete(id);
    this.#link?.send({ type: 'camera-removed', camera: id });
  }

  /** Begins a camera's stream. */
  startStream(camera: string, stream: Omit<CurrentStream, 'awaitsKeyframe'>): void {
    const current = { ...stream, awaitsKeyframe: true };
    this.#streams.set(camera, current);
    this.#sendStream(camera, current);
  }

  /**
   * Follows what is in a box of a camera's pictures, from the next one on, as a track of its own.
   *
   * @returns the number of its track
   * @throws {AppError} `engine/no-answer`, `engine/no-stream`, `engine/follow-off`, `engine/bad-box`, `engine/too-many-followed`
   */
  async follow(camera: string, wish: FollowWish): Promise<number> {
    const track = await this.#ask((request) => ({ type: 'follow', request, camera, wish }));
    if (track === undefined) throw noAnswer();
    return track;
  }

  /** Follows it no more; whether it was followed. @throws {AppError} `engine/no-answer` */
  async release(camera: string, track: number): Promise<boolean> {
    return (await this.#ask((request) => ({ type: 'release', request, camera, track }))) !== undefined;
  }

  /**
   * A picture, a JPEG, in which what a model finds is covered.
   * @throws {AppError} `engine/no-answer`, `engine/cannot-redact`, `engine/redact-busy`, `inference/*`
   */
  async redact(model: string, picture: Buffer, wish: RedactWish): Promise<Buffer> {
    const link = this.#link;
    if (link === undefined) throw noAnswer();
    return this.#redactions.ask((request) => link.send({ type: 'redact', request, model, wish }, picture));
  }

  /** Hands over one frame, or drops it (event `dropped`) while the engine cannot keep up. */
  write(camera: string, fragment: EngineFragment): void {
    const stream = this.#streams.get(camera);
    const link = this.#link;
    if (stream?.epoch !== fragment.epoch || link === undefined) return;
    const { bytes, epoch, ptsTicks, isKeyframe, arrivedMs, capturedAtMs } = fragment;
    if (isKeyframe) stream.awaitsKeyframe = false;
    if (link.backlogBytes > BACKLOG_BYTES_MAX) stream.awaitsKeyframe = true;
    if (stream.awaitsKeyframe) {
      this.emit('dropped', camera, 1);
      return;
    }
    link.send({ type: 'fragment', camera, epoch, ptsTicks, isKeyframe, arrivedMs, capturedAtMs }, bytes);
  }

  close = once(async () => {
    this.#closing = true;
    this.#watchdog?.cancel();
    this.#restart?.cancel();
    const child = this.#child;
    if (child !== undefined) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      (child.stdio[3] as Duplex).destroy(); // the engine ends with its link
      const deadline = this.#options.clock.after(HEARTBEAT_LIMIT_MS, () => child.kill('SIGKILL'));
      await gone;
      deadline.cancel();
    }
    this.#setStatus({ state: 'stopped', restarts: this.#status.restarts });
  });

  async #ask(message: (request: number) => ToEngine): Promise<number | undefined> {
    const link = this.#link;
    if (link === undefined) throw noAnswer();
    return this.#requests.ask((request) => link.send(message(request)));
  }

  #sendCamera(camera: EngineCamera): void {
    this.#link?.send({ type: 'camera', camera, firstTrack: this.#nextTracks.get(camera.id) ?? 1 });
  }

  #noteTracks({ camera, objects, changes }: Observation): void {
    let next = this.#nextTracks.get(camera) ?? 1;
    for (const { track } of objects) next = Math.max(next, track + 1);
    for (const { object } of changes) next = Math.max(next, object.track + 1);
    this.#nextTracks.set(camera, next);
  }

  #sendStream(camera: string, stream: CurrentStream): void {
    stream.awaitsKeyframe = true;
    const { epoch, widthPx, heightPx, initSegment } = stream;
    this.#link?.send({ type: 'stream', camera, epoch, widthPx, heightPx }, initSegment);
  }

  #receive(child: ChildProcess, message: FromEngine, payload: Buffer): void {
    if (child !== this.#child) return;
    this.#lastHeardMs = this.#options.clock.monotonicMs();
    switch (message.type) {
      case 'ready':
        return this.#setStatus({ state: 'ready', restarts: this.#status.restarts });
      case 'model-state':
        if (!this.#models.has(message.model)) return;
        this.#modelStates.set(message.model, message.state);
        return void this.emit('model', message.model, message.state);
      case 'tracks-reset':
        return void this.emit('tracks-reset', message.camera);
      case 'heartbeat':
        return void this.emit('counts', message.counts);
      case 'follow-result':
        return this.#requests.answer(message.request, message.track, message.error);
      case 'redact-result':
        return this.#redactions.answer(message.request, payload, message.error);
      case 'observation':
        this.#noteTracks(message.observation);
        return void this.emit('observation', message.observation);
      case 'text':
        return void this.emit('text', message.reading);
      case 'view':
        return void this.emit('view', receivedView(message, payload));
    }
  }

  #watch(child: ChildProcess): void {
    const limitMs = this.#status.state === 'starting' ? START_LIMIT_MS : HEARTBEAT_LIMIT_MS;
    const silentMs = this.#options.clock.monotonicMs() - this.#lastHeardMs;
    if (silentMs <= limitMs) return;
    this.#options.log.error({ silentMs: Math.round(silentMs) }, 'the engine hangs: replacing it');
    child.kill('SIGKILL');
  }

  #ended(child: ChildProcess, reason: string): void {
    if (child !== this.#child) return;
    this.#watchdog?.cancel();
    this.#child = undefined;
    this.#link = undefined;
    this.#requests.rejectAll();
    this.#redactions.rejectAll();
    if (this.#closing) return;
    const { clock, log } = this.#options;
    if (clock.monotonicMs() - this.#startedMs > GOOD_RUN_MS) this.#backoff.reset();
    const delayMs = this.#backoff.nextMs();
    log.error({ reason, delayMs: Math.round(delayMs) }, 'the engine ended: starting another');
    for (const id of this.#models.keys()) this.#modelStates.set(id, { state: 'loading' });
    this.#setStatus({ state: 'restarting', restarts: this.#status.restarts + 1, reason });
    this.#restart = clock.after(delayMs, () => this.start());
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    this.emit('status', status);
  }
}
