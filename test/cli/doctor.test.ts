import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasPostgres, PostgresServer } from '../support/postgres.js';
import { runCliProcess } from './run-cli.js';

interface Report {
  readonly node: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly ffmpeg: {
    path: string;
    version: string;
    origin: string;
    hardwareDecoders: string[];
    error?: unknown;
  };
  readonly onnxruntime: { version: string; providers: { name: string; isAuto: boolean; reason?: string }[] };
  readonly stream?: { codec?: string; widthPx?: number; heightPx?: number; error?: { code: string } };
}

describe('sightline doctor', () => {
  it('tells what the machine can do', async () => {
    const { status, stdout } = await runCliProcess(['doctor', '--json']);
    const report = JSON.parse(stdout) as Report;
    expect(status).toBe(0);
    expect(report.node).toBe(process.version);
    expect(report.cores).toBeGreaterThan(0);
    expect(report.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(['system', 'bundled']).toContain(report.ffmpeg.origin);
    expect(report.ffmpeg.version).not.toBe('');
    expect(report.ffmpeg.hardwareDecoders.every((name) => /^\w+$/.test(name))).toBe(true);
    expect(report.onnxruntime.providers).toContainEqual({ name: 'cpu', isAuto: true });
  });

  it('prints aligned columns for people', async () => {
    const { status, stdout } = await runCliProcess(['doctor']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ffmpeg {2,}\S+ \((system|bundled)\) \S+$/m);
    expect(stdout).toMatch(/^onnxruntime {2,}\d+\.\d+\.\d+$/m);
    expect(stdout).toContain('sightline bench');
    const starts = stdout
      .trim()
      .split('\n')
      .map((line) => /^(\S.*?)? {2,}(?=\S)/.exec(line)?.[0].length);
    expect(new Set(starts).size).toBe(1);
  });

  it('tries each execution provider, and says why one cannot be used', async () => {
    const { stdout } = await runCliProcess(['doctor', '--json']);
    const { providers } = (JSON.parse(stdout) as Report).onnxruntime;
    expect(providers.map(({ name }) => name).sort()).toEqual(
      ['coreml', 'cpu', 'cuda', 'dml', 'tensorrt', 'webgpu'].sort(),
    );
    const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
    expect(providers.find(({ name }) => name === absent)?.reason).toMatch(/only$/);
    const text = (await runCliProcess(['doctor'])).stdout;
    expect(text).toMatch(new RegExp(`^ +${absent}: cannot be used: there is \\w+ on \\w+ only$`, 'm'));
    expect(text).toMatch(/: works, and is what auto takes$/m);
  });

  it('tells what a video is', async () => {
    const { status, stdout } = await runCliProcess(['doctor', 'streams/demo.mp4', '--json']);
    expect(status).toBe(0);
    const { stream } = JSON.parse(stdout) as Report;
    expect(stream?.codec).toMatch(/h264/);
    expect(stream?.widthPx).toBeGreaterThanOrEqual(640);
  });

  it('tells what is wrong with a file that is no video, with status 1', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'sightline-doctor-'));
    const file = path.join(dir, 'notes.mp4');
    await writeFile(file, 'this is no video');
    const { status, stdout, stderr } = await runCliProcess(['doctor', file]);
    await rm(dir, { recursive: true });
    expect(status).toBe(1);
    expect(stdout).toContain('PROBLEM');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('notes.mp4');
  });

  it('shows no password of the URL that it cannot reach', async () => {
    // A port that was free a moment ago, so that nobody answers.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const url = `rtsp://viewer:c4nary-doctor@127.0.0.1:${port}/live`;
    for (const flags of [[], ['--json']]) {
      const { status, stdout, stderr } = await runCliProcess(['doctor', url, ...flags]);
      expect(status).toBe(1);
      expect(stdout + stderr).not.toContain('c4nary-doctor');
      expect(stderr).toContain(`127.0.0.1:${port}`);
    }
  });

  it('names the FFmpeg that it could not use, and why', async () => {
    const { stdout } = await runCliProcess(['doctor', '--ffmpeg-path', 'package.json']);
    expect(stdout).toMatch(/passed over: configured FFmpeg package\.json/);
  });
});

(hasPostgres ? describe : describe.skip)('sightline doctor with a database', () => {
  it('tells its version, the time of a commit and whether it has pgvector, and what is wrong when it is away', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'sightline-doctor-'));
    const server = await PostgresServer.start();
    try {
      const file = path.join(dir, 'sightline.yaml');
      await writeFile(file, `cameras: {}\ndata: { postgres: "${await server.createDatabase()}" }\n`);
      const { status, stdout } = await runCliProcess(['doctor', '--json', '--config', file]);
      expect([status, JSON.parse(stdout)]).toMatchObject([
        0,
        { database: { version: expect.stringMatching(/^\d+\./), usesVectors: false, isDurable: true } },
      ]);
      expect((JSON.parse(stdout) as { database: { commitMs: number } }).database.commitMs).toBeGreaterThan(0);
      await server.kill();
      const away = await runCliProcess(['doctor', '--config', file]);
      expect(away.status).toBe(1);
      expect(away.stdout).toMatch(
        /database +PROBLEM: the database of data.postgres is away \(connect ECONNREFUSED/,
      );
      expect(away.stdout + away.stderr).not.toContain('not-a-secret');
    } finally {
      server.stop();
      await rm(dir, { recursive: true, force: true });
    }
  }, 90_000);
});
