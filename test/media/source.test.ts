import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/base/index.js';
import { maskSource, parseSource } from '../../src/media/index.js';

const codeOf = (text: string): unknown => {
  try {
    return parseSource(text).kind;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('a source', () => {
  it.each([
    ['rtsp://10.0.0.1/cam', 'rtsp'],
    ['RTSPS://user:p%40ss@[fe80::1]:322/cam?channel=1', 'rtsp'],
    ['http://cam.lan/video.cgi?fps=5', 'http'],
    ['https://cam.lan/live.m3u8', 'http'],
    ['rtmp://cam.lan/live/key', 'rtmp'],
    ['rtmps://cam.lan/live/key', 'rtmp'],
    ['srt://cam.lan:9000?streamid=gate&passphrase=0123456789', 'srt'],
    ['udp://@239.0.0.1:1234', 'udp'],
    ['udp://:1234', 'udp'],
    ['/dev/video0', 'device'],
    ['webcam:0b1f-6d4a', 'webcam'],
    ['clip.mp4', 'file'],
    ['./-odd.mp4', 'file'],
    ['/clips/10:30 gate.mp4', 'file'],
  ])('%s is of kind %s', (text, kind) => {
    expect(codeOf(text)).toBe(kind);
  });

  it.each([
    ...[
      'file:///etc/passwd',
      'concat:a.ts|b.ts',
      'data:video/mp4;base64,AAAA',
      'pipe:0',
      'webcam:',
      'webcam:../x',
      'webcam://host/x',
      'subfile,,start,0:x',
    ],
    ...[
      'tcp://10.0.0.1:1',
      'crypto:x',
      'unix:/run/x',
      'ftp://x/y',
      'gopher://x',
      'async:file',
      'lavfi:testsrc',
    ],
  ])('%s is refused for its scheme, or taken for the name of a file', (text) => {
    expect(['ingest/scheme-not-allowed', 'file']).toContain(codeOf(text));
    if (codeOf(text) === 'file')
      expect(parseSource(text)).toEqual({ kind: 'file', path: path.resolve(text) });
  });

  it.each([
    ['', 'nothing'],
    [' rtsp://x/y', 'blanks around it'],
    ['-i', 'an option of FFmpeg'],
    ['rtsp://x/y\r\nTEARDOWN', 'a line break'],
    ['clip\u0000.mp4', 'a zero byte'],
    ['rtsp:x/y', 'no //'],
    ['rtsp://x:99999/y', 'a port that cannot be'],
    ['udp://239.0.0.1', 'no port'],
    ['udp://239.0.0.1:1234?overrun_nonfatal=1', 'options of FFmpeg'],
  ])('%j is refused: it has %s', (text) => {
    expect(codeOf(text)).toBe('ingest/source-invalid');
  });

  it('hides its password, in its own text and everywhere after', () => {
    parseSource('rtsp://gate:ta%24il-canary@cam.lan/x');
    expect(maskSource('rtsp://gate:ta%24il-canary@cam.lan/x')).toBe('rtsp://gate:***@cam.lan/x');
    expect(redact('the camera said ta$il-canary')).toBe('the camera said ***');
  });

  it('hides keys in its query too', () => {
    parseSource('srt://cam.lan:9000?passphrase=swordfish-7');
    expect(maskSource('srt://cam.lan:9000?mode=caller&passphrase=swordfish-7')).toBe(
      'srt://cam.lan:9000?mode=caller&passphrase=***',
    );
    expect(redact('swordfish-7')).toBe('***');
  });
});
