import { expect, it } from '@jest/globals';
import { silentLog } from '../../src/base/index.js';
import { planAnalysis } from '../../src/engine/index.js';
import { FrameAnalyser, type DetectorPool } from '../../src/engine/frame-analyser.js';
import { FrameQueue, i420Bytes } from '../../src/frames/index.js';
import type { Detection } from '../../src/geometry/index.js';
import { FakeClock } from '../support/fake-clock.js';

it('reports nothing of which half or more lies in a masked part of the picture', async () => {
  const input = { size: { widthPx: 640, heightPx: 352 }, fit: 'letterbox', anchor: 'centre' } as never;
  const plan = planAnalysis({ widthPx: 1280, heightPx: 704 }, 640, input);
  const seen = (x: number): Detection => ({ label: 'person', score: 0.9, box: [x, 100, x + 100, 300] });
  // The left half is masked, up to 640.
  const detections = [seen(100), seen(589), seen(591), seen(900)];
  const pool = {
    model: { input, version: 'm@1', provider: 'cpu' },
    follower: undefined,
    idle: 1,
    detect: () => Promise.resolve({ detections, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 }),
  } as unknown as DetectorPool;
  const queue = new FrameQueue({ frameBytes: i420Bytes(plan.frame), takenMax: 2, policy: 'latest' });
  const analyser = new FrameAnalyser({
    ...{
      plan,
      pool,
      queue,
      clock: new FakeClock(),
      log: silentLog,
      labels: [],
      scoreMin: 0.4,
      firstTrack: 1,
    },
    hidden: [[[0, 0], [0.5, 0], [0.5, 1], [0, 1]]], // prettier-ignore
    follow: false,
  });
  const frame = { slot: 0, byteOffset: 0, ptsTicks: 0, arrivedMs: 0, capturedAtMs: 0, decodedMs: 0 };
  const { detections: reported } = await analyser.analyse(frame);
  expect(reported!.map(({ box }) => box[0])).toEqual([591, 900]);
});
