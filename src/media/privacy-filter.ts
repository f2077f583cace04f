import { coverWithRows, type Polygon } from '../geometry/index.js';

/** A part of the picture that nobody shall see. */
export interface PrivacyMask {
  /** Shares of the picture. */
  readonly polygon: Polygon;
  /** Black, or so few colours that nothing can be made out: with hard or soft borders. */
  readonly fill: 'black' | 'blur' | 'pixelate';
}

/** Of a picture's height; a mask may cover so much more than its polygon. */
const ROWS = 120;
/** What is blurred or pixelated is made from a picture of so few pixels: of a face a few metres away two or three are left. */
const COARSE = '48:27';

/**
 * An FFmpeg filter that fills the masks, for `-filter:v`; undefined without any. Sizes are FFmpeg's to know, so that it holds for any picture and
 * any change of its size. Masks grow to whole pairs of pixels: colours are stored for two by two.
 */
export function privacyFilter(masks: readonly PrivacyMask[]): string | undefined {
  const steps: string[] = [];
  for (const fill of ['pixelate', 'blur'] as const) {
    const holes = boxes(masks, fill, 'black@0.0:replace=1');
    if (holes === '') continue;
    const how = fill === 'pixelate' ? 'neighbor' : 'bicubic';
    // The picture with holes lies over a coarse one of its size.
    steps.push(
      `format=yuv420p,split[${fill}a][${fill}b];` +
        `[${fill}b]scale=${COARSE}:flags=area[${fill}c];` +
        `[${fill}c][${fill}a]scale2ref=flags=${how}[${fill}d][${fill}e];` +
        `[${fill}e]format=yuva420p,${holes}[${fill}f];` +
        `[${fill}d][${fill}f]overlay=format=yuv420,format=yuv420p`,
    );
  }
  const black = boxes(masks, 'black', 'black');
  if (black !== '') steps.push(black);
  return steps.length === 0 ? undefined : steps.join(',');
}

function boxes(masks: readonly PrivacyMask[], fill: PrivacyMask['fill'], colour: string): string {
  return masks
    .filter((mask) => mask.fill === fill)
    .flatMap(({ polygon }) => coverWithRows(polygon, ROWS))
    .map(([left, top, right, bottom]) => {
      const [x, y] = [down('iw', left), down('ih', top)];
      const [width, height] = [`${up('iw', right)}-${x}`, `${up('ih', bottom)}-${y}`];
      return `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:color=${colour}:t=fill`;
    })
    .join(',');
}

const down = (side: string, at: number) => `2*floor(${side}*${at.toFixed(6)}/2)`;
const up = (side: string, at: number) => `2*ceil(${side}*${at.toFixed(6)}/2)`;
