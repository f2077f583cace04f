import { topicOf, type DurableMessage } from '../events/index.js';

/** Where a durable message is published, and whether the broker keeps it for those who come later. */
export function placeOf(message: DurableMessage, prefix: string): { topic: string; retain: boolean } {
  if (message.type === 'camera.status') return { topic: statusTopic(prefix, message.camera), retain: true };
  if (message.type === 'config.changed') return { topic: `${prefix}/config`, retain: false };
  // A rule about events of several cameras has no camera of its own, and * is no good name of a topic.
  const camera = message.camera === '*' ? 'all' : message.camera;
  return { topic: `${prefix}/${camera}/${topicOf(message.type)}`, retain: false };
}

/** Whether the server is there: `online`, or `offline` by its last will. Retained. */
export const serverTopic = (prefix: string): string => `${prefix}/status`;

/** The newest `camera.status` message. Retained. */
export const statusTopic = (prefix: string, camera: string): string => `${prefix}/${camera}/status`;

/** The newest {@link ObjectCounts}. Retained. */
export const objectsTopic = (prefix: string, camera: string): string => `${prefix}/${camera}/objects`;
