import { expect, it } from '@jest/globals';
import { bytesText, spanText } from '../../../dashboard/src/system/quantities.js';

it.each([
  [0, '0\u202fB'],
  [999, '999\u202fB'],
  [1000, '1.00\u202fkB'],
  [87_120, '87.1\u202fkB'],
  [999_600, '1.00\u202fMB'],
  [5e9, '5.00\u202fGB'],
  [271e9, '271\u202fGB'],
  [4e15, '4000\u202fTB'],
])('%d bytes are written as %j', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

it.each([
  [12.4, '12\u202fs'],
  [60, '1\u202fmin'],
  [3600 * 5 + 61, '5\u202fh 1\u202fmin'],
  [86_400 * 3 + 3600 * 4, '3\u202fd 4\u202fh'],
])('%d seconds are written as %j', (seconds, text) => {
  expect(spanText(seconds)).toBe(text);
});
