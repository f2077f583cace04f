import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { WebSocket } from 'ws';
import type { CameraView, ServerMessage } from '../../src/server/protocol.js';
import { childrenOf, hasProcessTable, isAlive } from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';
import { CliProcess } from './run-cli.js';

const CAMERAS = 4;
const CLIENTS = 50;
const describeWithProcessTable = hasProcessTable ? describe : describe.skip;

describeWithProcessTable(`a server of ${CAMERAS} recorded cameras and ${CLIENTS} clients`, () => {
  let dir: string;
  let cli: CliProcess;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'sightline-stop-'));
    const clip = path.resolve('streams/demo.mp4');
    const camera = (at: number) => `  c${at}: { source: ${clip}, analyse: { fps: 60 }, record: { mode: continuous, segmentSeconds: 5 } }\n`; // prettier-ignore
    await writeFile(path.join(dir, 'sightline.yaml'), `data: { dir: data }\nrecording: { reserveGb: 0 }\ncameras:\n${[1, 2, 3, 4].map(camera).join('')}`); // prettier-ignore
    cli = new CliProcess(['serve', '--port', '0'], { cwd: dir, env: {} });
  });
  afterAll(async () => {
    if (cli.child.exitCode === null) cli.child.kill('SIGKILL');
    await cli.ended;
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });

  it('F56: ends with status 0 within 5 s of SIGTERM, tells its clients, ends its recordings and children, and has kept what it told', async () => {
    const url = await waitFor(() => /listening on (\S+)/.exec(cli.stdout)?.[1], { timeoutMs: 60_000, what: 'the server' }); // prettier-ignore
    const told: number[] = [];
    const codes: number[] = [];
    const clients = Array.from({ length: CLIENTS }, (_, at) => {
      const client = new WebSocket(new URL('/api/v1/stream', url.replace('http', 'ws')), 'sightline.v1');
      client.on('open', () => client.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['camera', 'track', 'frame'], since: 0 }))); // prettier-ignore
      client.on('close', (code) => codes.push(code));
      if (at === 0)
        client.on('message', (data: Buffer) => {
          const message = JSON.parse(data.toString()) as ServerMessage;
          if ('seq' in message) told.push(message.seq);
        });
      return client;
    });
    await waitFor(
      async () => {
        const { cameras } = (await (await fetch(new URL('/api/v1/cameras', url))).json()) as { cameras: CameraView[] }; // prettier-ignore
        return told.length > 10 && cameras.length === CAMERAS && cameras.every(({ state, recording }) => state === 'live' && recording?.state === 'recording'); // prettier-ignore
      },
      { timeoutMs: 90_000, what: 'four cameras that are recorded, and tracks' },
    );
    const children = childrenOf(cli.child.pid!).map(({ pid }) => pid);
    expect(children.length).toBeGreaterThan(CAMERAS);

    const signalledMs = performance.now();
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toEqual({ status: 0, signal: null });
    expect(performance.now() - signalledMs).toBeLessThan(5500);
    await waitFor(() => codes.length === clients.length, {
      timeoutMs: 5000,
      what: 'all clients to be closed',
    });
    expect(new Set(codes)).toEqual(new Set([1001]));
    await waitFor(() => !children.some(isAlive), { timeoutMs: 5000, what: 'its children to be gone' });

    const database = new Database(path.join(dir, 'data', 'sightline.db'));
    const kept = database.prepare('SELECT seq FROM journal ORDER BY seq').all([]) as { seq: number }[];
    database.close();
    const numbers = new Set(kept.map(({ seq }) => seq));
    expect(told.filter((seq) => !numbers.has(seq))).toEqual([]);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, at) => at + 1));
    const recordings = path.join(dir, 'data', 'recordings');
    expect(existsSync(recordings)).toBe(true);
    const files = await readdir(recordings, { recursive: true });
    expect(files.filter((name) => name.endsWith('.mp4')).length).toBeGreaterThanOrEqual(CAMERAS);
    expect(files.filter((name) => name.endsWith('.part'))).toEqual([]);
  }, 240_000);
});
