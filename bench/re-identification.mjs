// What embeddings are worth to find the same person again: crops of people of a labelled sequence, each looked for among those at least three
// seconds away from it. Crops are of every tenth picture, at least 20 px high, and no other person covers more than 30 % of them. Rank-1: share of
// crops whose nearest other has the same identity; mAP: mean over the crops of the average precision of their ranking. Crops whose person is
// not seen three seconds away are left out. Prints a Markdown table.
// And what joining looks that are nearly the same does, for these people and for the objects of the demo clip (among them a parked van, while day
// turns to dusk): what is seen of each is cut into tracks of five seconds, whose looks are means. By the least cosine: the share of pairs of one
// object's tracks that are joined, the share of joined pairs that are of one object, and how many objects the first ten answers show on
// average, where each stands for those joined with it.
//
//   node bench/re-identification.mjs --sequence ../shared/data/mot/PETS09-S2L1 [--osnet ../shared/models/osnet_x0_25_msmt17.onnx]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { defaultFollower, KernelStore, loadFollower, loadTrials, runModel } from '../dist/inference/index.js';

const { values } = parseArgs({ options: { sequence: { type: 'string' }, osnet: { type: 'string' } } });
if (!values.sequence) throw new Error('give --sequence, the folder of PETS09-S2L1');
const [WIDTH, HEIGHT, FPS, EVERY] = [480, 360, 10, 10];
const APART = 3 * FPS;
const video = path.join(values.sequence, 'video_480x360.avi');
const truth = fs.readFileSync(path.join(values.sequence, 'gt_480x360.txt'), 'utf8').trim().split('\n');

function covered(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return (Math.max(0, width) * Math.max(0, height)) / ((a[2] - a[0]) * (a[3] - a[1]));
}
const people = truth
  .map((line) => line.split(',').map(Number))
  .filter(([frame]) => frame % EVERY === 1)
  .map(([frame, identity, x, y, w, h]) => ({ frame, identity, box: [x, y, x + w, y + h] }));
const crops = people.filter(
  (one) =>
    one.box[3] - one.box[1] >= 20 &&
    people.every((other) => other === one || other.frame !== one.frame || covered(one.box, other.box) <= 0.3),
);

/** All pictures, in a pixel format. */
function decoded(format, bytesEach, file = video) {
  const args = [
    '-v',
    'error',
    '-i',
    file,
    '-vsync',
    'passthrough',
    '-f',
    'rawvideo',
    '-pix_fmt',
    format,
    '-',
  ];
  const all = execFileSync('ffmpeg', args, { maxBuffer: 1 << 30 });
  return (frame) => all.subarray((frame - 1) * bytesEach, frame * bytesEach);
}

/** How crops look to Sightline's follower. */
async function ours(of, size, picture) {
  const loaded = await loadFollower(defaultFollower());
  const follower = await (await loadTrials()).openFollower(loaded);
  const kernels = new KernelStore(
    loaded.description.kernel.reduce((a, b) => a * b, 1),
    1,
  );
  const memory = new SharedArrayBuffer(picture(1).length);
  const made = [];
  for (const { frame, box } of of) {
    new Uint8Array(memory).set(picture(frame));
    const job = {
      memory,
      byteOffset: 0,
      frame: size,
      source: size,
      kernels,
      searches: [],
      templates: [{ box }],
    };
    made.push((await follower.follow(job)).templates[0].embedding);
  }
  await follower.close();
  return made;
}

