import sharp from 'sharp';

/** A picture of a made-up object: a bright shape on grey, differing by its number; JPEG. */
export function examplePicture(colour: 'red' | 'blue', number: number): Promise<Buffer> {
  const fill =
    colour === 'red' ? `rgb(${200 + (number % 5) * 10},30,40)` : `rgb(30,60,${190 + (number % 6) * 10})`;
  const [x, y] = [8 + (number % 4) * 3, 6 + (number % 7) * 2];
  const grey = 90 + (number % 8) * 12;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="100"><rect width="80" height="100" fill="rgb(${grey},${grey},${grey})"/><rect x="${x}" y="${y}" width="48" height="80" rx="9" fill="${fill}"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg().toBuffer();
}

/** A picture of one colour. */
export function plainPicture(width: number, height: number, background: string): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
