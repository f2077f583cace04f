import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../src/cli/index.js';
import type { Readiness, RecordingPage } from '../../src/server/protocol.js';
import { CliProcess } from '../cli/run-cli.js';
import { Broker, hasMosquitto, listen } from '../mqtt/broker.js';
import { freePort } from '../support/free-port.js';
import { hasPostgres, PostgresServer, queryOnce } from '../support/postgres.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const describeWhole = hasPostgres && hasMosquitto && existsSync(demo) ? describe : describe.skip;

describeWhole('a server over PostgreSQL', () => {
  let database: PostgresServer;
  let databaseUrl: string;
  let broker: Broker;
  let brokerPort: number;
  let listener: Awaited<ReturnType<typeof listen>> | undefined;
  let receiver: Server;
  let dir: string;
  let server: CliProcess | undefined;
  const posted: { seq: number; type: string }[] = [];

  beforeAll(async () => (database = await PostgresServer.start()), 60_000);
  afterAll(() => database.stop());
  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-on-postgres-'));
    databaseUrl = await database.createDatabase();
    brokerPort = await freePort('tcp');
    broker = new Broker(dir, brokerPort);
    await broker.start();
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes: Buffer) => (body += bytes.toString()));
      request.on('end', () => {
        posted.push(JSON.parse(body) as (typeof posted)[number]);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server?.child.kill();
    await server?.ended;
    await listener?.client.endAsync(true);
    receiver.close();
    await broker.kill();
    await rm(dir, { recursive: true, force: true });
  });

  const config = () => path.join(dir, 'sightline.yaml');
  const env = () => ({ DATABASE_URL: databaseUrl, HOOK_SECRET: 'long-enough-to-be-a-secret' });
  async function writeConfig(): Promise<void> {
    await writeFile(
      config(),
      `server: { port: 0 }
engine: { workers: 1 }
data: { dir: data, postgres: "\${DATABASE_URL}" }
webhooks: { all: { url: "http://127.0.0.1:${(receiver.address() as AddressInfo).port}/", secret: "\${HOOK_SECRET}", topics: [event, track] } }
mqtt: { url: "mqtt://127.0.0.1:${brokerPort}" }
cameras:
  demo:
    source: ${demo}
    analyse: { width: 320, fps: 5 }
    record: { mode: continuous, segmentSeconds: 5 }
    zones: { street: { polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], by: box, share: 0.2 } }
    rules: [{ name: someone, type: inside, zone: street }]
`,
    );
  }
  async function start(): Promise<string> {
    server = new CliProcess(['serve', '--config', config()], { cwd: dir, env: env() });
    return waitFor(() => /http:\/\/\S+/.exec(server!.stdout)?.[0], {
      timeoutMs: 60_000,
      what: () => `the server: ${server!.stdout}${server!.stderr}`,
    });
  }
  async function cli(argv: string[], typed = ''): Promise<string> {
    let output = '';
    const status = await main([...argv, '--config', config()], {
      env: env(),
      stdout: { write: (text) => (output += text) },
      stderr: { write: (text) => (output += text) },
      stdin: Readable.from([typed]),
    });
    expect([status, output]).toEqual([0, output]);
    return output;
  }

  it('does all that one does without: events, history, pictures, outlets, recordings, accounts, and outlives an outage', async () => {
    await writeConfig();
    const base = await start();
    listener = await listen(`mqtt://127.0.0.1:${brokerPort}`);
    let headers: Record<string, string> = {};
    const get = async <T>(route: string) => {
      const response = await fetch(new URL(route, base), { headers });
      return { status: response.status, body: (await response.json()) as T };
    };
    const until = (condition: () => unknown, what: string) =>
      waitFor(condition as () => boolean, {
        timeoutMs: 60_000,
        what: () => `${what}: ${server!.stderr.slice(-2000)}`,
      });
    type Events = { events: { event: { id: string } }[] };
    type Tracks = { tracks: { id: string; endedAt?: string }[] };

    await until(
      async () => (await get<Events>('/api/v1/events?type=inside&camera=demo')).body.events.length > 0,
      'an event',
    );
    const { events } = (await get<Events>('/api/v1/events?type=inside&camera=demo')).body;
    const eventRoute = `/api/v1/events/${events[0]!.event.id}`;
    expect((await get(eventRoute)).status).toBe(200);
    expect((await get<Events>('/api/v1/events?camera=elsewhere')).body.events).toEqual([]);
    await until(
      async () => (await get<Tracks>('/api/v1/tracks')).body.tracks.some(({ endedAt }) => endedAt),
      'a track that ended',
    );
    await until(
      () => listener!.heard.some(([topic]) => topic === 'sightline/demo/event'),
      'the event over MQTT',
    );
    await until(() => posted.some(({ type }) => type === 'event.started'), 'the webhook');
    const sinceMs = new Date(Date.now() - 600_000).toISOString();
    const recordings = `/api/v1/recordings?camera=demo&from=${sinceMs}&to=${new Date(Date.now() + 600_000).toISOString()}`;
    const indexed = async () => (await queryOnce(databaseUrl, 'SELECT count(*)::int AS n FROM segments')).rows[0] as { n: number }; // prettier-ignore
    await until(async () => (await indexed()).n > 0, 'a recorded file in the index');
    expect((await get<RecordingPage>(recordings)).body.recordings.length).toBeGreaterThan(0);
    const picture = async () =>
      (await fetch(new URL(`${eventRoute}/snapshot.jpg`, base), { headers })).status;
    await until(async () => (await picture()) === 200, 'the picture of an event');

    // Through the running server, whose configuration says where it is.
    await cli(['user', 'add', 'ada', '--role', 'admin'], 'lamp otter quartz seven\n');
    const secret = /sl_\S+|[\w-]{30,}/.exec(await cli(['token', 'create', 'all', '--role', 'admin']))![0];
    expect((await get('/api/v1/events')).status).toBe(401);
    headers = { authorization: `Bearer ${secret}` };
    const audit = await get<{ entries: { what: string }[] }>('/api/v1/audit');
    expect(JSON.stringify(audit.body)).toContain('ada');
    expect(await get('/api/v1/audit/check')).toMatchObject({ status: 200 });

    const readiness = async () => (await get<Readiness>('/readyz')).body;
    await database.kill();
    await until(async () => !(await readiness()).ready, 'the server to miss its database');
    expect((await readiness()).reasons.join()).toContain(
      'the database of data.postgres cannot be written to',
    );
    expect((await get('/api/v1/events')).status).toBe(503);
    const before = posted.length;
    await database.launch();
    await until(async () => (await readiness()).ready, 'the server to be ready again');
    await until(() => posted.length > before, 'what happened since');
    const numbers = await queryOnce(databaseUrl, 'SELECT count(*)::int AS n, max(seq)::int - min(seq)::int + 1 AS span FROM journal'); // prettier-ignore
    const { n, span } = numbers.rows[0] as { n: number; span: number };
    expect(n).toBe(span);
    server!.child.kill();
    expect(await server!.ended).toMatchObject({ status: 0 });
    // None runs: on the database itself.
    expect(await cli(['user', 'list'])).toContain('ada');
    expect(await cli(['token', 'list'])).toContain('all');
    expect(server!.stdout + server!.stderr).not.toContain('not-a-secret');
  }, 240_000);
});
