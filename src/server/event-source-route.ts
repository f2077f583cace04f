import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import { topicSchema } from '../events/index.js';
import { EventSourceChannel, sinceOf } from './event-source-channel.js';
import type { Heartbeat } from './heartbeat.js';
import { cameraId, listOf, readQuery, wholeNumber } from './query.js';
import type { Route } from './route.js';
import type { SocketGuard } from './socket-guard.js';
import type { StreamWish } from './stream-client.js';
import type { StreamHub } from './stream-hub.js';

/** Streams of events and live pictures that may be open at a time, of whatever kind. */
export const CLIENTS_MAX = 500;

/** Query of `GET stream/sse`: as in the WebSocket's `subscribe`, several of the same name for several. */
export const eventSourceQuery = z.strictObject({
  camera: listOf(cameraId).optional(),
  topic: listOf(topicSchema).default(['event', 'track', 'camera']),
  since: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
});

/** What clients of the event stream are looked after with. */
export interface Streams {
  readonly hub: StreamHub;
  readonly guard: SocketGuard;
  readonly heartbeat: Heartbeat;
  /** Called whenever another number of clients is there. */
  readonly onClients: (count: number) => void;
}

/** `GET stream/sse`: what the WebSocket tells, for clients that speak plain HTTP. */
export function eventSourceRoute(streams: () => Streams): Route {
  return {
    path: '/api/v1/stream/sse',
    permission: 'stream',
    filtersCameras: true,
    answer(request, response, caller) {
      const { camera, topic, since } = readQuery(request, eventSourceQuery);
      const from = sinceOf(request.get('last-event-id'), since);
      const { guard, heartbeat } = streams();
      if (heartbeat.count >= CLIENTS_MAX) throw tooManyClients();
      guard.admit(caller);
      if (request.method === 'HEAD') return void response.type('text/event-stream').end();
      const wish = { cameras: camera ?? ('*' as const), topics: topic };
      serve(request, response, caller, from === undefined ? wish : { ...wish, since: from }, streams());
    },
  };
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  wish: StreamWish,
  { hub, guard, heartbeat, onClients }: Streams,
): void {
  const channel = new EventSourceChannel(response);
  const client = hub.add(channel, (camera) => maySee(caller, camera));
  heartbeat.letBeat(channel, () => {
    const seq = client.completeSeq;
    if (seq !== undefined) channel.beat(seq);
  });
  guard.watch(channel, request, caller);
  onClients(heartbeat.count);
  channel.once('close', () => onClients(heartbeat.count));
  client.subscribe(wish);
}

/** The refusal of one client more. */
export function tooManyClients(): AppError {
  return new AppError(
    'server/too-many-clients',
    'unavailable',
    `${CLIENTS_MAX} WebSockets and event streams are open already: close some, or try again later`,
  );
}
