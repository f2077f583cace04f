import { AppError } from '../base/index.js';
import type { ClientMessage, Topic } from './protocol.js';

const TOPICS: ReadonlySet<string> = new Set<Topic>(['event', 'track', 'frame', 'camera']);
const CAMERA_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const CAMERAS_MAX = 1000;

/**
 * Reads one message of the event stream.
 *
 * @throws {AppError} `server/bad-message`, naming the key and the cure
 */
export function parseClientMessage(text: string): ClientMessage {
  const message = parseObject(text);
  switch (message['type']) {
    case 'subscribe':
      return {
        type: 'subscribe',
        cameras: camerasOf(message),
        topics: topicsOf(message),
        ...sinceOf(message),
      };
    case 'unsubscribe':
      return { type: 'unsubscribe' };
    case 'ping':
      return { type: 'ping' };
    default:
      throw bad('"type" must be "subscribe", "unsubscribe" or "ping"');
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('the message must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('the message must be a JSON object');
  return value as Record<string, unknown>;
}

function camerasOf({ cameras }: Record<string, unknown>): readonly string[] | '*' {
  if (cameras === '*') return '*';
  if (
    !Array.isArray(cameras) ||
    !cameras.every((id): id is string => typeof id === 'string' && CAMERA_ID.test(id))
  )
    throw bad('"cameras" must be "*" or a list of camera ids');
  if (cameras.length > CAMERAS_MAX)
    throw bad(`"cameras" may name ${CAMERAS_MAX} cameras at most: use "*" for more`);
  return [...new Set(cameras)];
}

function topicsOf({ topics }: Record<string, unknown>): readonly Topic[] {
  const isTopic = (topic: unknown): topic is Topic => typeof topic === 'string' && TOPICS.has(topic);
  if (!Array.isArray(topics) || topics.length === 0 || !topics.every(isTopic))
    throw bad('"topics" must be a list of "event", "track", "frame" and "camera", with at least one of them');
  return [...new Set(topics)];
}

function sinceOf({ since }: Record<string, unknown>): { since?: number } {
  if (since === undefined) return {};
  if (typeof since !== 'number' || !Number.isSafeInteger(since) || since < 0)
    throw bad('"since" must be the "seq" of a message: a whole number from 0');
  return { since };
}

function bad(message: string): AppError {
  return new AppError('server/bad-message', 'input', message);
}
