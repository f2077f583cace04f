import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CliProcess } from '../cli/run-cli.js';
import { freePort } from '../support/free-port.js';
import { waitFor } from '../support/wait-for.js';
import { Broker, hasMosquitto, listen } from './broker.js';

const describeWithMosquitto = hasMosquitto ? describe : describe.skip;

let dir: string;
let url: string;
let broker: Broker;
let server: CliProcess;
const clients: { endAsync(force: boolean): Promise<void> }[] = [];

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-last-will-'));
  const port = await freePort('tcp');
  url = `mqtt://127.0.0.1:${port}`;
  broker = new Broker(dir, port);
  await broker.start();
  writeFileSync(
    path.join(dir, 'sightline.yaml'),
    `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\n` +
      `cameras: { gate: { source: /nowhere.mp4, enabled: false } }\nmqtt: { url: "${url}" }\n`,
  );
  server = new CliProcess(['serve'], { cwd: dir, env: {} });
});
afterEach(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  for (const client of clients.splice(0)) await client.endAsync(true);
  await broker.kill();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

async function hear() {
  const { client, heard } = await listen(url);
  clients.push(client);
  return () => heard.flatMap(([topic, text]) => (topic === 'sightline/status' ? [text] : []));
}

describeWithMosquitto('a server at a broker', () => {
  it('is said to be offline when it is killed, also to those who ask later', async () => {
    const heard = await hear();
    const until = (text: string) =>
      waitFor(() => heard().at(-1) === text, { timeoutMs: 60_000, what: () => `${text}: ${server.stderr}` });
    await until('online');
    server.child.kill('SIGKILL');
    expect(await server.ended).toEqual({ status: null, signal: 'SIGKILL' });
    await until('offline');
    const later = await hear();
    await waitFor(() => later().length > 0, { timeoutMs: 10_000, what: 'what the broker keeps' });
    expect(later()).toEqual(['offline']);
  }, 120_000);
});
