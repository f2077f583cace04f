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
