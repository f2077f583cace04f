// What reading costs. First, views of vehicles, as a camera's tracks are read: processor time of each, and how many are read right, by the size in
// which text is looked for. Then the server itself over a made-up video of a car that passes, with reading off and on in turn: pictures analysed a
// second, and what became of the views that were due. Prints Markdown tables.
//
//   npm run build && node bench/reading.mjs [FOLDER] [--every N] [--look PX,…] [--cameras 1,4] [--seconds S] [--rounds N]
//
// FOLDER has photographs and plates as of OpenALPR's benchmark; ../shared/data/ocr/plates/eu by default. --cameras 0 leaves the server out.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { App } from '../dist/app/index.js';
import { createLog } from '../dist/base/index.js';
import { loadConfig } from '../dist/config/index.js';
import { TextPool } from '../dist/inference/index.js';
import { findFfmpeg } from '../dist/media/index.js';
import { textDistance } from '../dist/reading/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '6' },
    look: { type: 'string', default: '480,640,960' },
    cameras: { type: 'string', default: '1,4' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
  },
});
const [folder = '../shared/data/ocr/plates/eu'] = positionals;
const log = createLog('error');

await measureViews(values.look.split(',').map(Number));
for (const count of values.cameras.split(',').map(Number)) if (count > 0) await measureServer(count);
process.exit(0);

async function measureViews(looks) {
  const pool = await TextPool.open({ log });
  const labels = fs.readdirSync(folder).filter((name) => name.endsWith('.txt')).sort(); // prettier-ignore
  console.log(
    '| looked for in, px | views | right, O as 0 and I as 1 | processor time, ms: median | 95 % |\n|---|---|---|---|---|',
  );
  for (const longSidePx of looks) {
    const spentMs = [];
    let right = 0;
    for (const name of labels.filter((_, at) => at % Number(values.every) === 0)) {
      const [file, , , , , truth] = fs.readFileSync(path.join(folder, name), 'utf8').trim().split('\t');
      const { data, info } = await sharp(path.join(folder, file)).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
      const picture = { rgb: new Uint8Array(data), size: { widthPx: info.width, heightPx: info.height } };
      const before = process.cpuUsage();
      const options = { plates: [path.basename(folder)], longSidePx, confidenceMin: 0.3 };
      const { texts } = await pool.read({ picture, options });
      const { user, system } = process.cpuUsage(before);
      spentMs.push((user + system) / 1000);
      if (texts[0] !== undefined && textDistance(texts[0].value, truth) === 0) right++;
    }
    spentMs.sort((a, b) => a - b);
    const at = (share) =>
      spentMs[Math.min(spentMs.length - 1, Math.floor(share * spentMs.length))].toFixed(0);
    console.log(`| ${longSidePx} | ${spentMs.length} | ${(right / spentMs.length).toFixed(3)} | ${at(0.5)} | ${at(0.95)} |`); // prettier-ignore
  }
  await pool.close();
}

async function measureServer(count) {
  const clip = await carClip();
  const rates = { off: [], on: [] };
  let counts = {};
  for (let round = 0; round < Number(values.rounds); round++)
    // The other way round each time: machines grow warm, and others use them.
    for (const heads of round % 2 === 0 ? ['off', 'on'] : ['on', 'off']) {
      const told = await run(clip, count, heads === 'on');
      rates[heads].push(told.rate);
      if (heads === 'on') counts = told.counts;
    }
  const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  console.log(`\n${count} camera(s), ${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)}: pictures analysed a second, off ${rates.off.map((one) => one.toFixed(1)).join(', ')}, on ${rates.on.map((one) => one.toFixed(1)).join(', ')}; ratio ${(mean(rates.on) / mean(rates.off)).toFixed(3)}`); // prettier-ignore
  console.log(`last round with reading: ${JSON.stringify(counts)}`);
}

async function run(clip, count, reads) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-reading-'));
  const file = path.join(dir, 'sightline.yaml');
  const heads = reads ? ', heads: [text], read: { patterns: [eu] }' : '';
  const cameras = Array.from(
    { length: count },
    (_, at) => `  c${at}: { source: ${clip}, analyse: { fps: 30${heads} } }\n`,
  );
  fs.writeFileSync(file, `server: { port: 0 }\ndata: { dir: data }\ncameras:\n${cameras.join('')}`);
  const app = await App.open({ config: await loadConfig(file, {}), env: {}, version: 'bench', log });
  // Models are loaded, tracks confirmed, and what waits for reading has begun to be read.
  await waited(12);
  const before = await metricsOf(app);
  await waited(Number(values.seconds));
  const after = await metricsOf(app);
  await app.close();
  fs.rmSync(dir, { recursive: true, force: true });
  const grown = (pattern) => sumOf(after, pattern) - sumOf(before, pattern);
  const skipped = Object.fromEntries(['detection', 'busy', 'budget', 'loading'].map((reason) => [reason, grown(new RegExp(`read_skipped_total.*"${reason}"`))])); // prettier-ignore
  const views = grown(/read_seconds_count/);
  return {
    rate: grown(/camera_frames_total.*"analysed"/) / Number(values.seconds),
    counts: {
      views,
      msByTheClock: views === 0 ? 0 : Math.round((1000 * grown(/read_seconds_sum/)) / views),
      told: grown(/read_texts_total/),
      skipped,
    },
  };
}

async function metricsOf(app) {
  return (await (await fetch(new URL('/metrics', app.url))).text()).split('\n').filter((line) => line.startsWith('sightline_')); // prettier-ignore
}

function sumOf(lines, pattern) {
  return lines
    .filter((line) => pattern.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

function waited(seconds) {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

/** A car that passes for six seconds, and is gone for three: 25 pictures a second. */
async function carClip() {
  const { path: program } = await findFfmpeg({});
  const file = path.join(os.tmpdir(), `sightline-reading-${process.pid}.mp4`);
  if (fs.existsSync(file)) return file;
  const photo = path.join(folder, 'test_002.jpg');
  const filter = "[1]scale=880:-2[car];[0][car]overlay=x='20+60*t':y='H-h-10':enable='lt(t,6)':eval=frame,noise=alls=10:allf=t,format=yuv420p[v]"; // prettier-ignore
  const { status, stderr } = spawnSync(
    program,
    [
      ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'color=0x808890:s=1280x720:r=25:d=9'],
      ...[
        '-loop',
        '1',
        '-r',
        '25',
        '-t',
        '9',
        '-i',
        photo,
        '-filter_complex',
        filter,
        '-map',
        '[v]',
        '-t',
        '9',
      ],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-g', '25', file],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return file;
}
