import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket, type ClientOptions } from 'ws';
import { Accounts } from '../../src/access/index.js';
import { Classifiers } from '../../src/classifiers/index.js';
import { silentLog, systemClock, type Clock, type Log } from '../../src/base/index.js';
import type { OidcConfig } from '../../src/config/index.js';
import type { DurableMessage, FrameMessage, NumberedMessage } from '../../src/events/index.js';
import { LiveFeed } from '../../src/live/index.js';
import { createMetrics } from '../../src/metrics/index.js';
import type { PushTarget, RecordingSource, ServerDependencies } from '../../src/server/dependencies.js';
import {
  HttpServer,
  type CameraStages,
  type CameraView,
  type ModelView,
  type HttpServerOptions,
  type Readiness,
  type ServerMessage,
} from '../../src/server/index.js';
import { Store } from '../../src/store/index.js';
import { idleHost } from '../support/idle-host.js';
import { noRecordings } from '../support/no-recordings.js';
import { waitFor } from '../support/wait-for.js';

export const gate: CameraView = {
  id: 'gate',
  source: 'rtsp://user:***@gate.lan/stream1',
  state: 'live',
  since: '2026-05-04T09:30:12.480Z',
  codec: 'h264',
  width: 640,
  height: 360,
  transcoded: false,
  reconnects: 0,
  health: { state: 'faulty', faults: [{ fault: 'blocked', since: '2026-05-04T09:31:00.000Z' }] },
};

export interface SetupOptions extends Partial<
  Pick<HttpServerOptions, 'host' | 'port' | 'publicUrl' | 'tls' | 'trustedProxies'>
> {
  readonly clock?: Clock;
  readonly log?: Log;
  readonly oidc?: OidcConfig;
  readonly retentionCount?: number;
  readonly withDashboard?: boolean;
}

/** A real server with a real journal in a directory of its own; `tearDown` removes all. */
export class ServerUnderTest {
  readiness: Readiness = { ready: true, reasons: [], cameras: { total: 1, live: 1 } };
  readonly feed = new LiveFeed();
  /** With people covered. */
  readonly coveredFeed = new LiveFeed();
  /** Told to clients as the camera's. */
  camera: CameraView = gate;
  snapshot: (widthPx: number | undefined) => Promise<Buffer> = () => Promise.reject(new Error('not set'));
  /** Nothing is covered. */
  redaction: HttpServerOptions['dependencies']['redaction'] = () => undefined;
  redact: HttpServerOptions['dependencies']['redact'] = () => Promise.reject(new Error('not set'));
  coveredClip: HttpServerOptions['dependencies']['coveredClip'] = () => Promise.reject(new Error('not set'));
  stages: CameraStages = { windowSeconds: 10, windows: [] };
  models: ModelView[] = [];
  /** The catalogue of models, and what pulls them. */
  catalogue: Omit<ServerDependencies['models'], 'inUse'> = idleHost.models;
  /** What `cameras/:id/scene` answers from. */
  scenes: ServerDependencies['scenes'] = { last: () => undefined, look: () => undefined };
  trySource: HttpServerOptions['dependencies']['trySource'] = () =>
    Promise.resolve({ state: 'dns_failed', reason: 'the name is not known' });
  discoverCameras = idleHost.discoverCameras;
  /** Where the camera's pictures are sent; undefined: it has them from elsewhere. */
  pushTarget: PushTarget | undefined;
  uploads = idleHost.uploads;
  recordings: RecordingSource = noRecordings;
  configFile: HttpServerOptions['dependencies']['configFile'];
  readonly dir = mkdtempSync(path.join(tmpdir(), 'sightline-server-'));
  readonly clients: WebSocket[] = [];
  readonly sockets: net.Socket[] = [];
  server!: HttpServer;
  store!: Store;
  accounts!: Accounts;
  classifiers!: Classifiers;
  readonly #options: SetupOptions;
  readonly #metrics = createMetrics({ clock: systemClock });

