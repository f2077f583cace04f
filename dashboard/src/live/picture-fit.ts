/** A size in any one unit. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A place on the screen, CSS px. */
export interface Place extends Size {
  readonly x: number;
  readonly y: number;
}

/** Where `object-fit: contain` puts a picture within its element: centred, whole, its aspect kept. */
export function fitContain(element: Size, picture: Size): Place {
  if (picture.width <= 0 || picture.height <= 0) return { x: 0, y: 0, width: 0, height: 0 };
  const scale = Math.min(element.width / picture.width, element.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (element.width - width) / 2, y: (element.height - height) / 2, width, height };
}

/** Where a box is on the screen, given the size of the frame that it is measured in and the picture's place. */
export function placeBox(
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  frame: Size,
  picture: Place,
): Place {
  const xScale = picture.width / frame.width;
  const yScale = picture.height / frame.height;
  return {
    x: picture.x + x1 * xScale,
    y: picture.y + y1 * yScale,
    width: (x2 - x1) * xScale,
    height: (y2 - y1) * yScale,
  };
}

/**
 * Where the tags of boxes go, one after the other: on top of the box, else at another of its sides where no earlier
 * tag is; on top nevertheless when all are taken. Never outside of the element.
 */
export function placeTags(boxes: readonly { place: Place; tag: Size }[], element: Size): Place[] {
  const taken: Place[] = [];
  for (const { place, tag } of boxes) {
    const isFree = (spot: Place) => !taken.some((other) => overlap(spot, other));
    const spots = tagSpots(place, tag, element);
    taken.push(spots.find(isFree) ?? spots[0]!);
  }
  return taken;
}

/** In the order of preference; at least one. */
function tagSpots({ x, y, width, height }: Place, tag: Size, element: Size): Place[] {
  const above = y - tag.height;
  const below = y + height;
  const right = x + width - tag.width;
  const corners = [
    ...(above >= 0 ? [[x, above] as const, [right, above] as const] : []),
    [x, y] as const,
    ...(below + tag.height <= element.height ? [[x, below] as const] : []),
    [x, below - tag.height] as const,
  ];
  const within = (value: number, max: number) => Math.max(0, Math.min(value, max));
  return corners.map(([left, top]) => ({
    ...tag,
    x: within(left, element.width - tag.width),
    y: within(top, element.height - tag.height),
  }));
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
