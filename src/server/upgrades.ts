import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { maySee, type Caller, type Permission } from '../access/index.js';
import { AppError, type Clock } from '../base/index.js';
import type { Access } from './access.js';
import type { ServerDependencies } from './dependencies.js';
import { CLIENTS_MAX, tooManyClients } from './event-source-route.js';
import type { Heartbeat } from './heartbeat.js';
import { serveLive } from './live-socket.js';
import { cameraNotFound, notFound, rawProblem } from './problem.js';
import { servePush } from './push-socket.js';
import { isCoveredFor } from './redaction.js';
import { STREAM_SUBPROTOCOL } from './protocol.js';
import type { SocketGuard } from './socket-guard.js';
import { socketAt } from './sockets.js';
import { webSocketChannel } from './stream-channel.js';
import { CLOSE_TIMEOUT_MS } from './stream-client.js';
import type { StreamHub } from './stream-hub.js';
import { heedClient } from './stream-socket.js';

const PAYLOAD_BYTES_MAX = 64 * 1024;
/** Our clients' messages are single frames; a message in very many pieces is an attack on memory. */
const FRAGMENTS_MAX = 16;

/** What WebSocket upgrades lead to. */
export interface UpgradesOptions {
  readonly dependencies: ServerDependencies;
  readonly access: Access;
  readonly hub: StreamHub;
  readonly heartbeat: Heartbeat;
  readonly guard: SocketGuard;
}

interface Upgrade {
  readonly caller: Caller;
  /** What to do with the WebSocket once it is open. */
  readonly start: (socket: WebSocket) => void;
}

/** Turns HTTP upgrades into event streams and live feeds, or refuses them with a problem document before any 101. */
export function createUpgrades(options: UpgradesOptions): {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
} {
  const { access, dependencies, guard, heartbeat, hub } = options;
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: PAYLOAD_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(STREAM_SUBPROTOCOL) ? STREAM_SUBPROTOCOL : false),
  });

  /** Throws where there must not be a WebSocket. */
  function route(request: IncomingMessage): Upgrade {
    const path = (request.url ?? '').split('?', 1)[0]!;
    const found = socketAt(path);
    const caller = access.authorise(request, found?.socket.permission ?? 'session');
    if (found === undefined) throw notFound();
    if (heartbeat.count >= CLIENTS_MAX) throw tooManyClients();
    guard.admit(caller);
    const { socket, id } = found;
    if (socket.what === 'live') return liveOf(request, caller, id);
    if (socket.what === 'push') return pushOf(request, caller, id);
    checkSubprotocol(request);
    return {
      caller,
      start(socket) {
        const client = hub.add(webSocketChannel(socket), (camera) => maySee(caller, camera));
        const authorise = (needed: Permission) => void access.authorise(request, needed);
        heedClient(socket, client, { authorise, clock: dependencies.clock });
      },
    };
  }

  function liveOf(request: IncomingMessage, caller: Caller, camera: string): Upgrade {
    const plain = maySee(caller, camera) ? dependencies.live(camera) : undefined;
    if (plain === undefined) throw cameraNotFound();
    const isCovered = isCoveredFor(dependencies, caller, camera);
    const source = isCovered ? dependencies.coveredLive(camera) : plain;
    if (source === undefined) throw cameraNotFound();
    return {
      caller,
      start(socket) {
        note(request, caller, 'live.view', camera);
        serveLive(socket, source, dependencies.clock);
      },
    };
  }

  function pushOf(request: IncomingMessage, caller: Caller, camera: string): Upgrade {
    if (!maySee(caller, camera) || dependencies.camera(camera) === undefined) throw cameraNotFound();
    const target = dependencies.push(camera);
    if (target === undefined) throw notPushed();
    return {
      caller,
      start(socket) {
        note(request, caller, 'webcam.send', camera);
        servePush(socket, target);
      },
    };
  }

  /** Once in ten minutes: connections that come and go are no news. */
  function note(request: IncomingMessage, caller: Caller, what: string, target: string): void {
    const actor = { caller, address: access.originOf(request).address };
    dependencies.accounts.audit.noteLook(actor, { what, target });
  }

  return {
    handle(request, socket, head) {
      socket.on('error', () => socket.destroy()); // a caller who left is no news
      let upgrade: Upgrade;
      try {
        upgrade = route(request);
      } catch (error) {
        socket.end(rawProblem(error), () => socket.destroy());
        return;
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        closeAfterErrors(webSocket, dependencies.clock);
        heartbeat.watch(webSocket);
        dependencies.metrics.wsClients.set(heartbeat.count);
        webSocket.once('close', () => dependencies.metrics.wsClients.set(heartbeat.count));
        guard.watch(webSocket, request, upgrade.caller);
        upgrade.start(webSocket);
      });
    },
  };
}

function notPushed(): AppError {
  return new AppError(
    'server/camera-not-pushed',
    'conflict',
    'this camera has its pictures from elsewhere: only one whose source is webcam: is sent them',
  );
}

/** A client that offers subprotocols must offer ours: it would not understand us otherwise. */
function checkSubprotocol(request: IncomingMessage): void {
  const offered = request.headers['sec-websocket-protocol'];
  if (offered === undefined) return;
  if (offered.split(',').some((name) => name.trim() === STREAM_SUBPROTOCOL)) return;
  throw new AppError(
    'server/unknown-subprotocol',
    'input',
    `offer the WebSocket subprotocol ${STREAM_SUBPROTOCOL}, or none`,
  );
}

/** After a protocol violation ws sends the close frame (1002, 1007, 1009) and waits; this bounds the wait. */
function closeAfterErrors(socket: WebSocket, clock: Clock): void {
  socket.on('error', () => {
    const cutOff = clock.after(CLOSE_TIMEOUT_MS, () => socket.terminate());
    socket.once('close', () => cutOff.cancel());
  });
}
