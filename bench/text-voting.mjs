// What a vote over a track's pictures gains: plates of ../shared/data/ocr/plates as a camera would see a vehicle pass, in five pictures each
// that are smaller, shifted, blurred and noisy by other amounts (seeded).
//   npm run build && node bench/text-voting.mjs [FOLDER] [--every N]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createLog } from '../dist/base/index.js';
import { TextPool } from '../dist/inference/index.js';
import { lineOf, textDistance, TextVote } from '../dist/reading/index.js';

const FRAMES = 5;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '4' } },
});
const [folder = '../shared/data/ocr/plates/eu'] = positionals;
const every = Number(values.every);
let state = 7;
const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;

/** The vehicle around the plate, as one picture of its passage shows it. */
async function seen(file, [x, y, w, h], size) {
  const scale = 0.35 + 0.35 * random();
  const [left, top] = [
    Math.max(0, Math.round(x - w * (0.6 + 0.3 * random()))),
    Math.max(0, Math.round(y - h * (2 + random()))),
  ];
  const width = Math.min(size.width - left, Math.round(w * 2.4));
  const height = Math.min(size.height - top, Math.round(h * 6));
  const { data, info } = await sharp(file)
    .extract({ left, top, width, height })
    .resize(Math.round(width * scale))
    .blur(0.3 + 0.6 * random())
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const noise = 10 + 20 * random();
  const rgb = Uint8ClampedArray.from(data, (value) => value + noise * (random() + random() + random() - 1.5));
  return { rgb: new Uint8Array(rgb.buffer), size: { widthPx: info.width, heightPx: info.height } };
}

const pool = await TextPool.open({ log: createLog('warn') });
const labels = fs.readdirSync(folder).filter((name) => name.endsWith('.txt')).sort(); // prettier-ignore
const counts = { plates: 0, pictures: 0, single: 0, surest: 0 };
/** How many plates are right by the vote of the first 1, 2, … pictures in which something was read, or of all where there are fewer. */
const rightAfter = new Array(FRAMES).fill(0);
for (const name of labels.filter((_, at) => at % every === 0)) {
  const [file, x, y, w, h, truth] = fs.readFileSync(path.join(folder, name), 'utf8').trim().split('\t');
  const picture = path.join(folder, file);
  const size = await sharp(picture).metadata();
  const vote = new TextVote();
  const reads = [];
  const voted = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const { texts } = await pool.read({
      picture: await seen(picture, [x, y, w, h].map(Number), size),
      options: { plates: [path.basename(folder)], longSidePx: 480, confidenceMin: 0.3 },
    });
    counts.pictures++;
    if (texts[0] === undefined) continue;
    reads.push(texts[0]);
    vote.add(lineOf(texts[0].characters));
    voted.push(vote.result()?.text ?? '');
    if (textDistance(texts[0].value, truth) === 0) counts.single++;
  }
  const [surest] = [...reads].sort((a, b) => b.confidence - a.confidence);
  counts.plates++;
  if (surest !== undefined && textDistance(surest.value, truth) === 0) counts.surest++;
  for (let at = 0; at < FRAMES; at++)
    if (textDistance(voted[at] ?? voted.at(-1) ?? '', truth) === 0) rightAfter[at]++;
  console.log(`${truth}  ${reads.map(({ value }) => value).join(' ')}  vote: ${voted.at(-1) ?? ''}`);
}
await pool.close();
const share = (right, all) => (right / all).toFixed(3);
console.log(
  `${counts.plates} plates, right with O as 0 and I as 1: one picture ${share(counts.single, counts.pictures)}, ` +
    `the surest of ${FRAMES} ${share(counts.surest, counts.plates)}, the vote after 1 to ${FRAMES} in which something was read ` +
    rightAfter.map((right) => share(right, counts.plates)).join(' '),
);
