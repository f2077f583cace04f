// How often the main colour of an object is what a person calls it, and how long that takes: objects of real pictures (bench/colour-labels.json:
// file, second of a video, box in its pixels, and the word; `or` where a person would say another as well), one view of each, scaled as they are
// analysed. Its thresholds were chosen with every second of them, so those of the others are told apart. Prints one JSON object.
//
//   npm run build && node bench/colour.mjs DATA [--wrong]     # DATA: the folder with det/, ocr/ and video/
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { COLOURS, colourShares, mainColour, middleOf, rgbToI420 } from '../dist/frames/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { wrong: { type: 'boolean' } },
});
const [data] = positionals;
if (data === undefined) throw new Error('usage: node bench/colour.mjs DATA [--wrong]');
const LONG_SIDE_PX = 640;
const ROUNDS = 200;
const labels = JSON.parse(fs.readFileSync(new URL('colour-labels.json', import.meta.url), 'utf8'));

const seen = [];
for (const { file, seconds, box, label, colour, or } of labels) {
  const { picture, size, scale } = await pictureOf(path.join(data, file), seconds);
  const part = middleOf(box.map((side) => side * scale));
  const said = mainColour(colourShares(picture, size, [part]));
  seen.push({ file, label, colour, or, said, picture, size, part });
}

const isPerson = ({ label }) => label === 'person';
const apart = seen.filter((_, at) => at % 2 === 1);
const told = {
  apart: accuracy(apart),
  vehiclesApart: accuracy(apart.filter((one) => !isPerson(one))),
  personsApart: accuracy(apart.filter(isPerson)),
  chosenWith: accuracy(seen.filter((_, at) => at % 2 === 0)),
  all: accuracy(seen),
  byColour: Object.fromEntries(
    COLOURS.map((colour) => [colour, accuracy(seen.filter((one) => one.colour === colour))]).filter(
      ([, { count }]) => count > 0,
    ),
  ),
  usPerView: time(),
  ...(values.wrong && {
    wrong: seen.flatMap(({ said, colour, or, file, label }, at) =>
      said === colour || said === or ? [] : [`${at} ${label} ${file}: ${colour}, not ${said}`],
    ),
  }),
};
process.stdout.write(`${JSON.stringify(told, undefined, 2)}\n`);

/** Shares of what was answered at all: `exact` the first word, `fitting` either. */
function accuracy(rows) {
  const answered = rows.filter(({ said }) => said !== undefined);
  const share = (count, of) => Number((count / Math.max(1, of)).toFixed(3));
  return {
    count: rows.length,
    answered: share(answered.length, rows.length),
    exact: share(answered.filter(({ said, colour }) => said === colour).length, answered.length),
    fitting: share(
      answered.filter(({ said, colour, or }) => said === colour || said === or).length,
      answered.length,
    ),
  };
}

function time() {
  const began = process.hrtime.bigint();
  for (let round = 0; round < ROUNDS; round++)
    for (const { picture, size, part } of seen) mainColour(colourShares(picture, size, [part]));
  return Number((Number(process.hrtime.bigint() - began) / 1000 / (ROUNDS * seen.length)).toFixed(1));
}

async function pictureOf(file, seconds) {
  const input =
    seconds === undefined
      ? file
      : execFileSync('ffmpeg', ['-v', 'error', '-ss', String(Math.max(0, seconds - 0.001)), '-i', file, '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-'], { maxBuffer: 1 << 28 }); // prettier-ignore
  const { width } = await sharp(input).metadata();
  const { data: rgb, info } = await sharp(input)
    .removeAlpha()
    .toColourspace('srgb')
    .resize({ width: LONG_SIDE_PX, height: LONG_SIDE_PX, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const whole = { widthPx: info.width, heightPx: info.height };
  const picture = new Uint8Array((info.width * info.height * 3) / 2 + 4);
  const size = rgbToI420(rgb, whole, picture);
  return { picture, size, scale: info.width / width };
}
