import { z } from 'zod';
import { cameraId } from './query.js';
import { frameSchema, numberedSchemas, topicSchema } from '../events/index.js';

// What goes over the event stream beside what is in `events/`: the types of `protocol.ts`, the AsyncAPI document, and what the server reads with.

const CAMERAS_MAX = 1000;
const CAMERAS_ERROR = `"cameras" must be "*" or a list of camera ids, ${CAMERAS_MAX} at most: use "*" for more`;
const TOPICS_ERROR =
  '"topics" must be a list of "event", "track", "frame" and "camera", with at least one of them';
const FRAMES_ERROR = `"frames" must be a list of camera ids, ${CAMERAS_MAX} at most: leave it out for those of "cameras"`;
const SINCE_ERROR = '"since" must be the "seq" of a message: a whole number from 0';

const text = z.string();
const count = z.int().min(0);

const cameras = z.union([z.literal('*'), z.array(text).readonly()]);
const topics = z.array(topicSchema).readonly();

/** What the server sends to one client alone, by name. */
export const CONTROL_MESSAGES = {
  Hello: z
    .strictObject({ type: z.literal('hello'), v: z.literal(1), server: text, lastSeq: count })
    .readonly()
    .describe('Comes first'),
  Subscribed: z
    .strictObject({ type: z.literal('subscribed'), cameras, topics, lastSeq: count })
    .readonly()
    .describe(
      'Without since, every durable message above lastSeq follows; a client may resume from that number',
    ),
  Unsubscribed: z
    .strictObject({ type: z.literal('unsubscribed') })
    .readonly()
    .describe('Nothing more is told'),
  Pong: z
    .strictObject({ type: z.literal('pong') })
    .readonly()
    .describe('Answers a ping'),
  Gap: z
    .strictObject({ type: z.literal('gap'), from: count, to: count, reason: z.literal('retention') })
    .readonly()
    .describe('The messages from..to, both included, were asked for by since and are no longer kept'),
  StreamError: z
    .strictObject({ type: z.literal('error'), code: text, message: text })
    .readonly()
    .describe('What was asked for could not be done; the code is one of docs/errors.md'),
} as const;

/** All that the server sends, by name. */
export const SERVER_MESSAGES = { ...CONTROL_MESSAGES, Frame: frameSchema, ...numberedSchemas } as const;

/** What a client may send, by name. Keys that are not known are not looked at. */
export const CLIENT_MESSAGES = {
  Subscribe: z
    .object({
      type: z.literal('subscribe'),
      cameras: z.union([z.literal('*'), z.array(cameraId).max(CAMERAS_MAX).readonly()], {
        error: CAMERAS_ERROR,
      }),
      topics: z
        .array(z.enum(topicSchema.options, { error: TOPICS_ERROR }), { error: TOPICS_ERROR })
        .min(1, { error: TOPICS_ERROR })
        .readonly(),
      frames: z
        .array(cameraId, { error: FRAMES_ERROR })
        .max(CAMERAS_MAX, { error: FRAMES_ERROR })
        .readonly()
        .exactOptional()
        .describe('Cameras whose frames are told, where those are fewer than cameras: what a page shows now'),
      since: z
        .int({ error: SINCE_ERROR })
        .min(0, { error: SINCE_ERROR })
        .exactOptional()
        .describe('The highest seq that the client has: everything after it is told first'),
    })
    .describe('Asks for messages, in place of what was asked for before'),
  Unsubscribe: z.object({ type: z.literal('unsubscribe') }).describe('Asks for no more'),
  Ping: z.object({ type: z.literal('ping') }).describe('Asks for a pong'),
} as const;

/** Any message of a client. */
export const clientMessageSchema = z.discriminatedUnion(
  'type',
  [CLIENT_MESSAGES.Subscribe, CLIENT_MESSAGES.Unsubscribe, CLIENT_MESSAGES.Ping],
  { error: '"type" must be "subscribe", "unsubscribe" or "ping"' },
);
