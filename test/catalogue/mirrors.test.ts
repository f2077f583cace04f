import { describe, expect, it } from '@jest/globals';
import { addressesOf, mayRedirect } from '../../src/catalogue/mirrors.js';
import { entryFor } from './entries.js';

const [file] = entryFor(Buffer.from('model')).files;

describe('addressesOf', () => {
  it('gives the addresses of the catalogue when no mirror is named', () => {
    expect(addressesOf(file!, {})).toEqual(['https://example.org/lynx/releases/lynx.onnx']);
    expect(addressesOf(file!, { SIGHTLINE_MODEL_MIRROR: '' })).toHaveLength(1);
  });

  it('gives the file within each mirror in their place', () => {
    expect(
      addressesOf(file!, { SIGHTLINE_MODEL_MIRROR: 'https://a.example/models/, http://[::1]:80' }),
    ).toEqual(['https://a.example/models/lynx_s.onnx', 'http://[::1]/lynx_s.onnx']);
  });
});

describe('mayRedirect', () => {
  it.each([
    ['https://a.example/', 'https://b.example/', true],
    ['https://a.example/', 'http://a.example/', false],
    ['https://a.example/', 'http://127.0.0.1/', false],
    ['https://a.example/', 'file:///etc/passwd', false],
    ['http://127.0.0.1:1/', 'http://localhost:2/', true],
    ['http://127.0.0.1:1/', 'https://b.example/', true],
    ['http://127.0.0.1:1/', 'http://b.example/', false],
    ['http://127.0.0.1:1/', 'http://127.0.0.1.b.example/', false],
  ])('from %s to %s: %s', (from, to, allowed) => {
    expect(mayRedirect(new URL(from), new URL(to))).toBe(allowed);
  });
});
