// What the live wall costs the browser, and how late it is: starts `sightline serve` with N cameras that show a clock, opens the dashboard in
// headless Chromium with software rendering, and prints one JSON object for each number of tiles.
//
//   node bench/wall.mjs [--tiles 1,4,16] [--seconds 30] [--memory-min 10] [--boxes] [--size 640x360] [--fps 15]
//
// frameMs: what the page's main thread worked between two of its frames (tasks of the renderer, from a trace). glassMs: from the moment at
// which the source drew a picture, which stands in it as 32 black and white fields, to the moment at which the browser presents it, read
// from the picture's own pixels. Source, server and browser share one machine and its clock (`taskset -c 0,1 node …` gives them two cores).
// Memory: the heap of the page after a collection, and PSS of all of the browser's processes, from the first minute to the last.
// --boxes: below the clock people walk (those of the demo), and two pictures a second are analysed; without it nothing lies over any
// picture. After the last number of tiles: how many times as much it costs as the first.
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import bundledFfmpeg from '@ffmpeg-installer/ffmpeg';
import { openBrowser, serve } from './browser/served.mjs';
import { cpuSeconds, descendants } from './processes.mjs';

const { values } = parseArgs({
  options: {
    tiles: { type: 'string', default: '1,4,16' },
    seconds: { type: 'string', default: '30' },
    'memory-min': { type: 'string', default: '0' },
    boxes: { type: 'boolean', default: false },
    size: { type: 'string', default: '640x360' },
    fps: { type: 'string', default: '15' },
  },
});
const seconds = Number(values.seconds);
const [width, height] = values.size.split('x').map(Number);
const fps = Number(values.fps);
const BITS = 32;
const WARM_UP_MS = 10_000;
const READY_LIMIT_MS = 180_000;
const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const ffmpeg = fs.existsSync('/usr/bin/ffmpeg') ? '/usr/bin/ffmpeg' : bundledFfmpeg.path;
const streets = values.boxes ? demoPictures() : [];
const measured = [];

for (const tiles of values.tiles.split(',').map(Number)) {
  const source = await openClock();
  const server = await serve(camerasOf(tiles, source.url));
  const browser = await openBrowser();
  try {
    measured.push(await measure(browser, server.url, tiles));
    console.log(JSON.stringify(measured.at(-1), null, 2));
  } finally {
    await browser.close();
    await server.close();
    await source.close();
  }
}
if (measured.length > 1) console.log(JSON.stringify(ratioOf(measured[0], measured.at(-1)), null, 2));

function ratioOf(few, many) {
  const times = (of) => round(of(many) / of(few), 2);
  return {
    ratio: `${many.tiles}:${few.tiles} tiles`,
    frameP95: times(({ frameMs }) => frameMs.p95),
    mainThreadBusy: times(({ mainThreadBusy }) => mainThreadBusy),
    glassP95: times(({ glassMs }) => glassMs.p95),
    coresOfAll: times(({ coresOfAll }) => coresOfAll),
  };
}

