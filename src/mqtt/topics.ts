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

/** Whether this is what stands at a {@link statusTopic}. */
export const isStatusText = (text: string): boolean => {
  const message = recordOf(text);
  return message['type'] === 'camera.status' && typeof message['camera'] === 'string';
};

/** Whether this is what stands at an {@link objectsTopic}. */
export const isCountsText = (text: string): boolean => {
  const counts = recordOf(text);
  return typeof counts['total'] === 'number' && 'labels' in counts && 'zones' in counts;
};

/** Empty where the text is something else. */
function recordOf(text: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {}; // Somebody else's, or empty.
  }
}
