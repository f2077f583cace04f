import { describe, expect, it } from '@jest/globals';
import { AppError, redact } from '../../src/base/index.js';
import type { Config } from '../../src/config/index.js';
import { parseConfig } from '../../src/config/parse.js';

const ENV = { HOOK: 'long-enough-and-known-to-nobody' };

function parse(webhook: string, id = 'alarms'): Config {
  const text = `cameras: { gate: { source: rtsp://gate.lan/1 } }\nwebhooks:\n  ${id}: ${webhook}\n`;
  return parseConfig(text, { file: 'sightline.yaml', baseDir: '/', env: ENV });
}

function refusal(webhook: string, id?: string): string {
  try {
    parse(webhook, id);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  throw new Error('the text was accepted');
}

describe('webhooks in the configuration', () => {
  it('are told events of all cameras by default', () => {
    expect(parse('{ url: https://a.example/hook, secret: "${HOOK}" }').webhooks).toEqual([
      { id: 'alarms', url: 'https://a.example/hook', secret: ENV.HOOK, topics: ['event'], cameras: '*' },
    ]);
  });

  it('may be told single types, of some cameras', () => {
    const written =
      '{ url: "http://127.0.0.1:1880/", secret: "${HOOK}", types: [event.started], cameras: [gate] }';
    expect(parse(written).webhooks).toMatchObject([{ types: ['event.started'], cameras: ['gate'] }]);
  });

  it.each([
    ['another scheme', 'url: ftp://a.example/', 'webhooks.alarms.url: expected an http or https URL'],
    ['a file', 'url: file:///etc/passwd', 'webhooks.alarms.url: expected an http or https URL'],
    ['a password in the address', 'url: https://u:pass-word@a.example/', 'webhooks.alarms.url: it may not have user:password@'],
    ['an unknown topic', 'url: https://a.example/, topics: [frame]', 'webhooks.alarms.topics[0] = "frame"'],
    ['an unknown type', 'url: https://a.example/, types: [event.begun]', 'webhooks.alarms.types[0] = "event.begun"'],
    ['topics and types', 'url: https://a.example/, topics: [event], types: [event.ended]', 'give it topics or types, and not both'],
    ['an unknown camera', 'url: https://a.example/, cameras: [gaet]', 'webhooks.alarms.cameras[0] = "gaet": there is no such camera; did you mean gate?'],
    ['an unknown key', 'url: https://a.example/, retries: 3', 'webhooks.alarms.retries is not a known key'],
  ])('are refused with %s', (_, keys, expected) => {
    expect(refusal(`{ secret: "\${HOOK}", ${keys} }`)).toContain(expected);
  }); // prettier-ignore

  it('are refused with an id that is no name', () => {
    expect(refusal('{ url: https://a.example/, secret: "${HOOK}" }', 'My_Hook')).toContain(
      'this is not an id',
    );
  });

  it('are refused without a secret, or with one that is soon guessed, which is not shown', () => {
    expect(refusal('{ url: https://a.example/ }')).toContain('webhooks.alarms.secret is missing');
    const message = refusal('{ url: https://a.example/, secret: hunter2 }');
    expect(message).toContain('webhooks.alarms.secret: too small');
    expect(message).toContain('openssl rand -hex 32');
    expect(message).not.toContain('hunter2');
  });

  it('have their address kept out of errors, where tokens often stand', () => {
    expect(refusal('{ url: "https://tok-en-in-it@a.example/", secret: "${HOOK}" }')).not.toContain(
      'tok-en-in-it',
    );
  });

  it('have neither shown where the form around them is wrong', () => {
    const message = refusal('[{ url: "https://a.example/tok-en-in-it", secret: in-a-list-of-one }]');
    expect(message).toContain('webhooks.alarms: ');
    expect(message).not.toMatch(/tok-en-in-it|in-a-list/);
  });

  it('have their secret masked from then on, wherever it was written', () => {
    parse('{ url: https://a.example/, secret: written-into-the-file }');
    expect(redact('the secret is written-into-the-file')).toBe('the secret is ***');
    expect(redact(`the secret is ${ENV.HOOK}`)).toBe('the secret is ***');
  });
});
