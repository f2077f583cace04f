/**
 * What tests run inside the page. The repository's tests are compiled without the DOM's types, which would
 * hide mistakes in server code: here is as much of them as is needed.
 */
interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
interface Context {
  drawImage(video: Video, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}
interface Canvas {
  width: number;
  height: number;
  readonly clientWidth: number;
  readonly clientHeight: number;
  getContext(kind: '2d', options?: { willReadFrequently: boolean }): Context;
}
interface Video {
  readonly videoWidth: number;
  readonly videoHeight: number;
  requestVideoFrameCallback(callback: (nowMs: number, metadata: { mediaTime: number }) => void): void;
}
declare const document: { querySelector(selector: string): unknown };

/** Where something was found in one picture: left, right and bottom edge, px of the video. */
export interface Edges {
  readonly x1: number;
  readonly x2: number;
  readonly y2: number;
}

/** One picture as it was put on the screen: the white square in it, and the box that was drawn around it. */
export interface Sample {
  readonly mediaTimeMs: number;
  readonly square: Edges | undefined;
  readonly box: Edges | undefined;
}

/**
 * Runs in the page: reads, for each of the next `count` pictures, what the canvas shows. White pixels are the
 * square, pixels of the colour of a person's box its box. Measured on what was painted, not on what was meant.
 */
export async function samplePictures(count: number): Promise<Sample[]> {
  const video = document.querySelector('video') as Video;
  const canvas = document.querySelector('video ~ canvas') as Canvas;

  const edgesOf = (pixels: Pixels, isOf: (r: number, g: number, b: number) => boolean, least: number) => {
    const columns = new Int32Array(pixels.width);
    const rows = new Int32Array(pixels.height);
    for (let y = 0, at = 0; y < pixels.height; y++)
      for (let x = 0; x < pixels.width; x++, at += 4)
        if (isOf(pixels.data[at]!, pixels.data[at + 1]!, pixels.data[at + 2]!)) {
          columns[x]!++;
          rows[y]!++;
        }
    const filled = (counts: Int32Array) => [...counts.keys()].filter((n) => counts[n]! >= least);
    const [x, y] = [filled(columns), filled(rows)];
    if (x.length === 0 || y.length === 0) return undefined;
    return { x1: x[0]!, x2: x.at(-1)! + 1, y2: y.at(-1)! + 1 };
  };

  const sample = (mediaTimeMs: number): Sample => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const scale = Math.min(canvas.width / video.videoWidth, canvas.height / video.videoHeight);
    const left = (canvas.width - video.videoWidth * scale) / 2;
    const top = (canvas.height - video.videoHeight * scale) / 2;
    const toVideo = (edges: Edges | undefined) =>
      edges === undefined
        ? undefined
        : { x1: (edges.x1 - left) / scale, x2: (edges.x2 - left) / scale, y2: (edges.y2 - top) / scale };
    // Six tenths of the square's side: the box's tag is longer than that, but neither as high nor at the bottom.
    const least = 0.6 * 80 * scale;
    return {
      mediaTimeMs,
      square: toVideo(edgesOf(pixels, (r, g, b) => r > 225 && g > 225 && b > 225, least)),
      box: toVideo(
        edgesOf(
          pixels,
          (r, g, b) => Math.abs(r - 0x5c) + Math.abs(g - 0xc8) + Math.abs(b - 0xff) < 60,
          least,
        ),
      ),
    };
  };

  const samples: Sample[] = [];
  await new Promise<void>((resolve) => {
    const onPicture = (_nowMs: number, { mediaTime }: { mediaTime: number }) => {
      // Callbacks run in the order in which they were asked for: the page has painted this picture.
      video.requestVideoFrameCallback(onPicture);
      if (samples.length < count) samples.push(sample(mediaTime * 1000));
      else resolve();
    };
    video.requestVideoFrameCallback(onPicture);
  });
  return samples;
}
