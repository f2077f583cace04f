import { describe, expect, it } from '@jest/globals';
import { AppError, redact } from '../../src/base/index.js';
import type { Config } from '../../src/config/index.js';
import { parseConfig } from '../../src/config/parse.js';

const ENV = { MQTT_PASSWORD: 'known-to-the-broker' };

function parse(mqtt: string): Config {
  const text = `cameras: { gate: { source: rtsp://gate.lan/1 } }\nmqtt: ${mqtt}\n`;
  return parseConfig(text, { file: 'sightline.yaml', baseDir: '/etc/sightline', env: ENV });
}

function refusal(mqtt: string): string {
  try {
    parse(mqtt);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  throw new Error('the text was accepted');
}

describe('the MQTT broker in the configuration', () => {
  it('needs an address alone', () => {
    expect(parse('{ url: mqtt://broker.lan }').mqtt).toEqual({
      url: 'mqtt://broker.lan',
      clientId: 'sightline',
      topicPrefix: 'sightline',
      qos: 1,
      tls: {},
      homeAssistant: { enabled: false, discoveryPrefix: 'homeassistant' },
    });
  });

  it('takes every key, with files relative to the configuration', () => {
    const written = `
  url: mqtts://broker.lan:8883
  username: camera-server
  password: \${MQTT_PASSWORD}
  clientId: cellar
  topicPrefix: home/cellar
  qos: 2
  tls: { ca: ca.pem, cert: tls/cert.pem, key: /secrets/key.pem }
  homeAssistant: { enabled: true, discoveryPrefix: ha/discovery }`;
    expect(parse(written).mqtt).toEqual({
      url: 'mqtts://broker.lan:8883',
      username: 'camera-server',
      password: ENV.MQTT_PASSWORD,
      clientId: 'cellar',
      topicPrefix: 'home/cellar',
      qos: 2,
      tls: { ca: '/etc/sightline/ca.pem', cert: '/etc/sightline/tls/cert.pem', key: '/secrets/key.pem' },
      homeAssistant: { enabled: true, discoveryPrefix: 'ha/discovery' },
    });
  });

  it.each([
    ['no address', '{ clientId: cellar }', 'mqtt.url is missing'],
    ['another scheme', '{ url: "http://broker.lan" }', 'mqtt.url: expected a URL that begins with mqtt, mqtts, ws or wss'],
    ['a password in the address', '{ url: "mqtt://u:hunter22@broker.lan" }', 'mqtt.url: it may not have user:password@ in it: set username and password'],
    ['a password for nobody', '{ url: mqtt://a, password: hunter22 }', 'mqtt.password: a password needs a username'],
    ['QoS 0', '{ url: mqtt://a, qos: 0 }', 'mqtt.qos = 0: expected 1 or 2: with 0, messages would be lost'],
    ['a wildcard in the prefix', '{ url: mqtt://a, topicPrefix: "home/#" }', 'mqtt.topicPrefix = "home/#": expected a topic such as sightline, without +, #, spaces, or / at its ends'],
    ['a prefix that ends in a slash', '{ url: mqtt://a, homeAssistant: { discoveryPrefix: ha/ } }', 'mqtt.homeAssistant.discoveryPrefix = "ha/": expected a topic'],
    ['a certificate without its key', '{ url: mqtt://a, tls: { cert: c.pem } }', 'cert and key belong together: give both or none'],
    ['a misspelled key', '{ url: mqtt://a, user: me }', 'mqtt.user is not a known key'],
  ])('is refused with %s, which is told with its cure', (_, mqtt, expected) => {
    const message = refusal(mqtt);
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter22');
  }); // prettier-ignore

  it('has its password and address kept out of errors where the form around them is wrong', () => {
    const message = refusal('[{ url: "mqtt://u:tok-en@a", password: in-a-list }]');
    expect(message).toContain('mqtt: ');
    expect(message).not.toMatch(/tok-en|in-a-list/);
  });

  it('has its password masked from then on, wherever it was written', () => {
    parse('{ url: mqtt://a, username: me, password: written-into-the-file }');
    expect(redact('it is written-into-the-file')).toBe('it is ***');
    parse('{ url: mqtt://a, username: me, password: "${MQTT_PASSWORD}" }');
    expect(redact(`it is ${ENV.MQTT_PASSWORD}`)).toBe('it is ***');
  });
});
