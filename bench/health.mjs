// What the watch over cameras finds, and what it makes up: real clips, played again and again, encoded anew as a camera would (H.264, a
// keyframe every two seconds), with faults made by FFmpeg in their middle, and without. Prints Markdown tables. Needs a build.
//
//   node bench/health.mjs [--data ../shared/data] [--keep DIR] [--only TEXT] [--each]
//
// `--keep` keeps what was encoded for the next run; `--only` runs the cases whose name has the text in it; `--each` prints each case.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { HealthWatch, LightJudge, LightMeter } from '../dist/frames/index.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    keep: { type: 'string' },
    only: { type: 'string' },
    each: { type: 'boolean', default: false },
  },
});
const video = (name) => path.join(values.data, 'video', name);
const dir = values.keep ?? fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-health-'));
fs.mkdirSync(dir, { recursive: true });

/** The fault comes after so long, and goes after so long; the clip ends after so long. */
const [FROM_S, TO_S, END_S] = [30, 55, 80];
const [FPS, WIDTH] = [5, 512];

const STILL_CLIPS = {
  street: video('bgslib_video.avi'),
  motorway: video('bgslib_video03.avi'),
  'buses (dense traffic)': video('imageai_traffic-mini.mp4'),
  'person in a room': video('intel_asl_walk.mkv'),
  'bare asphalt': video('intel_car-detection.mp4'),
  corridor: video('intel_one-by-one-person-detection.mp4'),
  'street at night': video('simpletracking_night.mp4'),
  'crowd from above': video('tfoc_cutl.mp4'),
  'road with trees': video('tfoc_vehicle_survaillance.mp4'),
  'campus (PETS)': path.join(values.data, 'mot/PETS09-S2L1/video_480x360.avi'),
  classroom: video('gif/intel_classroom.gif'),
  'car park': video('gif/intel_person-bicycle-car-detection.gif'),
  'shop aisle': video('gif/intel_store-aisle-detection.gif'),
  'factory floor': video('gif/intel_worker-zone-detection.gif'),
};
const MOVING_CLIPS = {
  'railway, panned': video('simpletracking_dos.mp4'),
  'from a car': video('carnd_test_video.mp4'),
  'held in the hand': video('simpletracking_ecuador.mp4'),
  'sitter, close': video('intel_asl_again.mkv'),
  'faces, close': video('gif/intel_face-demographics-walking-and-pause.gif'),
  'faces, coming': video('gif/intel_face-demographics-walking.gif'),
  'empty hall': video('gif/intel_people-detection.gif'),
};

const DURING = `enable='between(t,${FROM_S},${TO_S})'`;
const during = (then, otherwise) => `'if(between(t,${FROM_S},${TO_S}),${then},${otherwise})'`;
/** Slides in over two seconds from the right, until it covers so much of the picture. */
const slide = (share, what) =>
  `null[in];${what}[cover];[in][cover]overlay=x='if(between(t,${FROM_S},${TO_S}),W-W*${share}*min(1,(t-${FROM_S})/2),W)'`;
const plane = (colour, { width, height }) =>
  `color=${colour}:size=${width}x${height}:rate=${FPS},noise=alls=6:allf=t`;
/** As under lamps of infrared light: no colours, bright in the middle, some noise. */
const INFRARED = 'vignette=PI/5,noise=alls=5:allf=t,hue=s=0';
const turned = (x, y) => `scale=iw*5/4:ih*5/4,crop=trunc(iw*2/5)*2:trunc(ih*2/5)*2:x=${x}:y=${y}`;
const hand = ({ width, height }) =>
  `movie=${video('carnd_test_video.mp4')}:loop=0,setpts=N/${FPS}/TB,scale=${width}:${height},gblur=sigma=50`;

const FAULTS = {
  'covered, black': ['blocked', (size) => slide(1, plane('black', size))],
  'covered, grey': ['blocked', (size) => slide(1, plane('0x8a8078', size))],
  'covered but for a fifth': ['blocked', (size) => slide(0.8, plane('0x403830', size))],
  'a hand before it': ['blocked', (size) => slide(1, hand(size))],
  'fades to black': [
    'blocked',
    () => `fade=t=out:st=${FROM_S}:d=3:enable='lt(t,${TO_S})',noise=alls=6:allf=t`,
  ],
  'out of focus (σ 0.6 % of the width)': ['blurred', () => `gblur=sigma=3.1:${DURING}`],
  'out of focus (σ 1.6 %)': ['blurred', () => `gblur=sigma=8.2:${DURING}`],
  'turned aside by 5 %': ['moved', () => turned(during('iw*0.04', '0'), '0')],
  'turned aside by 20 %': ['moved', () => turned(during('iw*0.16', '0'), '0')],
  'turned down by 15 %': ['moved', () => turned('iw*0.1', during('ih*0.12', '0'))],
  'tilted by 8°': ['moved', () => `rotate=${during('8*PI/180', '0')},${turned('iw*0.1', 'ih*0.1')}`],
  'upside down': ['moved', () => `vflip=${DURING}`],
  frozen: ['frozen', () => `select='not(between(t,${FROM_S},${TO_S}))',fps=${FPS}`],
  'lamps fail (infrared)': [
    'infrared-failed',
    () => `${INFRARED},lutyuv=y='16+(val-16)*0.03':${DURING},noise=c0s=3:c0f=t`,
  ],
};
const dimmed = (share) => `lutyuv=y='16+(val-16)*${share}':${DURING},noise=alls=5:allf=t`;
const rain = ({ width, height }) =>
  `format=yuv420p[in];color=black:size=${width}x${height}:rate=${FPS},format=yuv420p,noise=c0s=100:c0f=t,` +
  `lutyuv=y='if(gt(val,98),235,16)':u=128:v=128,dblur=angle=80:radius=12,lutyuv=y='clip((val-16)*4,0,120)':u=128:v=128[rain];` +
  `[in][rain]blend=c0_mode=screen:c1_mode=normal:c2_mode=normal`;
