// How soon the dashboard can be used: starts `sightline serve` with N cameras that play the demo, opens the wall in headless Chromium with nothing
// cached, and prints one JSON object for each round, then the median and the slowest.
//
//   npm run build && node bench/first-load.mjs [--cameras 4] [--rounds 5]
//
// paintMs: first contentful paint. usableMs: the wall's first picture can be opened by key or click. interactiveMs: the end of the last task of the
// page's main thread above 50 ms within ten seconds of the first paint, or that paint where there is none (Lighthouse's time to interactive, without its
// wait for a quiet network: live pictures never end). From the moment at which the address was given. scriptKb: JavaScript as it went over the wire.
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, serve } from './browser/served.mjs';

const { values } = parseArgs({
  options: { cameras: { type: 'string', default: '4' }, rounds: { type: 'string', default: '5' } },
});
const WATCHED_MS = 10_000;
const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const demo = path.join(root, 'streams/demo.mp4');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const cameras = Array.from({ length: Number(values.cameras) }, (_, n) => `  cam${n}: { source: ${demo} }\n`);
const server = await serve(cameras.join(''));
const rounds = [];
try {
  // The server is at its work before anybody looks.
  await pause(8000);
  for (let round = 0; round < Number(values.rounds); round++) {
    rounds.push(await load(server.url));
    console.log(JSON.stringify(rounds.at(-1)));
  }
} finally {
  await server.close();
}
const at = (pick) =>
  Object.fromEntries(
    Object.keys(rounds[0]).map((key) => [key, pick(rounds.map((one) => one[key]).sort((a, b) => a - b))]),
  );
const [load1] = os.loadavg();
console.log(JSON.stringify({ cores: os.availableParallelism(), load: Math.round(load1 * 10) / 10, median: at((sorted) => sorted[sorted.length >> 1]), slowest: at((sorted) => sorted.at(-1)) }, null, 2)); // prettier-ignore

async function load(url) {
  // A browser of its own each time: nothing is cached, no code compiled before.
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    const scripts = new Set();
    let scriptBytes = 0;
    cdp.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scriptBytes += encodedDataLength;
    });
    await page.addInitScript(() => {
      globalThis.longTasks = [];
      new globalThis.PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
          globalThis.longTasks.push(startTime + duration);
      }).observe({ type: 'longtask', buffered: true });
      const look = () => {
        if (globalThis.document.querySelector('.tile-open') === null) globalThis.requestAnimationFrame(look);
        else globalThis.usableMs = performance.now();
      };
      look();
    });
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => globalThis.usableMs !== undefined);
    const paintMs = await page.evaluate(
      "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()",
    );
    await pause(WATCHED_MS);
    const { usableMs, ends } = await page.evaluate('({ usableMs, ends: longTasks })');
    const within = ends.filter((end) => end <= paintMs + WATCHED_MS);
    const rounded = (ms) => Math.round(ms);
    return {
      paintMs: rounded(paintMs),
      usableMs: rounded(usableMs),
      interactiveMs: rounded(Math.max(paintMs, ...within)),
      longTasks: within.length,
      scriptKb: Math.round(scriptBytes / 100) / 10,
    };
  } finally {
    await browser.close();
  }
}
