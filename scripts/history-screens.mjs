// Makes docs/screens/{events,event,search}-{light,dark,phone}.png of a server that watches and records the demo for some minutes:
//   npm run build && node scripts/history-screens.mjs
// Needs Chromium (CHROMIUM_PATH, or /usr/bin/chromium).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const ROOT = path.dirname(import.meta.dirname);
const OUT = path.join(ROOT, 'docs', 'screens');
const EVENTS_WANTED = 40;
const WAIT_MS_MAX = 300_000;
const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
};

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-screens-'));
const config = path.join(dir, 'sightline.yaml');
fs.writeFileSync(
  config,
  `server: { port: 0 }
data: { dir: data }
cameras:
  street:
    source: ${path.join(ROOT, 'streams', 'demo.mp4')}
    analyse: { fps: 5 }
    record: { mode: continuous, segmentSeconds: 20 }
    zones: { crossing: { polygon: [[0, 0.4], [1, 0.4], [1, 1], [0, 1]] } }
    rules:
      - { name: car-on-the-crossing, type: enter, zone: crossing, labels: [car, truck, bus] }
      - { name: somebody-waits, type: loiter, zone: crossing, labels: [person], seconds: 3, severity: warning }
      - { name: crowd, type: crowding, zone: crossing, labels: [person], countMin: 3, seconds: 1, severity: alert }
`,
);
const server = spawn(
  process.execPath,
  [path.join(ROOT, 'bin', 'sightline.mjs'), 'serve', '--config', config],
  {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let browser;
try {
  let output = '';
  server.stdout.on('data', (chunk) => (output += chunk));
  const url = await until(() => /listening on (http:\S+)/.exec(output)?.[1]);
  const get = async (address) => (await fetch(new URL(`/api/v1/${address}`, url))).json();
  const chosen = await until(async () => {
    const { events } = await get('events?limit=200');
    const chosen = events.find(({ event: { startedAt, endedAt, tracks } }) => {
      const [fromMs, toMs] = [Date.parse(startedAt), Date.parse(endedAt ?? startedAt)];
      return tracks.length > 0 && toMs - fromMs > 4000 && Date.now() - toMs > 15_000;
    });
    return events.length >= EVENTS_WANTED ? chosen : undefined;
  });
  const track = await until(async () => {
    for (const { id, endedAt } of (await get('tracks?label=car&limit=50')).tracks)
      if (endedAt !== undefined && (await get(`search/similar?track=${id}`)).similar?.length > 5) return id;
    return undefined;
  });
  const from = new Date(Date.now() - 10 * 60_000).toISOString();
  const pages = {
    events: [`#/events?from=${from}`, '.event img', async () => undefined],
    event: [`#/events/${chosen.event.id}`, '.clip-frame', seekToEvent],
    search: [`#/search?like=${track}`, '.track-grid .track-card img', async () => undefined],
  };
  const cookie = await administrator(url);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  for (const [look, options] of Object.entries(LOOKS))
    for (const [name, [hash, sign, prepare]] of Object.entries(pages)) {
      const page = await browser.newPage(options);
      await page.context().addCookies([{ ...cookie, url }]);
      await page.goto(url + hash);
      await page.locator(sign).first().waitFor();
      await prepare(page);
      await page.waitForLoadState('networkidle');
      const file = path.join(OUT, `${name}-${look}.png`);
      await sharp(await page.screenshot())
        .png({ palette: true, colours: 128 })
        .toFile(file);
      process.stdout.write(`${path.relative(ROOT, file)}: ${Math.round(fs.statSync(file).size / 1000)} kB\n`);
      await page.close();
    }
} finally {
  await browser?.close();
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  fs.rmSync(dir, { recursive: true, force: true });
}

/** What an operator may do is shown, too. */
async function administrator(url) {
  const code = fs.readFileSync(path.join(dir, 'data', 'setup-code'), 'utf8').trim();
  const response = await fetch(new URL('/api/v1/setup', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify({ code, name: 'ada', password: 'lamp otter quartz seven' }),
  });
  const [name, value] = response.headers.getSetCookie()[0].split(';')[0].split('=');
  return { name, value };
}

/** To where its boxes are. */
async function seekToEvent(page) {
  await page.getByLabel('Place in the clip').fill('6000');
  await page.evaluate('document.activeElement.blur()');
  await page.evaluate('new Promise((go) => setTimeout(go, 1500))');
}

async function until(look) {
  const endMs = Date.now() + WAIT_MS_MAX;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (server.exitCode !== null || Date.now() > endMs)
      throw new Error('the server did not get as far as that');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
