import { describe, expect, it } from '@jest/globals';
import { isCameraId, suggestedId } from '../../../dashboard/src/cameras/camera-id.js';

describe('the name that is suggested for a camera', () => {
  it.each([
    ['rtsp://gate.lan/stream1', [], 'gate'],
    ['rtsp://user:secret@Gate-2.example:8554/live', [], 'gate-2'],
    ['rtsp://gate.lan/stream1', ['gate'], 'camera-1'],
    ['rtsp://192.168.1.20/stream1', ['camera-1'], 'camera-2'],
    ['http://localhost:8080/clip.mp4', [], 'camera-1'],
    ['rtsp://[fe80::1]/stream1', [], 'camera-1'],
    ['nonsense', [], 'camera-1'],
  ])('of %s beside %j is %s', (source, taken, id) => {
    expect(suggestedId(source, taken)).toBe(id);
    expect(isCameraId(id)).toBe(true);
  });
});
