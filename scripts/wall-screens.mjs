// Writes docs/screens/wall-{light,dark,phone}.png: the live wall with the demo clip as several cameras, one of which is down.
// Needs Chromium (CHROMIUM_PATH, or Debian's): npm run build && node scripts/wall-screens.mjs
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
const PATIENCE_MS = 240_000;
/** All pictures are live, there is something on them, and the page has heard that the engine is there. */
const IS_SHOWN =
  "document.querySelectorAll('.stage[data-live=true]').length === 3 && ['entrance', 'gate', 'plaza'].every((id) => window.__sightlineOf(id)?.choice?.objects.length > 1) && !document.body.innerText.includes('No analysis')";
const SCREENS = [
  ['light', { viewport: { width: 1280, height: 760 }, colorScheme: 'light' }],
  ['dark', { viewport: { width: 1280, height: 760 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true }],
];

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-screens-'));
const clip = path.join(root, 'streams/demo.mp4');
const analyse = 'fps: 3, width: 384';
const cameras = ['entrance', 'gate', 'plaza']
  .map((id) => `  ${id}: { source: "${clip}", analyse: { ${analyse} } }\n`)
  .join('');
// Nobody listens on port 9.
const down = '  loading-bay: { source: "rtsp://127.0.0.1:9/stream1" }\n';
fs.writeFileSync(
  path.join(dir, 'sightline.yaml'),
  `server: { port: 0 }\ndata: { dir: data }\ncameras:\n${cameras}${down}`,
);
const command = [path.join(root, 'bin/sightline.mjs'), 'serve', '--config', 'sightline.yaml'];
const server = spawn(process.execPath, command, { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  const url = await listening();
  for (const [name, options] of SCREENS) {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(url);
    await shown(page, name);
    let picture = await page.screenshot();
    // What was on the pictures may have been gone when they were taken.
    while (!(await page.evaluate(IS_SHOWN))) {
      await shown(page, name);
      picture = await page.screenshot();
    }
    const file = path.join(root, `docs/screens/wall-${name}.png`);
    await sharp(picture).png({ palette: true, colours: 128, effort: 10 }).toFile(file);
    await page.context().close();
  }
} finally {
  await browser.close();
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  fs.rmSync(dir, { recursive: true, force: true });
}

/** Waits; by the debugger: the page's content security policy lets nothing be evaluated in it. */
async function shown(page, name) {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!(await page.evaluate(IS_SHOWN))) {
    if (performance.now() > untilMs) throw new Error(`no boxes on the ${name} page`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function listening() {
  let output = '';
  for await (const chunk of server.stdout) {
    output += chunk;
    const url = /listening on (http:\S+)/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended:\n${output}`);
}
