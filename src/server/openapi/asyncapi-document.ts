import { z } from 'zod';
import { STREAM_SUBPROTOCOL } from '../protocol.js';
import { CLIENT_MESSAGES, SERVER_MESSAGES } from '../stream-messages.js';
import { FEED_CHANNELS, FEED_MESSAGES, FEED_OPERATIONS } from './feed-channels.js';

type Json = Readonly<Record<string, unknown>>;

/** Answers to what only a WebSocket can ask. */
const SOCKET_ONLY: ReadonlySet<string> = new Set(['Unsubscribed', 'Pong']);

const SECURITY = [
  { $ref: '#/components/securitySchemes/token' },
  { $ref: '#/components/securitySchemes/session' },
];

/**
 * The AsyncAPI 3.0 document of the event stream, made from the schemas that its messages have their types from, and of the sockets that carry pictures.
 *
 * @param version of the server
 * @param cookie the name of the session's
 */
export function asyncApiDocument(version: string, cookie: string): Json {
  const told = Object.keys(SERVER_MESSAGES);
  const toldBySse = told.filter((name) => !SOCKET_ONLY.has(name));
  const heard = Object.keys(CLIENT_MESSAGES);
  const schemas = Object.entries<z.ZodType>({ ...SERVER_MESSAGES, ...CLIENT_MESSAGES });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Sightline event stream',
      version,
      license: { name: 'MIT' },
      description:
        'What happens, as it happens, and from any number on that is still kept. Times are ISO 8601, boxes [x1, y1, x2, y2] in pixels of the source.',
    },
    defaultContentType: 'application/json',
    channels: {
      stream: {
        address: '/api/v1/stream',
        title: 'WebSocket',
        description: `Subprotocol ${STREAM_SUBPROTOCOL}. Each message is one text message. Closed with 1013 when the client is too slow, and 4401 when its session, token or rights end.`,
        messages: referencesTo([...told, ...heard]),
        bindings: { ws: { method: 'GET' } },
      },
      events: {
        address: '/api/v1/stream/sse',
        title: 'Server-sent events',
        description:
          'Each message is the data of one event; the id of a durable one is its seq, and Last-Event-ID or since resume from it. An event with an id alone says that nothing up to there concerned the client. Query: camera, topic (each several times), since.',
        messages: referencesTo(toldBySse),
        bindings: { http: {} },
      },
      ...FEED_CHANNELS,
    },
    operations: {
      tell: operation('send', 'stream', told, 'What the server sends over a WebSocket'),
      hear: operation('receive', 'stream', heard, 'What a client sends over a WebSocket'),
      tellEvents: operation('send', 'events', toldBySse, 'What the server sends as server-sent events'),
      ...Object.fromEntries(FEED_OPERATIONS.map(([name, { action, channel, messages, title }]) => [name, operation(action, channel, messages, title)])), // prettier-ignore
    },
    components: {
      messages: {
        ...Object.fromEntries(schemas.map(([name, schema]) => [name, messageOf(name, schema)])),
        ...FEED_MESSAGES,
      },
      schemas: Object.fromEntries(schemas.map(([name, schema]) => [name, jsonSchemaOf(schema)])),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'sightline token create' },
        session: { type: 'httpApiKey', in: 'cookie', name: cookie },
      },
    },
  };
}

function referencesTo(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

function operation(
  action: 'send' | 'receive',
  channel: string,
  names: readonly string[],
  title: string,
): Json {
  return {
    action,
    title,
    channel: { $ref: `#/channels/${channel}` },
    messages: names.map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
    security: SECURITY,
  };
}

function messageOf(name: string, schema: z.ZodType): Json {
  return {
    name,
    ...(schema.description !== undefined && { summary: schema.description }),
    payload: { $ref: `#/components/schemas/${name}` },
  };
}

/** AsyncAPI's schema objects are JSON Schema draft 7. */
function jsonSchemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}
