import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { authorization } from '../../src/media/http-auth.js';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const credentials = { user: 'Mufasa', password: 'Circle of Life' };
const request = { method: 'GET', uri: '/dir/index.html' };

describe('the answer to a challenge', () => {
  it('is that of RFC 7616, section 3.9.1, for its client nonce', () => {
    const offer =
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const answer = authorization([offer], credentials, request) ?? '';
    const cnonce = /cnonce="([^"]+)"/.exec(answer)?.[1] ?? '';
    const secret = md5('Mufasa:http-auth@example.org:Circle of Life');
    const expected = md5(
      `${secret}:7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v:00000001:${cnonce}:auth:${md5('GET:/dir/index.html')}`,
    );
    expect(answer).toContain(`response="${expected}"`);
    expect(answer).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
  });

  it('is that of RFC 2069 for a camera without qop', () => {
    const answer = authorization(
      ['Digest realm="cam", nonce="1"'],
      { user: 'a', password: 'b' },
      { method: 'DESCRIBE', uri: 'rtsp://c/d' },
    );
    expect(answer).toContain(`response="${md5(`${md5('a:cam:b')}:1:${md5('DESCRIBE:rtsp://c/d')}`)}"`);
  });

  it('is Basic where only that is offered', () => {
    expect(authorization(['Basic realm="cam"'], { user: 'a', password: 'b:ü' }, request)).toBe(
      `Basic ${Buffer.from('a:b:ü').toString('base64')}`,
    );
  });

  it('prefers Digest, also when both stand in one header', () => {
    expect(authorization(['Basic realm="x", Digest realm="y", nonce="z"'], credentials, request)).toMatch(
      /^Digest .*realm="y"/,
    );
  });

  it('leaves out a digest that FFmpeg does not know', () => {
    const offers = ['Digest realm="x", nonce="y", algorithm=SHA-256', 'Basic realm="x"'];
    expect(authorization(offers, credentials, request)).toMatch(/^Basic /);
    expect(authorization(offers.slice(0, 1), credentials, request)).toBeUndefined();
  });
});
