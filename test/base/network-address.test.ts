import { describe, expect, it } from '@jest/globals';
import { forbiddenKindOf, forbiddenSourceOf, hostOf } from '../../src/base/index.js';

describe('hostOf', () => {
  it.each([
    ['rtsp://user:p%40ss@gate.lan:554/1', 'gate.lan'],
    ['http://2130706433/', '127.0.0.1'],
    ['rtsp://0xa9.0xfe.0251.0376/', '169.254.169.254'],
    ['rtmp://[fe80::1]:1935/x', 'fe80::1'],
    ['udp://@239.1.2.3:5000', '239.1.2.3'],
    ['udp://:5000', ''],
    ['no address', ''],
  ])('of %s is "%s"', (url, host) => expect(hostOf(url)).toBe(host));
});

describe('forbidden addresses', () => {
  it.each([
    ['169.254.169.254', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['::ffff:a9fe:a9fe', 'link-local'],
    ['fe80::1', 'link-local'],
    ['100.100.100.200', "of a cloud's metadata service"],
    ['fd00:ec2::254', "of a cloud's metadata service"],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['239.1.2.3', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
  ])('%s is %s', (address, kind) => expect(forbiddenKindOf(address)).toBe(kind));

  it.each(['192.168.1.20', '10.0.0.1', '127.0.0.1', '::1', 'fd12:3456::1', '2001:db8::1', '203.0.113.9'])(
    '%s is none',
    (address) => expect(forbiddenKindOf(address)).toBeUndefined(),
  );

  it('do not keep UDP from listening, on a group or on everything', () => {
    expect(forbiddenSourceOf('udp://239.1.2.3:5000', '239.1.2.3')).toBeUndefined();
    expect(forbiddenSourceOf('udp://0.0.0.0:5000', '0.0.0.0')).toBeUndefined();
    expect(forbiddenSourceOf('udp://169.254.1.1:5000', '169.254.1.1')).toBe('link-local');
    expect(forbiddenSourceOf('rtsp://239.1.2.3/1', '239.1.2.3')).toBe('multicast');
  });
});
