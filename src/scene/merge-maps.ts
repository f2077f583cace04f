import type { SceneMap } from '../models/index.js';

/**
 * Of the pictures of a place, those that count: the ones in which it is the likeliest to be what it may be. Who stands or passes before a
 * road makes it something else for a while, and nothing but the road makes it a road. On the demo clip the plain mean loses 0.01 to 0.16 IoU.
 */
const COUNTED_SHARE = 2 / 3;

/**
 * What several pictures of one camera show together: for each class and cell the mean of the highest probabilities, so that what passes by
 * cuts no hole. Maps of another size than the last are left out: the camera has changed between.
 *
 * @param maps at least one, of one network; only read
 */
export function mergeMaps(maps: readonly SceneMap[]): { readonly map: SceneMap; readonly count: number } {
  const { size, classes } = maps.at(-1)!;
  const alike = maps.filter(
    (one) => one.size.widthPx === size.widthPx && one.size.heightPx === size.heightPx,
  );
  const cells = size.widthPx * size.heightPx;
  const counted = Math.ceil(alike.length * COUNTED_SHARE);
  const probabilities = new Float32Array((1 + classes.length) * cells);
  const values = new Float32Array(alike.length);
  for (let cell = 0; cell < cells; cell++) {
    let rest = 1;
    for (let plane = 1; plane <= classes.length; plane++) {
      const at = plane * cells + cell;
      for (let i = 0; i < alike.length; i++) values[i] = alike[i]!.probabilities[at]!;
      values.sort();
      let sum = 0;
      for (let i = alike.length - counted; i < alike.length; i++) sum += values[i]!;
      probabilities[at] = sum / counted;
      rest -= sum / counted;
    }
    probabilities[cell] = Math.max(0, rest);
  }
  return { map: { size, classes, probabilities }, count: alike.length };
}
