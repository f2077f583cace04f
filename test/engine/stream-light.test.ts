import { describe, expect, it } from '@jest/globals';
import { configJsonSchema } from '../../src/config/index.js';
import { StreamLight, type LitPicture } from '../../src/engine/stream-light.js';
import { LIGHT_METHODS } from '../../src/frames/index.js';
import type { Detection } from '../../src/geometry/index.js';

const size = { widthPx: 64, heightPx: 48 };
const lumaBytes = 64 * 48;

/** Grey, of a mean luma, with a spread as of daylight, and a little colour. */
function picture(mean: number, spread: number): Uint8Array {
  const bytes = new Uint8Array(lumaBytes * 1.5).fill(134, lumaBytes).fill(122, lumaBytes + lumaBytes / 4);
  for (let i = 0; i < lumaBytes; i++) bytes[i] = mean + (Math.floor(i / 8) % 2 === 0 ? spread : -spread);
  return bytes;
}
const dark = picture(26, 8);
const day = picture(120, 60);
const seen = (score: number): Detection[] => [{ label: 'person', score, box: [0, 0, 9, 9] }];

/** Shows a picture every 500 ms; what is found in another light scores so much. */
function run(light: StreamLight, bytes: Uint8Array, seconds: number, raw = 0.4, relit = 0.6, fromMs = 0) {
  let compared = 0;
  let last: LitPicture | undefined;
  for (let ms = fromMs; ms < fromMs + seconds * 1000; ms += 500) {
    last = light.next(bytes, 0, ms);
    if (last.comparison === undefined) continue;
    compared++;
    last.comparison.note(seen(raw), seen(relit));
  }
  if (last === undefined) throw new Error('nothing was shown');
  return { compared, last };
}

describe('StreamLight', () => {
  it('leaves pictures as they are when off, and tells their light', () => {
    const { light, ...rest } = new StreamLight(size, 'off').next(dark, 0, 0);
    expect(light).toMatchObject({ regime: 'low', normalised: false });
    expect(rest).toEqual({});
  });

  it('always shows them by a method that is named, and compares nothing', () => {
    const light = new StreamLight(size, 'gamma');
    const { compared, last } = run(light, day, 20);
    expect(compared).toBe(0);
    expect(last.light.normalised).toBe(true);
    expect(last.relighting?.tones?.curves).toHaveLength(256);
    expect(light.report).toBeUndefined();
  });

  it('tries each method in the dark, and takes the one that finds most', () => {
    const light = new StreamLight(size, 'auto');
    for (let ms = 0; ms < 60_000; ms += 500) {
      const { comparison } = light.next(dark, 0, ms);
      const isClahe =
        comparison?.relighting?.tones?.columns === 8 && comparison.relighting.cast === undefined;
      comparison?.note(seen(0.4), seen(isClahe ? 0.7 : 0.5));
    }
    expect(light.report).toMatchObject({ method: 'clahe', isOn: true });
    expect(light.next(dark, 0, 60_000).light.normalised).toBe(true);
  });

  it('leaves them as they are where nothing helps', () => {
    const light = new StreamLight(size, 'auto');
    const { last } = run(light, dark, 60, 0.5, 0.5);
    expect(last.light.normalised).toBe(false);
    expect(light.report).toMatchObject({ isOn: false, gain: 0 });
  });

  it('goes back when it no longer helps', () => {
    const light = new StreamLight(size, 'auto');
    expect(run(light, dark, 60).last.light.normalised).toBe(true);
    expect(run(light, dark, 600, 0.6, 0.4, 60_000).last.light.normalised).toBe(false);
  });

  it('forgets with another light, and compares once a minute in ordinary daylight', () => {
    const light = new StreamLight(size, 'auto');
    run(light, dark, 60);
    const { compared, last } = run(light, day, 300, 0.5, 0.5, 60_000);
    expect(last.light).toMatchObject({ regime: 'day', normalised: false });
    expect(compared).toBeGreaterThan(3);
    expect(compared).toBeLessThan(9);
  });

  it('plans nothing for pictures at which the detector does not look', () => {
    const light = new StreamLight(size, 'clahe');
    expect(light.next(dark, 0, 0, false)).toEqual({ light: expect.objectContaining({ normalised: false }) });
  });

  it('keeps curves of pictures in different slots apart', () => {
    const light = new StreamLight(size, 'gamma');
    const first = light.next(dark, 0, 0).relighting!.tones!.curves;
    const copy = Uint8Array.from(first);
    const second = light.next(day, 1, 60_000).relighting!.tones!.curves;
    expect(first).toEqual(copy);
    expect(second).not.toEqual(copy);
    expect(first.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('knows the methods that can be configured, and no others', () => {
    interface Schema {
      readonly properties: Readonly<Record<string, Schema>>;
      readonly additionalProperties: Schema;
      readonly enum: readonly string[];
    }
    const { cameras } = (configJsonSchema() as unknown as Schema).properties;
    const { light } = cameras!.additionalProperties.properties['analyse']!.properties;
    expect(light!.enum).toEqual(['off', 'auto', ...LIGHT_METHODS]);
  });
});