async function osnet(file) {
  const picture = decoded('rgb24', WIDTH * HEIGHT * 3);
  const runs = [];
  for (const { frame, box } of crops) {
    const [left, top] = [Math.max(0, Math.floor(box[0])), Math.max(0, Math.floor(box[1]))];
    const width = Math.max(1, Math.min(WIDTH, Math.floor(box[2])) - left);
    const height = Math.max(1, Math.min(HEIGHT, Math.floor(box[3])) - top);
    const rgb = await sharp(picture(frame), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .extract({ left, top, width, height })
      .resize(128, 256, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    const data = new Float32Array(3 * 128 * 256);
    const [mean, std] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]; // prettier-ignore
    for (let i = 0; i < 128 * 256; i++)
      for (let c = 0; c < 3; c++) data[c * 128 * 256 + i] = (rgb[3 * i + c] / 255 - mean[c]) / std[c];
    runs.push({ images: { type: 'float32', dims: [1, 3, 256, 128], data } });
  }
  const outputs = await runModel(fs.readFileSync(file), runs);
  return outputs.map((output) => {
    const { data } = Object.values(output)[0];
    const length = Math.hypot(...data);
    return data.map((value) => value / length);
  });
}

function scores(embeddings) {
  let [first, precision, queries] = [0, 0, 0];
  crops.forEach((query, at) => {
    const ranked = crops
      .map((other, i) => ({ other, i }))
      .filter(({ other }) => Math.abs(other.frame - query.frame) >= APART)
      .map(({ other, i }) => {
        const cosine = embeddings[i].reduce((sum, value, k) => sum + value * embeddings[at][k], 0);
        return { isSame: other.identity === query.identity, cosine };
      })
      .sort((a, b) => b.cosine - a.cosine);
    if (!ranked.some(({ isSame }) => isSame)) return;
    queries++;
    if (ranked[0].isSame) first++;
    let [hits, sum] = [0, 0];
    ranked.forEach(({ isSame }, rank) => {
      if (isSame) sum += ++hits / (rank + 1);
    });
    precision += sum / hits;
  });
  return { rank1: first / queries, map: precision / queries, queries };
}

console.log('| embedding | numbers | rank-1 | mAP | queries | crops |');
console.log('|---|---|---|---|---|---|');
const size = { widthPx: WIDTH, heightPx: HEIGHT };
const rows = [
  ['Sightline, default follower', await ours(crops, size, decoded('yuv420p', WIDTH * HEIGHT * 1.5))],
];
if (values.osnet) rows.push([path.basename(values.osnet, '.onnx'), await osnet(values.osnet)]);
for (const [name, embeddings] of rows) {
  const { rank1, map, queries } = scores(embeddings);
  console.log(
    `| ${[name, embeddings[0].length, rank1.toFixed(3), map.toFixed(3), queries, crops.length].join(' | ')} |`,
  );
}

/** The objects of the demo, once a second, as long as most of them is seen. */
function demoCrops() {
  const lines = fs.readFileSync('streams/demo.truth.jsonl', 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ index }) => index % DEMO.fps === 0)
    .flatMap(({ index, objects }) =>
      objects
        .filter(({ box, visibility }) => box !== null && visibility >= 0.7 && box[3] - box[1] >= 20)
        .map(({ track, box }) => ({ frame: index + 1, identity: track, box })),
    );
}

/** Unit means of the crops of each object, five seconds each. */
function brokenTracks(of, fps, embeddings) {
  const tracks = new Map();
  of.forEach(({ identity, frame }, at) => {
    const key = `${identity} ${Math.floor((frame - 1) / (5 * fps))}`;
    const sum = tracks.get(key)?.look ?? new Float32Array(embeddings[at].length);
    tracks.set(key, { identity, look: sum.map((value, i) => value + embeddings[at][i]) });
  });
  return [...tracks.values()].map(({ identity, look }) => {
    const length = Math.hypot(...look);
    return { identity, look: look.map((value) => value / length) };
  });
}

function joined(tracks, least) {
  const cosine = (a, b) => a.look.reduce((sum, value, i) => sum + value * b.look[i], 0);
  let [same, joinedSame, joinedAll, shown] = [0, 0, 0, 0];
  for (const one of tracks) {
    const others = tracks.filter((track) => track !== one);
    for (const other of others) {
      const [isSame, isJoined] = [other.identity === one.identity, cosine(one, other) >= least];
      if (isSame) same++;
      if (isJoined) joinedAll++;
      if (isSame && isJoined) joinedSame++;
    }
    const told = [];
    for (const other of others.sort((a, b) => cosine(one, b) - cosine(one, a)))
      if (!told.some((best) => cosine(best, other) >= least)) told.push(other);
    shown += new Set(told.slice(0, 10).map(({ identity }) => identity)).size;
  }
  return [joinedSame / same, joinedAll === 0 ? 1 : joinedSame / joinedAll, shown / tracks.length];
}

const DEMO = { fps: 15, widthPx: 640, heightPx: 360 };
const demo = demoCrops();
const demoLooks = await ours(
  demo,
  DEMO,
  decoded('yuv420p', DEMO.widthPx * DEMO.heightPx * 1.5, 'streams/demo.mp4'),
);
const broken = [
  ['people of the sequence', brokenTracks(crops, FPS, rows[0][1])],
  ['objects of the demo', brokenTracks(demo, DEMO.fps, demoLooks)],
];
for (const [name, tracks] of broken) {
  console.log(`\n${name}: ${tracks.length} tracks of five seconds\n`);
  console.log('| least cosine | of one object joined | joined of one object | objects in ten |');
  console.log('|---|---|---|---|');
  for (const least of [0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 2]) {
    const figures = joined(tracks, least).map((figure) => figure.toFixed(2));
    console.log(`| ${[least > 1 ? 'none' : least, ...figures].join(' | ')} |`);
  }
}
