import { objectsTopic, serverTopic, statusTopic } from './topics.js';

/** What Home Assistant is told of a camera. */
export interface DescribedCamera {
  readonly id: string;
  readonly name: string;
  /** Each gets a count and an occupancy of its own. */
  readonly labels: readonly string[];
  /** Names. */
  readonly zones: readonly string[];
}

/** The retained topic of a camera's discovery message; an empty payload removes the device. */
export const discoveryTopic = (discoveryPrefix: string, topicPrefix: string, camera: string): string =>
  discoveryTopicOf(discoveryPrefix, nodeOf(topicPrefix, camera));

/** The topic of a device; `+` for all. */
export const discoveryTopicOf = (discoveryPrefix: string, node: string): string =>
  `${discoveryPrefix}/device/${node}/config`;

/** Whether this is the discovery message of a camera of the server with this prefix, whichever camera. */
export function isDiscoveryOf(payload: string, prefix: string): boolean {
  try {
    const { origin, availability } = JSON.parse(payload) as ReturnType<typeof discoveryOf>;
    return origin.name === 'Sightline' && availability[0]?.topic === serverTopic(prefix);
  } catch {
    return false; // Somebody else's, or empty.
  }
}

/**
 * The device-based discovery message of a camera, by the keys of
 * https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload.
 */
export function discoveryOf(camera: DescribedCamera, prefix: string, version: string) {
  const node = nodeOf(prefix, camera.id);
  const counts = objectsTopic(prefix, camera.id);
  const components: Record<string, object> = {};
  const add = (key: string, platform: string, name: string, more: object) => {
    components[key] = { platform, unique_id: `${node}_${key}`, name, ...more };
  };
  const occupancy = (key: string, name: string, expression: string) =>
    add(key, 'binary_sensor', name, {
      device_class: 'occupancy',
      state_topic: counts,
      value_template: `{{ 'ON' if ${expression} else 'OFF' }}`,
    });
  const count = (key: string, name: string, expression: string) =>
    add(key, 'sensor', name, {
      state_class: 'measurement',
      state_topic: counts,
      value_template: `{{ ${expression} }}`,
    });
  add('connectivity', 'binary_sensor', 'Connectivity', {
    device_class: 'connectivity',
    entity_category: 'diagnostic',
    state_topic: statusTopic(prefix, camera.id),
    value_template: "{{ 'ON' if value_json.status.state == 'live' else 'OFF' }}",
  });
  count('objects', 'Objects', 'value_json.total');
  for (const label of camera.labels) {
    const found = `value_json.labels.get(${quoted(label)}, 0)`;
    count(`count_${slug(label)}`, `${label} count`, found);
    occupancy(`occupancy_${slug(label)}`, `${label} occupancy`, `${found} > 0`);
  }
  for (const zone of camera.zones)
    occupancy(`zone_${slug(zone)}`, `${zone} occupancy`, `value_json.zones.get(${quoted(zone)})`);
  const events = `${prefix}/${camera.id}/event`;
  add('last_event', 'sensor', 'Last event', {
    state_topic: events,
    value_template: '{{ value_json.event.rule.name }}',
  });
  add('event', 'event', 'Event', {
    state_topic: events,
    event_types: ['started', 'updated', 'ended'],
    value_template:
      "{{ {'event_type': value_json.type.split('.')[1], 'rule': value_json.event.rule.name, 'id': value_json.event.id} | to_json }}",
  });
  return {
    device: { identifiers: [node], name: camera.name, manufacturer: 'Sightline', model: 'Camera' },
    origin: { name: 'Sightline', sw_version: version },
    components,
    availability: [{ topic: serverTopic(prefix) }],
    qos: 1,
  };
}

function nodeOf(prefix: string, camera: string): string {
  return `${slug(prefix)}_${slug(camera)}`;
}

/** Reversible, so that no two names become one: what an id may not hold stands as its code point. */
function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/gu, (sign) => `_${sign.codePointAt(0)!.toString(16)}_`);
}

/** As a literal of a Jinja template. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
}
