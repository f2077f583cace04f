import type { RawData, WebSocket } from 'ws';
import type { Permission } from '../access/index.js';
import { AppError, type Clock } from '../base/index.js';
import { MESSAGE_PERMISSIONS } from './access.js';
import { parseClientMessage } from './client-message.js';
import type { ClientMessage } from './protocol.js';
import { RateLimit } from './rate-limit.js';
import { CLOSE, type StreamClient } from './stream-client.js';

/** So many are borne; the next one closes the connection. */
const JUNK = { count: 9, windowMs: 10_000 };
const MESSAGES = { count: 20, windowMs: 1000 };

/**
 * Lets a client of the event stream say over its WebSocket what it wants.
 *
 * @param options.authorise throws when the client may not
 */
export function heedClient(
  socket: WebSocket,
  client: StreamClient,
  options: { readonly authorise: (permission: Permission) => void; readonly clock: Clock },
): void {
  const { authorise, clock } = options;
  const junk = new RateLimit({ ...JUNK, clock });
  const rate = new RateLimit({ ...MESSAGES, clock });

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (socket.readyState !== socket.OPEN) return;
    if (!rate.allow()) return client.close(CLOSE.policy, 'more than 20 messages in a second');
    try {
      if (isBinary) throw new AppError('server/bad-message', 'input', 'the message must be text, not binary');
      // `nodebuffer` is ws's default binary type, which text comes in, too.
      const message = parseClientMessage((data as Buffer).toString('utf8'));
      authorise(MESSAGE_PERMISSIONS[message.type]);
      answer(message, client);
    } catch (error) {
      client.complain(error);
      if (!junk.allow()) client.close(CLOSE.policy, '10 messages in 10 seconds made no sense');
    }
  });
}

function answer(message: ClientMessage, client: StreamClient): void {
  switch (message.type) {
    case 'ping':
      return client.say({ type: 'pong' });
    case 'unsubscribe':
      client.unsubscribe();
      return client.say({ type: 'unsubscribed' });
    case 'subscribe':
      return client.subscribe(message);
  }
}
