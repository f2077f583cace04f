/** Width and height in any one unit. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its top left corner; the unit and the origin are its holder's. */
export interface Place extends Extent {
  readonly x: number;
  readonly y: number;
}

/**
 * Where the tags of boxes go, one after the other: on top of the box, else at another of its sides where no earlier
 * tag is; on top nevertheless when all are taken. Never outside of the picture.
 */
export function placeTags(
  boxes: readonly { readonly place: Place; readonly tag: Extent }[],
  picture: Extent,
): Place[] {
  const taken: Place[] = [];
  for (const { place, tag } of boxes) {
    const isFree = (spot: Place) => !taken.some((other) => overlap(spot, other));
    const spots = tagSpots(place, tag, picture);
    taken.push(spots.find(isFree) ?? spots[0]!);
  }
  return taken;
}

/** In the order of preference; at least one. */
function tagSpots({ x, y, width, height }: Place, tag: Extent, picture: Extent): Place[] {
  const above = y - tag.height;
  const below = y + height;
  const right = x + width - tag.width;
  const corners = [
    ...(above >= 0 ? [[x, above] as const, [right, above] as const] : []),
    [x, y] as const,
    ...(below + tag.height <= picture.height ? [[x, below] as const] : []),
    [x, below - tag.height] as const,
  ];
  const within = (value: number, max: number) => Math.max(0, Math.min(value, max));
  return corners.map(([left, top]) => ({
    ...tag,
    x: within(left, picture.width - tag.width),
    y: within(top, picture.height - tag.height),
  }));
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