/** The demo in grey, one buffer for each picture. */
function demoPictures() {
  const filter = `fps=${fps},scale=${width}:${height},format=gray`;
  const demo = path.join(root, 'streams/demo.mp4');
  const command = ['-v', 'error', '-i', demo, '-t', '20', '-vf', filter, '-f', 'rawvideo', 'pipe:1'];
  const { stdout, status } = spawnSync(ffmpeg, command, {
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('the demo cannot be decoded');
  const bytes = width * height;
  return Array.from({ length: Math.floor(stdout.length / bytes) }, (_, n) =>
    stdout.subarray(n * bytes, (n + 1) * bytes),
  );
}

/** One encoder whose pictures show the time in ms since 1970 (its lower 32 bits), as MPEG-TS over HTTP for any number of readers. */
async function openClock() {
  const readers = new Set();
  const listener = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp2t' });
    readers.add(response);
    response.once('close', () => readers.delete(response));
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', values.size, '-r', `${fps}`];
  // By the clock: a machine that is busy makes fewer pictures, not a slower time.
  const timed = ['-use_wallclock_as_timestamps', '1', '-i', 'pipe:0', '-vsync', 'passthrough'];
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-g',
    `${fps}`,
    '-b:v',
    '800k',
  ];
  const out = [
    '-enc_time_base',
    '1:90000',
    '-pix_fmt',
    'yuv420p',
    '-f',
    'mpegts',
    '-flush_packets',
    '1',
    '-muxdelay',
    '0',
    'pipe:1',
  ];
  const encoder = spawn(ffmpeg, ['-v', 'error', '-probesize', '32', ...raw, ...timed, ...codec, ...out], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  encoder.stdout.on('data', (bytes) => readers.forEach((reader) => reader.write(bytes)));
  encoder.stdin.on('error', () => undefined);
  let count = 0;
  const picture = Buffer.alloc(width * height);
  const timer = setInterval(() => {
    draw(picture, Date.now() >>> 0, count++);
    encoder.stdin.write(Buffer.from(picture));
  }, 1000 / fps);
  return {
    url: `http://127.0.0.1:${listener.address().port}/clock.ts`,
    async close() {
      clearInterval(timer);
      encoder.kill('SIGKILL');
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** The bits as fields along the picture's upper quarter, below it the demo, or a moving pattern as a street has one. */
function draw(picture, time, count) {
  for (let x = 0; x < width; x++) {
    const bit = Math.min(BITS - 1, Math.floor((x * BITS) / width));
    picture[x] = (time >>> bit) & 1 ? 235 : 16;
  }
  const top = Math.floor(height / 4);
  for (let y = 1; y < top; y++) picture.copy(picture, y * width, 0, width);
  const street = streets[count % streets.length];
  if (street !== undefined) {
    street.copy(picture, top * width, top * width);
    return;
  }
  for (let y = top; y < height; y++)
    for (let x = 0; x < width; x++) picture[y * width + x] = 60 + (((x + 4 * count) >> 4) ^ (y >> 4)) * 4;
}

/** As many cameras as tiles, all of the one source. */
function camerasOf(tiles, source) {
  const analysed = values.boxes ? 'fps: 2, width: 320' : 'fps: 0.1, width: 64';
  const line = (n) =>
    `  cam${n}: { source: "${source}?${n}", analyse: { ${analysed}, follow: false, snapshots: false, light: "off" } }\n`;
  return Array.from({ length: tiles }, (_, n) => line(n)).join('');
}

async function measure(browser, url, tiles) {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  const liveNow = () => page.evaluate("document.querySelectorAll('.stage[data-live=true]').length");
  const deadlineMs = performance.now() + READY_LIMIT_MS;
  while ((await liveNow()) < tiles) {
    if (performance.now() > deadlineMs) throw new Error(`${await liveNow()} of ${tiles} pictures are live`);
    await pause(250);
  }
  await pause(WARM_UP_MS);
  const load = os.loadavg()[0];
  const cdp = await context.newCDPSession(page);
  const frames = await traced(cdp, page, seconds * 1000);
  const glass = await page.evaluate(readClocks, { bits: BITS, forMs: seconds * 1000 });
  const minutes = Number(values['memory-min']);
  return {
    tiles,
    picture: `${values.size} at ${fps} fps`,
    tilePx: await page.evaluate("document.querySelector('.tile').clientWidth"),
    machine: { cores: os.availableParallelism(), loadBefore: round(load, 1) },
    frameMs: quantiles(frames.workMs),
    framesPerSecond: round(frames.workMs.length / frames.seconds, 1),
    mainThreadBusy: round(frames.busyMs / (frames.seconds * 1000), 3),
    longTasks: frames.longTasks,
    glassMs: quantiles(glass.delaysMs),
    picturesRead: glass.delaysMs.length,
    shownFps: round(glass.shown / glass.seconds / tiles, 1),
    ...(values.boxes && { picturesWithBoxes: round(glass.boxed / glass.shown, 3) }),
    coresOfAll: round(frames.cores, 2),
    ...(minutes > 0 && { memory: await memoryOver(cdp, minutes) }),
  };
}

/** Runs in the page: of each tile one picture in eight is read in the moment in which it is presented. */
async function readClocks({ bits, forMs }) {
  const delaysMs = [];
  let [shown, boxed] = [0, 0];
  const fieldPx = 4;
  const strip = new globalThis.OffscreenCanvas(bits * fieldPx, 1).getContext('2d', {
    willReadFrequently: true,
  });
  const timeIn = (video) => {
    const { videoWidth, videoHeight } = video;
    strip.drawImage(video, 0, Math.round(videoHeight / 8), videoWidth, 1, 0, 0, bits * fieldPx, 1);
    const { data } = strip.getImageData(0, 0, bits * fieldPx, 1);
    let time = 0;
    for (let bit = 0; bit < bits; bit++) if (data[4 * (bit + 0.5) * fieldPx] > 125) time += 2 ** bit;
    return time;
  };
  const tiles = [...globalThis.document.querySelectorAll('.tile')];
  const startMs = performance.now();
  await Promise.all(
    tiles.map((tile) => {
      const video = tile.querySelector('video');
      return new Promise((resolve) => {
        let count = 0;
        const onPicture = () => {
          if (performance.now() > startMs + forMs) return resolve();
          video.requestVideoFrameCallback(onPicture);
          shown++;
          if (globalThis.__sightlineOf(tile.dataset.camera)?.choice?.objects.length > 0) boxed++;
          // Reading pixels costs more than showing them: one picture in eight is enough.
          if (count++ % 8 !== 0) return;
          const delayMs = ((Date.now() >>> 0) - timeIn(video) + 2 ** 32) % 2 ** 32;
          // Fields between two values while the encoder is short of bits: no clock is wrong by a minute.
          if (delayMs < 60_000) delaysMs.push(delayMs);
        };
        video.requestVideoFrameCallback(onPicture);
      });
    }),
  );
  return { delaysMs, shown, boxed, seconds: (performance.now() - startMs) / 1000 };
}

/** What the main thread of the page did: per frame, in all, and how often for longer than 50 ms. */
async function traced(cdp, page, forMs) {
  await page.evaluate('(function beat() { requestAnimationFrame(beat); })()');
  const events = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
    },
  });
  const [startMs, cpuBefore] = [performance.now(), cpuSeconds(process.pid)];
  await pause(forMs);
  const measuredS = (performance.now() - startMs) / 1000;
  const cores = (cpuSeconds(process.pid) - cpuBefore) / measuredS;
  const ended = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await ended;
  const beats = events.filter(({ name }) => name === 'FireAnimationFrame');
  const { pid, tid } = beats[0];
  const mine = (event) => event.pid === pid && event.tid === tid;
  const tasks = events.filter((event) => event.name === 'RunTask' && event.dur > 0 && mine(event));
  tasks.sort((a, b) => a.ts - b.ts);
  const starts = [...new Set(beats.filter(mine).map(({ ts }) => ts))].sort((a, b) => a - b);
  const workMs = [];
  let at = 0;
  for (let n = 1; n < starts.length; n++) {
    let us = 0;
    for (; at < tasks.length && tasks[at].ts < starts[n]; at++)
      if (tasks[at].ts >= starts[n - 1]) us += tasks[at].dur;
    workMs.push(us / 1000);
  }
  return {
    ...{ workMs, cores },
    seconds: measuredS,
    busyMs: tasks.reduce((sum, { dur }) => sum + dur / 1000, 0),
    longTasks: tasks.filter(({ dur }) => dur > 50_000).length,
  };
}

async function memoryOver(cdp, minutes) {
  const samples = [];
  for (let minute = 0; minute <= minutes; minute++) {
    if (minute > 0) await pause(60_000);
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    samples.push({ minute, heapMiB: round(usedSize / 2 ** 20, 1), browserMiB: round(pssOfChromium(), 0) });
  }
  return samples;
}

function pssOfChromium() {
  let kib = 0;
  for (const { pid } of descendants(process.pid).filter(({ name }) => name.startsWith('chrom')))
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // gone meanwhile
    }
  return kib / 1024;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0, 1);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
