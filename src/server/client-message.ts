import { AppError } from '../base/index.js';
import type { ClientMessage } from './protocol.js';
import { clientMessageSchema } from './stream-messages.js';

/**
 * Reads one message of the event stream.
 *
 * @throws {AppError} `server/bad-message`, naming the key and the cure
 */
export function parseClientMessage(text: string): ClientMessage {
  const result = clientMessageSchema.safeParse(parseObject(text));
  if (!result.success) throw bad(result.error.issues[0]?.message ?? 'the message is not readable');
  const message = result.data;
  if (message.type !== 'subscribe') return message;
  const { cameras, topics } = message;
  return {
    ...message,
    cameras: cameras === '*' ? '*' : [...new Set(cameras)],
    topics: [...new Set(topics)],
  };
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('the message must be JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('the message must be a JSON object');
  return value;
}

function bad(message: string): AppError {
  return new AppError('server/bad-message', 'input', message);
}
