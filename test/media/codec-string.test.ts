import { describe, expect, it } from '@jest/globals';
import { readCodecConfig } from '../../src/media/codec-string.js';

const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex');

describe('a decoder configuration', () => {
  it('gives avc1.64001e and its parameter set for High profile, level 3.0', () => {
    const config = bytes('01 64 00 1e ff e1 0004 67640000 01 0002 68ee');
    expect(readCodecConfig('avc1', config)).toEqual({
      codec: 'avc1.64001e',
      parameterSets: [bytes('67640000')],
      nalLengthBytes: 4,
    });
  });

  // The first string stands in ISO/IEC 14496-15, annex E.
  it.each([
    ['hev1', '01 01 60000000 b00000000000 5d', 'hev1.1.6.L93.B0'],
    ['hvc1', '01 22 20000000 900000000000 99', 'hvc1.2.4.H153.90'],
    ['hvc1', '01 41 80000000 000000000000 1e', 'hvc1.A1.1.L30'],
  ])('gives the string of %s', (entry, head, codec) => {
    const config = Buffer.concat([bytes(head), bytes('f000 fc fd f8 f8 0000 0f 01 a1 0001 0003 420101')]);
    expect(readCodecConfig(entry, config)).toEqual({
      codec,
      parameterSets: [bytes('420101')],
      nalLengthBytes: 4,
    });
  });

  it.each([
    ['81 04 0c 00', 'av01.0.04M.08'],
    ['81 0d 4c 00', 'av01.0.13M.10'],
    ['81 2d e0 00', 'av01.1.13H.12'],
  ])('gives the string of AV1 %s', (config, codec) => {
    expect(readCodecConfig('av01', bytes(config))).toEqual({ codec, parameterSets: [], nalLengthBytes: 0 });
  });

  it('is refused when it is cut short', () => {
    expect(() => readCodecConfig('avc1', bytes('01 64'))).toThrow(
      expect.objectContaining({ code: 'media/fmp4-invalid' }),
    );
  });
});
