import http, { type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { AppError, messageOf, once, sleep } from '../base/index.js';
import type { FrameMessage, NumberedMessage } from '../events/index.js';
import { createAccess } from './access.js';
import type { ServerDependencies } from './dependencies.js';
import { Heartbeat } from './heartbeat.js';
import { rawProblem } from './problem.js';
import { reachOf, type ReachOptions } from './reach.js';
import { createRoutes } from './routes.js';
import { awayCookie, sessionCookie } from './session-cookie.js';
import { SocketGuard } from './socket-guard.js';
import { CLOSE } from './stream-client.js';
import { StreamHub } from './stream-hub.js';
import { TlsFiles, type TlsPaths } from './tls-files.js';
import { createUpgrades } from './upgrades.js';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_CONNECTIONS_MS = 5_000;
const CONNECTIONS_MAX = 1000;
/** How long clients may take to say goodbye when the server closes. */
const GOODBYE_MS = 2_000;

/** Where to listen, and what to serve. */
export interface HttpServerOptions extends ReachOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Certificate and key of our own; read again when they are renewed. */
  readonly tls?: TlsPaths | undefined;
  /** Addresses of proxies in front, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  readonly version: string;
  /** The built dashboard, `dist/dashboard`. */
  readonly dashboardDir: string;
  readonly dependencies: ServerDependencies;
}

/** REST, health, metrics, dashboard, event stream and live feeds on one port. */
export class HttpServer {
  readonly #server: Server;
  readonly #hub: StreamHub;
  readonly #heartbeat: Heartbeat;
  readonly #guard: SocketGuard;
  readonly #tls: TlsFiles | undefined;
  readonly #options: HttpServerOptions;

  private constructor(parts: {
    server: Server;
    hub: StreamHub;
    heartbeat: Heartbeat;
    guard: SocketGuard;
    tls: TlsFiles | undefined;
    options: HttpServerOptions;
  }) {
    this.#server = parts.server;
    this.#hub = parts.hub;
    this.#heartbeat = parts.heartbeat;
    this.#guard = parts.guard;
    this.#tls = parts.tls;
    this.#options = parts.options;
  }

  /**
   * Starts to listen.
   *
   * @throws {AppError} `server/port-in-use`, `server/cannot-listen`, `server/bad-certificate`, `server/key-readable`
   */
  static async open(options: HttpServerOptions): Promise<HttpServer> {
    const { dependencies, host, port, version, trustedProxies = [] } = options;
    const { accounts, clock, journal, log } = dependencies;
    const tls = options.tls === undefined ? undefined : await TlsFiles.open(options.tls, { clock, log });
    const reach = reachOf(options, tls);
    const cookies = { cookie: sessionCookie(reach.isSecure), awayCookie: awayCookie(reach.isSecure) };
    const access = createAccess({ accounts, reach, ...cookies, trustedProxies });
    if (reach.isExposed)
      log.warn(
        { host },
        'reachable from other machines without TLS: all but health checks is refused until server.tls or server.publicUrl is set',
      );
    const startedMs = clock.monotonicMs();
    const startedAt = new Date(clock.wallMs()).toISOString();
    const hub = new StreamHub({ dependencies, server: `sightline/${version}` });
    const heartbeat = new Heartbeat({ clock });
    const guard = new SocketGuard({ access, accounts, clock });
    const onClients = (count: number) => dependencies.metrics.wsClients.set(count);
    const app = createRoutes({
      dependencies,
      access,
      isSecure: reach.isSecure,
      dashboardDir: options.dashboardDir,
      streams: { hub, guard, heartbeat, onClients },
      system: () => ({
        name: 'sightline',
        version,
        startedAt,
        uptimeSeconds: Math.round((clock.monotonicMs() - startedMs) / 1000),
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
        clients: heartbeat.count,
        lastSeq: hub.publishedSeq,
        firstSeq: journal.firstSeq,
      }),
    });
    const limits = {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    };
    const server = tls === undefined ? http.createServer(limits, app) : createTlsServer(tls, limits, app);
    server.maxConnections = CONNECTIONS_MAX;
    const upgrades = createUpgrades({ dependencies, access, hub, heartbeat, guard });
    server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head));
    server.on('clientError', (error, socket) => refuseUnreadable(error, socket as Socket));
    try {
      await listen(server, host, port);
    } catch (error) {
      heartbeat.close();
      guard.close();
      tls?.close();
      throw error;
    }
    return new HttpServer({ server, hub, heartbeat, guard, tls, options });
  }

  /** The port bound to. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where a browser on this machine finds the dashboard, without a trailing slash. */
  get url(): string {
    const { host } = this.#options;
    const isWildcard = host === '0.0.0.0' || host === '::';
    const name = isWildcard ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
    return `${this.#tls === undefined ? 'http' : 'https'}://${name}:${this.port}`;
  }

  /** Tells clients a durable message. Call it after the journal's `append` resolved, never before. */
  publish(message: NumberedMessage): void {
    this.#hub.publish(message);
  }

  /** Tells clients the objects of a frame; slow ones may miss it. */
  publishFrame(message: FrameMessage): void {
    this.#hub.publishFrame(message);
  }

  /** Says goodbye (1001) to all clients, waits 2 s for them at most, and frees the port. */
  readonly close = once(async () => {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    this.#hub.closeAll();
    for (const socket of this.#heartbeat.sockets) socket.close(CLOSE.goingAway, 'the server stops');
    const patience = new AbortController();
    await Promise.race([closed, sleep(this.#options.dependencies.clock, GOODBYE_MS, patience.signal)]);
    patience.abort();
    for (const socket of this.#heartbeat.sockets) socket.terminate();
    this.#server.closeAllConnections();
    await closed;
    this.#heartbeat.close();
    this.#guard.close();
    this.#tls?.close();
  });
}

function createTlsServer(tls: TlsFiles, limits: http.ServerOptions, app: http.RequestListener): Server {
  const server = https.createServer({ ...limits, ...tls.identity }, app);
  tls.watch((identity) => server.setSecureContext(identity));
  return server;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)));
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function cannotListen(error: Error, host: string, port: number): AppError {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return new AppError(
      'server/port-in-use',
      'conflict',
      `port ${port} on ${host} is in use: stop the program that has it, or choose another with --port or server.port (0 picks a free one)`,
      { cause: error },
    );
  return new AppError(
    'server/cannot-listen',
    'input',
    `cannot listen on server.host ${host}, server.port ${port} (${messageOf(error)}): choose an address of this machine and a port that you may bind`,
    { cause: error },
  );
}

/** Answers what is not readable as HTTP, or did not come in time; Node calls this in place of a request. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(rawProblem(unreadable(error.code)), () => socket.destroy());
}

function unreadable(code: string | undefined): AppError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new AppError('server/request-timeout', 'input', 'the request did not come in time');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new AppError('server/headers-too-large', 'input', 'the request headers are larger than 16 KiB');
  return new AppError('server/bad-request', 'input', 'the request is not readable as HTTP/1.1');
}