  constructor(options: SetupOptions = {}) {
    this.#options = options;
    if (options.withDashboard === false) return;
    mkdirSync(path.join(this.dir, 'dashboard/assets'), { recursive: true });
    writeFileSync(path.join(this.dir, 'dashboard/index.html'), '<title>Sightline</title>');
    writeFileSync(path.join(this.dir, 'dashboard/assets/index-DiwrgTda.js'), 'let a');
    writeFileSync(path.join(this.dir, 'secret.txt'), 'secret');
  }

  static async open(options: SetupOptions = {}): Promise<ServerUnderTest> {
    const opened = new ServerUnderTest(options);
    await opened.start();
    return opened;
  }

  async start(): Promise<void> {
    const { clock = systemClock, retentionCount = 100_000, host = '127.0.0.1', port = 0 } = this.#options;
    const { publicUrl, tls, trustedProxies = [], oidc, log = silentLog } = this.#options;
    const dataDir = path.join(this.dir, 'data');
    this.store = await Store.open({ dataDir, clock: systemClock, log: silentLog, retentionCount });
    this.classifiers = await Classifiers.open({
      ...{ store: this.store, clock, log: silentLog },
      publish: (message) => void this.store.journal.append(message),
      onClass: () => undefined,
      onDropped: () => undefined,
    });
    this.accounts = await Accounts.open({
      table: this.store.table('access'),
      dataDir,
      oidc,
      clock,
      log,
    });
    this.server = await HttpServer.open({
      host,
      port,
      publicUrl,
      tls,
      trustedProxies,
      version: '0.1.0',
      dashboardDir: path.join(this.dir, 'dashboard'),
      dependencies: {
        cameras: () => [this.camera],
        camera: (id) => (id === 'gate' ? this.camera : undefined),
        live: (id) => (id === 'gate' ? this.feed : undefined),
        coveredLive: (id) => (id === 'gate' ? this.coveredFeed : undefined),
        stages: (id) => (id === 'gate' ? this.stages : undefined),
        snapshot: (id, widthPx) => (id === 'gate' ? this.snapshot(widthPx) : undefined),
        journal: this.store.journal,
        recordings: {
          list: (query) => this.recordings.list(query),
          clip: (...args) => this.recordings.clip(...args),
          mark: (...args) => this.recordings.mark(...args),
        },
        history: this.store.table('history'),
        pictures: this.store.table('pictures'),
        looks: this.store.table('looks'),
        similarity: this.store.table('similarity'),
        texts: this.store.table('texts'),
        configuredCameras: () => ['gate', 'yard'],
        redaction: (id) => this.redaction(id),
        redact: (id, jpeg, known) => this.redact(id, jpeg, known),
        coveredClip: (id, range) => this.coveredClip(id, range),
        follow: () => undefined,
        release: () => undefined,
        trySource: (source, signal) => this.trySource(source, signal),
        scenes: {
          last: (id) => this.scenes.last(id),
          look: (id, wish, signal) => this.scenes.look(id, wish, signal),
        },
        tryRules: () => Promise.reject(new Error('not here')),
        ...idleHost,
        models: {
          inUse: () => Promise.resolve(this.models),
          catalogue: () => this.catalogue.catalogue(),
          pull: (name, accepted) => this.catalogue.pull(name, accepted),
          cancelPull: (name) => this.catalogue.cancelPull(name),
        },
        push: (id) => (id === 'gate' ? this.pushTarget : undefined),
        discoverCameras: (signal) => this.discoverCameras(signal),
        uploads: {
          begin: (bytes) => this.uploads.begin(bytes),
          add: (id, from, piece) => this.uploads.add(id, from, piece),
        },
        accounts: this.accounts,
        classifiers: this.classifiers,
        configFile: this.configFile,
        readiness: () => this.readiness,
        metrics: this.#metrics,
        clock,
        log,
      },
    });
  }

