import type { FrameMessage, FrameObject } from '../../../../src/server/protocol.js';

type Box = FrameObject['box'];

/** Pictures are shown up to so much later than they were analysed. */
const LOOK_BACK_MS = 1500;

/**
 * The object that somebody pointed at: the smallest one that was under a place in one of the frames that may be on the screen, where it is
 * in the newest frame. Undefined: there was none, or it is gone.
 *
 * @param frames of one stream, in any order
 * @param x in pixels of the frame, as is `y`
 */
export function objectUnder(
  frames: readonly FrameMessage[],
  x: number,
  y: number,
): { readonly box: Box; readonly label: string } | undefined {
  const newest = frames.reduce<FrameMessage | undefined>(
    (last, frame) => (last === undefined || frame.ptsMs > last.ptsMs ? frame : last),
    undefined,
  );
  if (newest === undefined) return undefined;
  const sizes = new Map<number, number>();
  for (const { ptsMs, objects } of frames) {
    if (newest.ptsMs - ptsMs > LOOK_BACK_MS) continue;
    for (const { track, box } of objects)
      if (x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])
        sizes.set(track, Math.min(sizes.get(track) ?? Infinity, (box[2] - box[0]) * (box[3] - box[1])));
  }
  return newest.objects
    .filter(({ track }) => sizes.has(track))
    .sort((one, other) => sizes.get(one.track)! - sizes.get(other.track)!)[0];
}

/** The box between two places in any order, in pixels of the frame and within it. */
export function boxBetween(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  frame: { readonly width: number; readonly height: number },
): Box {
  const within = (value: number, most: number) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;
  const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)].map((x) => within(x, frame.width)) as [
    number,
    number,
  ];
  const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)].map((y) => within(y, frame.height)) as [
    number,
    number,
  ];
  return [left, top, right, bottom];
}
