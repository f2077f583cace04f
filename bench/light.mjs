// What the detector finds in bad light, and what it changes to show it the picture in another light: labelled photographs and pictures of a clip, made
// darker, brighter, coloured, flatter. Prints a Markdown table: AP at IoU 0.5, all labels pooled, and recall at score 0.4, raw, by each method and by the gate.
//
//   node bench/light.mjs coco|night|CLIP [--data ../shared/data] [--methods gamma,clahe,…] [--networks FILE.onnx,…] [--ways dark,gamma,…] [--settled 240] [--every 10] [--limit 1000]
//
// --networks: networks for dark pictures, each a column more, whose processor time is told. --ways: those whose names contain one of these.
// Strongly degraded ones are bold. In a clip the truth is what is found in the picture as it is. The gate's answer is that of a camera that shows these pictures,
// one a second, in an order by chance, --settled of them until it is judged (0: no gate): the mean of five such cameras, the worst AP of them where it is another, and how many chose which method.
import { parseArgs } from 'node:util';
import { StreamLight } from '../dist/engine/stream-light.js';
import { agreement, evaluateDetections } from '../dist/evaluation/index.js';
import { degraded, detect, relit, shown, SURE } from './light/bad-light.mjs';
import { enhancement } from './light/enhanced.mjs';
import { setOf } from './light/sets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '../shared/data' },
    methods: { type: 'string', default: 'gamma,clahe,shades-of-grey,balanced' },
    networks: { type: 'string', default: '' },
    ways: { type: 'string', default: '' },
    settled: { type: 'string', default: '240' },
    every: { type: 'string', default: '10' },
    limit: { type: 'string', default: '1000' },
  },
});
const METHODS = values.methods.split(',').filter(Boolean);
/** Cameras that are judged. */
const CAMERAS = 5;
/** Labels lie so far apart that objects of two never overlap, and are then one. */
const APART_PX = 100_000;

/** A list for each picture of the set, in one light. */
async function lookAt(set, show) {
  const found = [];
  for (const { plan, worse } of set.items)
    for (const picture of show(plan, worse)) found.push(await detect(plan, picture));
  return found;
}

/** What a camera with `light: auto` finds in each picture, once it has settled, and the method that it has settled on. */
async function gated(set, raw, camera) {
  const stream = new StreamLight(set.items[0].plan.frame, 'auto');
  const pictures = set.items.flatMap(({ plan, worse }) => worse.map((picture) => ({ plan, picture })));
  let ms = 0;
  async function look(at) {
    const { plan, picture } = pictures[at];
    const { relighting, comparison } = stream.next(picture, 0, (ms += 1000));
    const other = relighting ?? comparison?.relighting;
    const changed = other === undefined ? undefined : await detect(plan, relit(picture, plan, other));
    comparison?.note(raw[at], changed);
    return relighting === undefined ? raw[at] : changed;
  }
  for (let n = 0; n < Number(values.settled); n++)
    await look(Math.floor(chance(camera, n) * pictures.length));
  const found = [];
  for (let at = 0; at < pictures.length; at++) found.push(await look(at));
  return { found, method: stream.report.isOn ? stream.report.method : 'as it is' };
}

/** Between 0 and 1, the same in each run: the fraction of a large sine. */
function chance(camera, n) {
  const value = Math.sin(camera * 977 + n * 12.9898) * 43758.5453;
  return value - Math.floor(value);
}

/** The mean of several cameras, as a cell of the table. */
async function gatedCell(truth, set, raw) {
  const cameras = [];
  for (let camera = 0; camera < CAMERAS; camera++) {
    const { found, method } = await gated(set, raw, camera);
    cameras.push({ ...scoresOf(truth, found), method });
  }
  const mean = (key) => cameras.reduce((sum, one) => sum + one[key], 0) / CAMERAS;
  const worst = Math.min(...cameras.map(({ ap }) => ap));
  const methods = [...new Set(cameras.map(({ method }) => method))].filter((method) => method !== 'as it is');
  const chosen = methods.map(
    (method) => `${method} ${cameras.filter((one) => one.method === method).length}`,
  );
  const least = mean('ap') - worst >= 0.0005 ? `, worst ${worst.toFixed(3)}` : '';
  return [`${mean('ap').toFixed(3)} (${mean('recall').toFixed(2)})${least}`, chosen.join(', ')]
    .join(' ')
    .trim();
}

function scoresOf(truth, found) {
  const numbers = new Map([...new Set(truth.flat().map(({ label }) => label))].map((label, i) => [label, i]));
  const pooled = ({ label, box: [x1, y1, x2, y2], ...rest }) => {
    const to = APART_PX * (1 + (numbers.get(label) ?? -1));
    return {
      areaPx: (x2 - x1) * (y2 - y1),
      isCrowd: false,
      ...rest,
      label: 'any',
      box: [x1 + to, y1, x2 + to, y2],
    };
  };
  const images = truth.map((objects, id) => ({ id, fileName: String(id), objects: objects.map(pooled) }));
  const { ap50 } = evaluateDetections(images, new Map(found.map((list, id) => [id, list.map(pooled)])));
  const sure = found.map((list) => list.filter(({ score }) => score >= SURE));
  const { f1, counts } = agreement(truth.map((list) => list.map((one) => ({ score: 1, ...one }))), sure); // prettier-ignore
  const recall = (f1 * (counts[0] + counts[1])) / 2 / counts[0];
  return { ap: ap50, recall };
}

function scoreOf(truth, found) {
  const { ap, recall } = scoresOf(truth, found);
  return `${ap.toFixed(3)} (${recall.toFixed(2)})`;
}

const [name = 'coco'] = positionals;
const set = await setOf(name, {
  ...values,
  clip: name,
  every: Number(values.every),
  limit: Number(values.limit),
});
const truth = set.items.flatMap((item) => item.truth);
console.log(`### ${set.name}, ${truth.length} pictures, ${truth.flat().length} objects\n`);
const networks = await Promise.all(values.networks.split(',').filter(Boolean).map(enhancement));
const isAsked = (way) => values.ways.split(',').some((part) => way.includes(part));
const isGated = set.isCamera && Number(values.settled) > 0;
const columns = ['raw', ...METHODS, ...networks.map(({ name }) => name), ...(isGated ? ['our gate'] : [])]; // prettier-ignore
console.log(`| AP50 (recall) | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}`);
for (const [way, how] of Object.entries(set.ways).filter(([way]) => isAsked(way))) {
  for (const item of set.items) item.worse = item.pictures.map((rgb) => degraded(rgb, item.plan, how));
  const raw = await lookAt(set, (_, worse) => worse);
  const row = [scoreOf(truth, raw)];
  for (const method of METHODS) {
    const found = await lookAt(set, (plan, worse) => shown(method, plan, worse, set.isStream));
    row.push(scoreOf(truth, found));
  }
  for (const { show } of networks) {
    const found = [];
    for (const { plan, worse } of set.items)
      for (const picture of worse) found.push(await detect(plan, await show(picture, plan)));
    row.push(scoreOf(truth, found));
  }
  if (isGated) row.push(await gatedCell(truth, set, raw));
  console.log(`| ${how.isStrong ? `**${way}**` : way} | ${row.join(' | ')} |`);
}
for (const { name, costMs } of networks) console.log(`\n${name}: ${(await costMs()).toFixed(0)} ms of processor time a picture`); // prettier-ignore