  /** Closes server and journal; `start` opens them again on the same data. */
  async stop(): Promise<void> {
    await this.server.close();
    await this.classifiers.close();
    await this.accounts.close();
    await this.store.close();
  }

  async tearDown(): Promise<void> {
    for (const client of this.clients) client.terminate();
    for (const socket of this.sockets) socket.destroy();
    await this.stop();
    this.#metrics.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Commits and publishes, as the application does. */
  async tell(...messages: DurableMessage[]): Promise<NumberedMessage[]> {
    return await Promise.all(
      messages.map(async (message) => {
        const told = await this.store.journal.append(message);
        this.server.publish(told);
        return told;
      }),
    );
  }

  fetch(address: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.server.url}${address}`, init);
  }

  /** A raw connection, for what no client library would send. */
  async raw(): Promise<net.Socket> {
    const socket = net.connect(this.server.port, '127.0.0.1');
    this.sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  /** A raw WebSocket on the event stream, open, which has read no more than the answer's head. */
  async rawStream(): Promise<net.Socket> {
    const socket = await this.raw();
    socket.write(
      `GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await once(socket, 'readable');
    return socket;
  }

  webSocket(address: string, protocols: string[] = [], options: ClientOptions = {}): WebSocket {
    const socket = new WebSocket(`${this.server.url.replace('http', 'ws')}${address}`, protocols, options);
    this.clients.push(socket);
    socket.on('error', () => undefined);
    return socket;
  }

  /** A client of the event stream, after its `hello`. */
  async stream(): Promise<StreamReader> {
    const reader = new StreamReader(this.webSocket('/api/v1/stream', ['sightline.v1']));
    await reader.next('hello');
    return reader;
  }
}

/** Collects what a client of the event stream is sent. */
export class StreamReader {
  readonly received: ServerMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  isClosed = false;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) =>
      this.received.push(JSON.parse(data.toString('utf8')) as ServerMessage),
    );
    this.closed = new Promise((resolve) => {
      socket.once('close', (code: number, reason: Buffer) => {
        this.isClosed = true;
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message of a type, once it is there. */
  async next<T extends ServerMessage['type']>(type: T): Promise<ServerMessage & { type: T }> {
    return await waitFor(
      () => this.received.find((message): message is ServerMessage & { type: T } => message.type === type),
      { timeoutMs: 20_000, what: `a message ${type}` },
    );
  }

  async subscribe(
    options: { topics?: string[]; cameras?: string[] | '*'; frames?: string[]; since?: number } = {},
  ): Promise<void> {
    this.send({ type: 'subscribe', cameras: '*', topics: ['event', 'track', 'camera', 'frame'], ...options });
    await this.next('subscribed');
  }

  /** Numbers of the durable messages so far. */
  get seqs(): number[] {
    return this.received.flatMap((message) => ('seq' in message ? [message.seq] : []));
  }

  /** Waits until the durable message of this number has come. */
  async untilSeq(seq: number): Promise<void> {
    await waitFor(() => this.seqs.at(-1) === seq, { timeoutMs: 20_000, what: `message ${seq}` });
  }
}

export function status(reason: string, camera = 'gate'): DurableMessage {
  return {
    v: 1,
    type: 'camera.status',
    camera,
    time: '2026-05-04T09:30:12.480Z',
    status: { state: 'live', reason, transcoded: false },
  };
}

export function frame(ptsMs: number, options: { camera?: string; padding?: string } = {}): FrameMessage {
  return {
    v: 1,
    type: 'frame',
    camera: options.camera ?? 'gate',
    time: '2026-05-04T09:30:12.480Z',
    epoch: 1,
    ptsMs,
    frame: { width: 640, height: 360 },
    timing: { decodeMs: 2, queueMs: 1, inferenceMs: 30 },
    light: { regime: 'day', meanLuma: 0.5, normalised: false },
    objects: [
      { track: 1, label: options.padding ?? 'person', score: 0.8, box: [1, 2, 3, 4], state: 'tracked' },
    ],
  };
}

export const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
