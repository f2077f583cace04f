import { expect, it } from '@jest/globals';
import { isCameraId } from '../../../dashboard/src/cameras/camera-id.js';
import { cameraNameOf } from '../../../dashboard/src/start/clip-name.js';

it.each([
  ['Street 12.mp4', 'street-12'],
  ['Überwachung_Tor.MOV', 'u-berwachung-tor'],
  ['2026-05-04T09.30.mkv', '2026-05-04t09-30'],
  ['...', 'clip'],
  ['', 'clip'],
  [`${'long '.repeat(40)}.mp4`, 'long-long-long-long-long-long-long-long-'],
])('%j becomes a name that a camera may have', (file, name) => {
  expect(cameraNameOf(file)).toBe(name);
  expect(isCameraId(name)).toBe(true);
});
