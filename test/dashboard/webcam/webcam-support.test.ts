import { describe, expect, it } from '@jest/globals';
import { bestType, freeName, wordsOfRefusal } from '../../../dashboard/src/webcam/webcam-support.js';

describe('a webcam that is not given', () => {
  it.each([
    ['NotAllowedError', /allow it beside the address/],
    ['NotFoundError', /plug one in/],
    ['NotReadableError', /another program may have it/],
    ['OtherError', /cannot be used: odd/],
  ])('says what to do after %s', (name, words) => {
    expect(wordsOfRefusal(Object.assign(new Error('odd'), { name }))).toMatch(words);
  });
});

describe('the way a webcam is recorded', () => {
  it.each([
    [['video/webm;codecs=vp8', 'video/webm;codecs=h264'], 'video/webm;codecs=h264'],
    [['video/webm;codecs=vp8', 'video/x-matroska;codecs=avc1'], 'video/x-matroska;codecs=avc1'],
    [['video/webm', 'video/webm;codecs=vp8'], 'video/webm;codecs=vp8'],
    [['video/mp4'], undefined],
  ])('where a browser can %j, is %s: H.264 where there is one', (types, wanted) => {
    expect(bestType((type) => types.includes(type))).toBe(wanted);
  });
});

it('has a name that no camera has', () => {
  expect(freeName([])).toBe('webcam');
  expect(freeName(['webcam', 'webcam-2', 'gate'])).toBe('webcam-3');
});