/** Nothing of this is a fault. */
const HARMLESS = {
  'as it is': () => 'null',
  'lights off to a quarter, and on': () => dimmed(0.25),
  'lights off to an eighth, and on': () => dimmed(0.125),
  'to infrared and back': () =>
    `split[day][b];[b]${INFRARED},curves=all='0/0.1 0.5/0.7 1/0.9'[night];[day][night]overlay=${DURING}`,
  'light from the other side': () =>
    `split[a][b];[b]vignette=PI/3:x0=w:y0=h/2,eq=gamma=1.5[other];[a][other]overlay=${DURING}`,
  'fog comes within 40 s': () =>
    `geq=lum='lum(X,Y)+(190-lum(X,Y))*0.6*clip((T-25)/40,0,1)':cb='cb(X,Y)':cr='cr(X,Y)'`,
  rain,
  'wind shakes it (1 %)': () => turned(`'iw*0.1+iw*0.008*sin(9*t)'`, `'ih*0.1+ih*0.008*cos(11*t)'`),
  'a lorry passes (4 s, three quarters)': (size) =>
    `null[in];${plane('0x305080', size)}[cover];[in][cover]overlay=x='if(between(t,40,44),W/8,W)'`,
  'weak light (noise)': () => `lutyuv=y='16+(val-16)*0.4',noise=alls=20:allf=t`,
  'squeezed (CRF 40)': () => 'null',
  'turns all the time': () => turned(`'iw*0.1+iw*0.1*sin(t/3)'`, `'ih*0.1+ih*0.1*cos(t/4)'`),
};
/** Pictures that no sensor made: FFmpeg's input, and a filter. */
const DRAWN = {
  'test picture, moving': [['-f', 'lavfi', '-i', `testsrc2=size=${WIDTH}x288:rate=${FPS}`]],
  'test picture, still': [['-f', 'lavfi', '-i', `smptebars=size=${WIDTH}x288:rate=${FPS}`]],
  black: [['-f', 'lavfi', '-i', `color=black:size=${WIDTH}x288:rate=${FPS}`]],
  slides: [['-f', 'lavfi', '-i', `testsrc2=size=${WIDTH}x288:rate=1/15`], `fps=${FPS}`],
  'the demo': [looped('streams/demo.mp4')],
};

const ofClips = (kind, filter, clips, fault) =>
  Object.entries(clips).map(([clip, file]) => ({ kind, fault, filter, clip, file }));
const cases = [
  ...Object.entries(FAULTS).flatMap(([kind, [fault, filter]]) => ofClips(kind, filter, STILL_CLIPS, fault)),
  ...Object.entries(HARMLESS).flatMap(([kind, filter]) =>
    ofClips(kind, filter, kind === 'as it is' ? { ...STILL_CLIPS, ...MOVING_CLIPS } : STILL_CLIPS),
  ),
  ...Object.entries(DRAWN).map(([clip, [input, filter]]) => ({
    kind: 'drawn',
    clip,
    input,
    filter: () => filter ?? 'null',
  })),
].filter(({ kind, clip }) => values.only === undefined || `${kind}: ${clip}`.includes(values.only));

function looped(file) {
  return ['-stream_loop', '-1', '-i', file];
}

function make(file, args) {
  if (fs.existsSync(file)) return file;
  const part = `${file}.part.mp4`;
  const done = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args.map(String), '-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p', part], { encoding: 'utf8' }); // prettier-ignore
  if (done.status !== 0) throw new Error(`${file}: ${done.stderr.slice(-600)}`);
  fs.renameSync(part, file);
  return file;
}

const fileOf = (name) => path.join(dir, `${name.replace(/[^\w -]+/g, '_')}.mp4`);

/** A clip in the size and at the rate at which all are encoded: decoded once. */
function base(clip, input) {
  return make(fileOf(`base ${clip}`), [...input, '-an', '-t', END_S, '-vf', `fps=${FPS},scale=${WIDTH}:-2,setsar=1`, '-crf', '16', '-preset', 'veryfast']); // prettier-ignore
}

