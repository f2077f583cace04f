import type { MqttClient } from 'mqtt';
import { messageOf, type Log } from '../base/index.js';
import type { MqttConfig } from '../config/index.js';
import type { CameraStates } from './camera-states.js';
import {
  discoveryOf,
  discoveryTopic,
  discoveryTopicOf,
  isDiscoveryOf,
  type DescribedCamera,
} from './home-assistant.js';
import { isCountsText, isStatusText, objectsTopic, serverTopic, statusTopic } from './topics.js';

/** What a broker is greeted with. */
export interface Greeting {
  readonly config: MqttConfig;
  readonly cameras: readonly DescribedCamera[];
  readonly version: string;
  readonly states: CameraStates;
  /** States beyond it are still to be delivered, in their turn. */
  readonly cursor: number;
  readonly log: Log;
}

/**
 * Says after each connecting what a broker keeps, since it may have lost it, and clears what it keeps of
 * cameras that were removed.
 * @throws {Error} with the connection
 */
export async function greet(client: MqttClient, greeting: Greeting): Promise<void> {
  const { config, cameras, states, cursor } = greeting;
  const { topicPrefix: prefix } = config;
  const { discoveryPrefix, enabled: hasHomeAssistant } = config.homeAssistant;
  await keep(client, serverTopic(prefix), 'online');
  const birth = `${discoveryPrefix}/status`;
  // What fails here fails with the connection, which ends the session.
  client.on('message', (topic, payload, { retain }) => {
    const text = payload.toString();
    if (hasHomeAssistant && topic === birth) {
      if (text === 'online') discover(client, greeting).catch(() => undefined);
    } else if (retain && isOfRemovedCamera(topic, text, greeting))
      keep(client, topic, '').catch(() => undefined);
  });
  const ours = [statusTopic(prefix, '+'), objectsTopic(prefix, '+')];
  const theirs = hasHomeAssistant ? [birth, discoveryTopicOf(discoveryPrefix, '+')] : [];
  await subscribe(client, [...ours, ...theirs], greeting.log);
  if (hasHomeAssistant) await discover(client, greeting);
  for (const { id } of cameras) {
    const status = states.statusOf(id);
    if (status !== undefined && status.seq <= cursor)
      await keep(client, statusTopic(prefix, id), JSON.stringify(status));
  }
  // What is kept came right after the subscription: from here on, these would only echo what is published.
  await client.unsubscribeAsync(ours);
}

async function subscribe(client: MqttClient, topics: string[], log: Log): Promise<void> {
  try {
    await client.subscribeAsync(topics, { qos: 1 });
  } catch (error) {
    if (!client.connected) throw error;
    log.warn(
      { cause: messageOf(error), topics },
      'the MQTT broker refuses subscriptions: what it keeps of removed cameras stays, and Home Assistant is not answered',
    );
  }
}

async function discover(client: MqttClient, { config, cameras, version }: Greeting): Promise<void> {
  const { discoveryPrefix } = config.homeAssistant;
  for (const camera of cameras) {
    const payload = JSON.stringify(discoveryOf(camera, config.topicPrefix, version));
    await keep(client, discoveryTopic(discoveryPrefix, config.topicPrefix, camera.id), payload);
  }
}

/** Topics may also be of another server, whose prefix begins with this one's: their payload tells. */
function isOfRemovedCamera(topic: string, text: string, { config, cameras }: Greeting): boolean {
  const { topicPrefix: prefix, homeAssistant } = config;
  const known = cameras.some(
    ({ id, enabled }) =>
      topic === discoveryTopic(homeAssistant.discoveryPrefix, prefix, id) ||
      (enabled && (topic === statusTopic(prefix, id) || topic === objectsTopic(prefix, id))),
  );
  if (known) return false;
  if (!topic.startsWith(`${prefix}/`)) return isDiscoveryOf(text, prefix);
  return topic.endsWith('/status') ? isStatusText(text) : isCountsText(text);
}

/** An empty text removes what is kept. */
async function keep(client: MqttClient, topic: string, text: string): Promise<void> {
  await client.publishAsync(topic, text, { qos: 1, retain: true });
}
