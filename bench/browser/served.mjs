import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');

/** `sightline serve` in a folder of its own, with these lines of cameras, until `close`. */
export async function serve(cameras) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
  fs.writeFileSync(
    path.join(dir, 'sightline.yaml'),
    `server: { port: 0 }\ndata: { dir: data }\ncameras:\n${cameras}`,
  );
  const command = [path.join(root, 'bin/sightline.mjs'), 'serve', '--config', 'sightline.yaml'];
  const child = spawn(process.execPath, command, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  const found = (pattern) => pattern.exec(output)?.[1];
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (found(/listening on (http:\S+)/) !== undefined) resolve();
    });
    child.once('exit', () => reject(new Error(`the server ended:\n${output}`)));
  });
  return {
    url: found(/listening on (http:\S+)/),
    pid: child.pid,
    setupCode: () => found(/setup code (\S+)/),
    async close() {
      child.kill('SIGTERM');
      await ended;
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Sets a served Sightline up for an administrator and a viewer: what stands in their `cookie`. */
export async function adminAndViewer(server) {
  const send = (what, body, cookie) =>
    fetch(new URL(`/api/v1/${what}`, server.url), {
      method: 'POST',
      headers: {
        origin: new URL(server.url).origin,
        'content-type': 'application/json',
        ...(cookie && { cookie }),
      },
      body: JSON.stringify({ password: 'lamp otter quartz seven', ...body }),
    });
  const cookieOf = (response) => response.headers.getSetCookie()[0].split(';')[0];
  const admin = cookieOf(await send('setup', { code: server.setupCode(), name: 'ada' }));
  await send('users', { name: 'vera', role: 'viewer' }, admin);
  return { admin, viewer: cookieOf(await send('login', { name: 'vera' })) };
}

/** Chromium without a screen, drawing in software. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
