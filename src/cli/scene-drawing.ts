import sharp from 'sharp';
import { AppError, messageOf } from '../base/index.js';
import { labelColour } from '../geometry/index.js';
import type { SceneLook, ScenePicture } from '../scene/index.js';

/**
 * Draws proposed zones over a picture.
 * @throws {AppError} `cli/unwritable-file`
 */
export async function drawZones(
  { bytes, size }: ScenePicture,
  proposals: SceneLook['proposals'],
  file: string,
): Promise<void> {
  const raw = size && { width: size.widthPx, height: size.heightPx, channels: 3 as const };
  try {
    const { data, info } = await sharp(bytes, raw && { raw })
      .rotate()
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const drawing = svgOf(proposals, width, height);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .composite([{ input: Buffer.from(drawing) }])
      .toFile(file);
  } catch (error) {
    throw new AppError('cli/unwritable-file', 'input', `--out ${file}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function svgOf(proposals: SceneLook['proposals'], width: number, height: number): string {
  const line = Math.max(2, Math.round(width / 320));
  const zones = proposals.map(({ class: name, polygon, confidence }) => {
    const colour = labelColour(name);
    const points = polygon.map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`);
    const [x, y] = labelPlace(polygon);
    const shape = `<polygon points="${points.join(' ')}" fill="${colour}" fill-opacity="0.3" stroke="${colour}" stroke-width="${line}" stroke-linejoin="round"/>`;
    const label = `<text x="${(x * width).toFixed(1)}" y="${(y * height).toFixed(1)}">${name} ${confidence.toFixed(2)}</text>`;
    return shape + label;
  });
  const text = `font-family="sans-serif" font-weight="bold" font-size="${7 * line}" text-anchor="middle" fill="#fff" stroke="#000" stroke-width="${line}" paint-order="stroke"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g ${text}>${zones.join('')}</g></svg>`;
}

/** The middle of a zone's corners, which is within most of them. */
function labelPlace(polygon: SceneLook['proposals'][number]['polygon']): readonly [number, number] {
  const mean = (at: 0 | 1) => polygon.reduce((sum, corner) => sum + corner[at], 0) / polygon.length;
  return [mean(0), mean(1)];
}
