// Draws one picture of a video in three kinds of bad light, as it is and by the method that suits it, with what is found in each, side by side.
//
//   node bench/light-picture.mjs [--video streams/demo.mp4] [--out docs/screens/light.png]
import { Buffer } from 'node:buffer';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { rgbOf } from '../dist/frames/index.js';
import { DEGRADED, degraded, detect, picturesOf, shown, SURE } from './light/bad-light.mjs';

const { values } = parseArgs({
  options: {
    video: { type: 'string', default: 'streams/demo.mp4' },
    out: { type: 'string', default: 'docs/screens/light.png' },
  },
});
const ROWS = [['dark 1/256', 'clahe'], ['cast blue', 'shades-of-grey'], ['haze 1/5', 'balanced']]; // prettier-ignore
const GAP_PX = 4;
const YELLOW = '#ffd23f';

const { plan, pictures } = picturesOf(values.video, { every: 80, limit: 2 });
const { widthPx, heightPx } = plan.frame;

function drawing(found, title) {
  const boxes = found.map(({ label, score, box }) => {
    const [x1, y1, x2, y2] = box.map((value) => (value * widthPx) / plan.source.widthPx);
    return (
      `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}" fill="none" stroke="${YELLOW}" stroke-width="2"/>` +
      `<text x="${x1 + 2}" y="${Math.max(11, y1 - 3)}" font-family="sans-serif" font-size="11" fill="${YELLOW}">${label} ${score.toFixed(2)}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${boxes.join('')}<rect width="220" height="20" fill="#000a"/>` +
    `<text x="6" y="14" font-family="sans-serif" font-size="12" fill="#fff">${title}: ${found.length} found</text></svg>`
  );
}

const tiles = [];
for (const [row, [way, method]] of ROWS.entries()) {
  const worse = degraded(pictures.at(-1), plan, DEGRADED[way]);
  for (const [column, how] of ['raw', method].entries()) {
    const [picture] = shown(how, plan, [worse], false);
    const found = (await detect(plan, picture)).filter(({ score }) => score >= SURE);
    const svg = drawing(found, how === 'raw' ? way : `${way}, ${method}`);
    const raw = { width: widthPx, height: heightPx, channels: 3 };
    const input = await sharp(rgbOf({ i420: picture, size: plan.frame }), { raw }).composite([{ input: Buffer.from(svg) }]).png().toBuffer(); // prettier-ignore
    tiles.push({ input, left: column * (widthPx + GAP_PX), top: row * (heightPx + GAP_PX) });
  }
}
const size = { width: 2 * widthPx + GAP_PX, height: ROWS.length * (heightPx + GAP_PX) - GAP_PX };
await sharp({ create: { ...size, channels: 3, background: '#fff' } }).composite(tiles).png({ palette: true }).toFile(values.out); // prettier-ignore