/** A case as a camera would encode it. */
function encoded({ kind, clip, filter, file, input }) {
  const source = base(clip, input ?? ['-i', file]);
  const size = sizeOf(source);
  const graph = `setpts=N/${FPS}/TB,${filter(size)},scale=${size.width}:${size.height},trim=end_frame=${END_S * FPS}`;
  return make(fileOf(`${kind} - ${clip}`), [...looped(source), '-filter_complex', graph, '-frames:v', END_S * FPS, '-crf', kind.includes('CRF 40') ? 40 : 26, '-preset', 'ultrafast', '-g', 2 * FPS]); // prettier-ignore
}

function sizeOf(file) {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=width,height',
    '-of',
    'csv=p=0',
    file,
  ];
  const [width, height] = spawnSync('ffprobe', args, { encoding: 'utf8' })
    .stdout.trim()
    .split(',')
    .map(Number);
  return { width, height };
}

let [watchedMs, watched] = [0, 0];

/** When each fault was told, and when no more, s. */
async function told(file) {
  const { width, height } = sizeOf(file);
  const size = { widthPx: width, heightPx: height };
  const args = ['-v', 'error', '-i', file, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const picture = new Uint8Array((size.widthPx * size.heightPx * 3) / 2);
  const watch = new HealthWatch(size);
  const meter = new LightMeter(size);
  const judge = new LightJudge();
  const spans = [];
  let [filled, pictures, knownS] = [0, 0, undefined];
  for await (const chunk of child.stdout)
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(chunk.length - at, picture.length - filled);
      picture.set(chunk.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < picture.length) continue;
      filled = 0;
      const ms = (pictures++ * 1000) / FPS;
      const light = meter.measure(picture);
      const regime = judge.take(light, ms);
      const startedMs = performance.now();
      const { state, faults } = watch.take(picture, light, regime, ms);
      watchedMs += performance.now() - startedMs;
      watched++;
      if (state === 'watching') knownS ??= ms / 1000;
      for (const span of spans)
        if (span.toS === undefined && !faults.includes(span.fault)) span.toS = ms / 1000;
      for (const fault of faults)
        if (!spans.some((span) => span.fault === fault && span.toS === undefined))
          spans.push({ fault, fromS: ms / 1000 });
    }
  return { spans, knownS, seconds: pictures / FPS };
}

const rows = new Map();
for (const one of cases) {
  const { spans, knownS, seconds } = await told(encoded(one));
  const isHit = ({ fault, fromS }) => fault === one.fault && fromS >= FROM_S && fromS <= TO_S;
  const isOther = ({ fault, fromS }) => !isHit({ fault, fromS });
  const hit = spans.find(isHit);
  const row = rows.get(one.kind) ?? {
    fault: one.fault,
    cases: 0,
    judged: 0,
    found: 0,
    others: [],
    delays: [],
    ends: [],
    seconds: 0,
  };
  rows.set(one.kind, row);
  row.cases++;
  row.seconds += seconds;
  if (knownS !== undefined && knownS < FROM_S) row.judged++;
  if (hit !== undefined) {
    row.found++;
    row.delays.push(hit.fromS - FROM_S);
    if (hit.toS !== undefined) row.ends.push(hit.toS - TO_S);
  }
  row.others.push(...spans.filter(isOther).map((span) => ({ ...span, clip: one.clip })));
  if (values.each)
    console.log(`${one.kind}: ${one.clip}: known ${knownS ?? 'never'}, ${JSON.stringify(spans)}`);
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const seconds = (value) => (value === undefined ? '' : value.toFixed(1));
console.log('| fault | clips | told | wrong ones told | after, median (most), s | over after, median, s |');
console.log('|---|---|---|---|---|---|');
for (const [kind, row] of rows)
  if (row.fault !== undefined) {
    const most = row.delays.length > 0 ? ` (${Math.max(...row.delays).toFixed(1)})` : '';
    console.log(`| ${kind}: \`${row.fault}\` | ${row.cases} | ${row.found} | ${row.others.length} | ${seconds(median(row.delays))}${most} | ${seconds(median(row.ends))} |`); // prettier-ignore
  }
console.log('\n| no fault | clips | hours | told | an hour | which |');
console.log('|---|---|---|---|---|---|');
let [allHours, allTold] = [0, 0];
for (const [kind, row] of rows)
  if (row.fault === undefined) {
    const hours = row.seconds / 3600;
    allHours += hours;
    allTold += row.others.length;
    const which = [...new Set(row.others.map(({ fault, clip }) => `${fault} (${clip})`))].join(', ');
    console.log(`| ${kind} | ${row.cases} | ${hours.toFixed(2)} | ${row.others.length} | ${(row.others.length / hours).toFixed(1)} | ${which} |`); // prettier-ignore
  }
console.log(`\n${allTold} in ${allHours.toFixed(2)} h without a fault. ${(watchedMs / watched).toFixed(3)} ms a picture of ${WIDTH} pixels across, over ${watched} pictures.`); // prettier-ignore
if (values.keep === undefined) fs.rmSync(dir, { recursive: true });
