import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { silentLog } from '../../src/base/index.js';
import { BestViews, viewQuality, type ChosenView } from '../../src/engine/best-views.js';
import { receivedView, trackView, viewMessage } from '../../src/engine/track-view.js';
import { ViewEncoder } from '../../src/engine/view-encoder.js';
import type { FrameObject } from '../../src/events/index.js';
import type { TrackChange } from '../../src/engine/messages.js';
import { encodeMask, type Box } from '../../src/geometry/index.js';

const source = { widthPx: 1280, heightPx: 720 };
const frame = { widthPx: 640, heightPx: 360 };
const object = (track: number, box: Box, score = 0.8): FrameObject => ({
  ...{ track, label: 'person', score, box, state: 'tracked' },
});
const ended = (track: number): TrackChange => ({ change: 'ended', object: object(track, [0, 0, 1, 1]) });

/** Grey, with stripes of a contrast: the sharper, the higher. */
function picture(contrast = 0, grey = 126): Uint8Array {
  const i420 = new Uint8Array((frame.widthPx * frame.heightPx * 3) / 2).fill(128);
  for (let i = 0; i < frame.widthPx * frame.heightPx; i++) i420[i] = grey + (i % 4 < 2 ? contrast : 0);
  return i420;
}

function choosing() {
  const told: ChosenView[] = [];
  let full = 0;
  const views = new BestViews({ frame, source, onView: (view) => told.push(view), onFull: () => full++ });
  let ptsMs = 0;
  const look = (objects: FrameObject[], seen: { picture?: Uint8Array; changes?: TrackChange[] } = {}) =>
    views.look({
      ...{ picture: seen.picture ?? picture(), ptsMs: (ptsMs += 200), capturedAtMs: ptsMs },
      ...{ objects, changes: seen.changes ?? [], isDetected: true },
    });
  return { views, look, told, full: () => full };
}

const far: Box = [300, 300, 340, 400];
const near: Box = [300, 200, 420, 500];

