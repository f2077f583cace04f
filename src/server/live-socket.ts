import type { WebSocket } from 'ws';
import type { Clock } from '../base/index.js';
import type { LiveSource } from './dependencies.js';
import { RateLimit } from './rate-limit.js';
import { CLOSE } from './stream-client.js';

/** Connects one WebSocket to a camera's live pictures, until either ends. */
export function serveLive(socket: WebSocket, source: LiveSource, clock: Clock): void {
  const view = source.addViewer({
    bufferedBytes: () => socket.bufferedAmount,
    sendText: (text) => socket.send(text),
    sendBinary: (bytes) => socket.send(bytes, { binary: true }),
    end: (reason) => socket.close(CLOSE.goingAway, reason),
  });
  socket.once('close', () => view.close());
  // A viewer has nothing to say; a chatty one costs time.
  const rate = new RateLimit({ count: 20, windowMs: 1000, clock });
  socket.on('message', () => {
    if (!rate.allow()) socket.close(CLOSE.policy, 'a live feed takes no messages');
  });
}