describe('BestViews', () => {
  it('tells a view a second after the start, and a better one at the end', () => {
    const { look, told } = choosing();
    for (let i = 0; i < 5; i++) look([object(1, far)]);
    expect(told).toHaveLength(0);
    look([object(1, far)]);
    expect(told).toMatchObject([{ track: 1, box: far, ptsMs: 200 }]);
    look([object(1, near)]);
    look([object(1, far)]);
    look([], { changes: [ended(1)] });
    expect(told.slice(1)).toMatchObject([{ track: 1, box: near, ptsMs: 1400 }]);
    // Of the analysed picture, half as large, with a tenth on each side.
    expect(told[1]!.crop).toMatchObject({ x: 144, y: 84, size: { widthPx: 72, heightPx: 182 } });
  });

  it('tells nothing again at the end that was told before', () => {
    const { look, told } = choosing();
    for (let i = 0; i < 9; i++) look([object(1, far)]);
    look([], { changes: [ended(1)] });
    expect(told).toHaveLength(1);
  });

  it('prefers the sharper of two', () => {
    const { look, told } = choosing();
    look([object(1, near)], { picture: picture(4, 100) });
    look([object(1, near)], { picture: picture(60, 60) });
    look([object(1, near)], { picture: picture(2, 200) });
    look([], { changes: [ended(1)] });
    expect(told).toMatchObject([{ ptsMs: 400 }]);
    expect(told[0]!.crop.i420[0]).toBeLessThan(130);
  });

  it('counts what is cut by the border, hidden or unsure for less', () => {
    const quality = (box: Box, score = 0.8, others: FrameObject[] = []) =>
      viewQuality(object(1, box, score), [object(1, box, score), ...others], source);
    const whole = quality(near);
    expect(quality([0, 200, 120, 500])).toBeCloseTo(whole / 2);
    expect(quality(near, 0.4)).toBeCloseTo(whole / 2);
    const infront = object(2, [300, 350, 420, 600]);
    expect(quality(near, 0.8, [infront])).toBeCloseTo(whole / 4);
    const behind = object(2, [300, 100, 420, 350]);
    expect(quality(near, 0.8, [behind])).toBeCloseTo(whole);
  });

  it('gives a unit vector, the mean of how the track looked', () => {
    const { views, look, told } = choosing();
    views.learn(1, Float32Array.of(0, 1)); // not seen yet
    look([object(1, far)]);
    views.learn(1, Float32Array.of(1, 0));
    views.learn(1, Float32Array.of(0.6, 0.8));
    look([], { changes: [ended(1)] });
    const [x, y] = told[0]!.embedding!;
    expect(Math.hypot(x!, y!)).toBeCloseTo(1, 5);
    expect(y! / x!).toBeCloseTo(0.5, 5);
  });

  it('lets a track take over the view of one that was the same object', () => {
    const { look, told } = choosing();
    look([object(1, far)]);
    look([object(2, near)]);
    look([], { changes: [{ change: 'merged', object: object(2, near), into: 1 }] });
    look([], { changes: [ended(2), ended(1)] });
    expect(told).toMatchObject([{ track: 1, box: near }]);
  });

  describe('the colour of a track', () => {
    const RED = [81, 90, 240] as const;
    const BLUE = [60, 210, 110] as const;
    /** Grey but for parts, in pixels of the analysed picture, of a colour. */
    function painted(...parts: (readonly [Box, readonly [number, number, number]])[]): Uint8Array {
      const i420 = picture();
      const { widthPx, heightPx } = frame;
      for (const [[x1, y1, x2, y2], [luma, u, v]] of parts)
        for (let y = y1; y < y2; y++)
          for (let x = x1; x < x2; x++) {
            const chroma = widthPx * heightPx + (y >> 1) * (widthPx / 2) + (x >> 1);
            i420[y * widthPx + x] = luma;
            i420[chroma] = u;
            i420[chroma + (widthPx * heightPx) / 4] = v;
          }
      return i420;
    }
    const analysed = (box: Box) => box.map((side) => side / 2) as unknown as Box;
    const over = (track: number) => ({ changes: [ended(track)] });

    it('is told with its view', () => {
      const { look, told } = choosing();
      look([object(1, near)], { picture: painted([analysed(near), RED]) });
      look([], over(1));
      expect(told).toMatchObject([{ track: 1, colour: 'red' }]);
    });

    it('is a vote of the views that were kept, also of those of a track that was the same object', () => {
      const { look, told } = choosing();
      look([object(1, far)], { picture: painted([analysed(far), BLUE]) });
      look([object(1, near)], { picture: painted([analysed(near), RED]) });
      // No better view: not looked at.
      for (let i = 0; i < 9; i++) look([object(1, far)], { picture: painted([analysed(far), BLUE]) });
      look([], over(1));
      expect(told.at(-1)).toMatchObject({ colour: 'red' });
      look([object(2, far)], { picture: painted([analysed(far), BLUE]) });
      look([object(3, near)], { picture: painted([analysed(near), RED]) });
      look([], { changes: [{ change: 'merged', object: object(3, near), into: 2 }] });
      look([], over(2));
      expect(told.at(-1)).toMatchObject({ track: 2, colour: 'red' });
    });

    it('is left open in a picture without colours, and where several have about the same share', () => {
      const { look, told } = choosing();
      look([object(1, near)]);
      look([], over(1));
      const [x1, y1, x2, y2] = analysed(near);
      const half = (y1 + y2) / 2 + 4;
      look([object(2, near)], { picture: painted([[x1, y1, x2, half], RED], [[x1, half, x2, y2], BLUE]) });
      look([], over(2));
      expect(told.map((view) => 'colour' in view)).toEqual([false, false]);
    });

    it('is that of what its mask covers', () => {
      const pixels = new Uint8Array(source.widthPx * source.heightPx);
      for (let y = near[1]; y < near[3]; y++)
        pixels.fill(1, y * source.widthPx + 330, y * source.widthPx + 350);
      const mask = encodeMask(pixels, [source.heightPx, source.widthPx]);
      const scene = painted([analysed(near), BLUE], [[165, 100, 175, 250], RED]);
      const { look, told } = choosing();
      look([{ ...object(1, near), mask }, object(2, near, 0.79)], { picture: scene });
      look([], { changes: [ended(1), ended(2)] });
      expect(told.map(({ colour }) => colour)).toEqual(['red', 'blue']);
    });
  });

  it('keeps 8 MiB of crops at most, and takes new ones when others have gone', () => {
    const { look, told, full } = choosing();
    const whole: Box = [8, 8, 1272, 712];
    for (let track = 1; track <= 40; track++) look([object(track, whole)]);
    expect(full()).toBeGreaterThan(10);
    const kept = 40 - full();
    expect(kept).toBeGreaterThan(20);
    look([], { changes: Array.from({ length: 40 }, (_, i) => ended(i + 1)) });
    expect(told).toHaveLength(kept);
    look([object(99, whole)]);
    expect(full()).toBe(40 - kept);
  });

  it('tells what was not told when the stream is over', () => {
    const { views, look, told } = choosing();
    look([object(1, far), object(2, [500, 200, 620, 500])]);
    views.close();
    views.close();
    expect(told.map(({ track }) => track)).toEqual([1, 2]);
  });
});

describe('ViewEncoder', () => {
  const chosen = (): ChosenView => {
    const { views, look, told } = choosing();
    look([object(1, near)], { picture: picture(0, 180) });
    views.learn(1, Float32Array.of(0.6, 0.8));
    views.close();
    return told[0]!;
  };

  it('makes a JPEG of the right colours, which goes over the link with its embedding', async () => {
    const encoder = new ViewEncoder(silentLog);
    const jpeg = await new Promise<Buffer>((resolve) => encoder.encode(chosen(), (_, made) => resolve(made)));
    const image = sharp(jpeg);
    expect(await image.metadata()).toMatchObject({ format: 'jpeg', width: 72, height: 182 });
    for (const { mean } of (await image.stats()).channels)
      expect(mean).toBeCloseTo((180 - 16) * (255 / 219), -1);
    const view = trackView(
      { id: 'gate', run: 'x' },
      { source, frame, placed: undefined as never },
      'net@1',
    )(chosen(), jpeg);
    expect(view.shows).toEqual([288, 168, 432, 532]);
    const { message, payload } = viewMessage(view);
    expect(receivedView(JSON.parse(JSON.stringify(message)) as typeof message, payload)).toEqual(view);
  });

  it('takes 64 that wait, and no more', async () => {
    const encoder = new ViewEncoder(silentLog);
    let made = 0;
    const taken = Array.from({ length: 70 }, () => encoder.encode(chosen(), () => made++));
    expect(taken.filter(Boolean).length).toBe(64);
    await encoder.close();
    expect(made).toBe(64);
  });
});
