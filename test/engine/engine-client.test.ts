import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock } from '../../src/base/index.js';
import { EngineClient, type EngineCamera, type Observation } from '../../src/engine/index.js';
import { ensureDefaultDetector } from '../../src/inference/index.js';
import { findFfmpeg, type Ffmpeg } from '../../src/media/index.js';
import { spoilt, withExternalData, withFunctions } from '../models/hostile-models.js';
import { tinyModel } from '../models/tiny-model.js';
import { fragmentClip, type FragmentedClip } from '../support/fragments.js';
import { childrenOf, hasProcessTable, isAlive } from '../support/process-table.js';
import { waitFor } from '../support/wait-for.js';

const DEMO = 'streams/demo.mp4';
const camera = (id: string, model = 'default', fps = 5): EngineCamera => ({
  id,
  model,
  fps,
  longSidePx: 256,
  labels: [],
  heads: [],
  detectEvery: 1,
  follow: false,
  light: 'off',
  snapshots: true,
  run: 'x',
  hidden: [],
  scoreMin: 0.4,
});
const cpu = { provider: 'cpu', isRequired: false } as const;

/** The default detector on the demo clip, fed in real time over and over, as control feeds a camera. */
describe('EngineClient', () => {
  let ffmpeg: Ffmpeg;
  let folder: string;
  let modelPath: string;
  let clip: FragmentedClip;
  let client: EngineClient | undefined;
  const feeders: NodeJS.Timeout[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sightline-engine-'));
    ffmpeg = await findFfmpeg();
    modelPath = await ensureDefaultDetector({ log: silentLog, onProgress: () => undefined });
    clip = await fragmentClip(ffmpeg.path, DEMO);
  }, 60_000);
  afterEach(async () => {
    for (const feeder of feeders.splice(0)) clearInterval(feeder);
    await client?.close();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    if (hasProcessTable) expect(childrenOf(process.pid).map(({ name }) => name)).not.toContain('ffmpeg');
  });

  function open(options: { modelPath?: string } = {}) {
    const observations: (Observation & { atMs: number })[] = [];
    const setup = { ffmpeg, workers: 1 };
    const opened = new EngineClient({
      setup: () => Promise.resolve(setup),
      clock: systemClock,
      log: silentLog,
    });
    opened.on('observation', (observation) =>
      observations.push({ ...observation, atMs: systemClock.monotonicMs() }),
    );
    client = opened;
    opened.setModel({ id: 'default', source: { path: options.modelPath ?? modelPath }, plan: cpu });
    opened.start();
    return { opened, observations };
  }

  function feed(target: EngineClient, id: string, model = 'default', fps = 5): void {
    target.setCamera(camera(id, model, fps));
    target.startStream(id, { epoch: 1, widthPx: 640, heightPx: 360, initSegment: clip.initSegment });
    let next = 0;
    const feeder = setInterval(() => {
      const { bytes, ptsTicks, isKeyframe } = clip.fragments[next++ % 450]!;
      const arrivedMs = systemClock.monotonicMs();
      target.write(id, { epoch: 1, bytes, ptsTicks, isKeyframe, arrivedMs, capturedAtMs: Date.now() });
    }, 1000 / 15);
    feeders.push(feeder);
  }

  it('reports tracked people and vehicles of the demo with times in order, and its counts', async () => {
    const { opened, observations } = open();
    const counted: number[] = [];
    opened.on('counts', (counts) => counted.push(counts.plaza?.decoded ?? 0));
    feed(opened, 'plaza');
    const found = await waitFor(
      () =>
        observations.find(({ objects }) => objects.filter(({ state }) => state === 'tracked').length >= 2),
      { timeoutMs: 20_000, what: 'two tracked objects' },
    );
    expect(opened.status).toEqual({ state: 'ready', restarts: 0 });
    expect(opened.models.get('default')).toMatchObject({ state: 'ready', provider: 'cpu', fallbacks: [] });
    expect(found).toMatchObject({
      camera: 'plaza',
      epoch: 1,
      widthPx: 640,
      heightPx: 360,
      provider: 'cpu',
      model: expect.stringMatching(/^centernet-coco@sha256:/),
    });
    expect(found.objects.map(({ label }) => label)).toEqual(expect.arrayContaining(['person']));
    const times = observations.map(({ ptsMs }) => ptsMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    await waitFor(() => counted.reduce((sum, n) => sum + n, 0) > 5, {
      timeoutMs: 5000,
      what: 'decoded frames counted',
    });
  });

  (hasProcessTable ? it : it.skip).each([
    ['dies of a segmentation fault', 'SIGSEGV', 4000],
    ['is killed', 'SIGKILL', 4000],
    ['hangs', 'SIGSTOP', 9000],
  ] as const)('has another engine inferring soon when it %s (%s)', async (_, signal, limitMs) => {
    const { opened, observations } = open();
    feed(opened, 'plaza');
    await waitFor(() => observations.length > 0, { timeoutMs: 20_000, what: 'the first observation' });
    const firstPid = opened.pid!;
    const hitMs = systemClock.monotonicMs();
    // The guard execs the engine, so that the pid is the engine's own.
    process.kill(firstPid, signal);
    const again = await waitFor(
      () =>
        observations.find(
          ({ atMs }) => atMs > hitMs && opened.pid !== firstPid && opened.status.state === 'ready',
        ),
      { timeoutMs: 15_000, what: 'an observation by the new engine' },
    );
    expect(again.atMs - hitMs).toBeLessThan(limitMs);
    expect(opened.status.restarts).toBe(1);
    expect(isAlive(firstPid)).toBe(false);
  });

  it('says why a file that is not a model cannot be used, and goes on without it', async () => {
    const { opened, observations } = open({ modelPath: 'package.json' });
    feed(opened, 'blind');
    const failed = await waitFor(
      () => {
        const state = opened.models.get('default');
        return state?.state === 'failed' ? state : undefined;
      },
      { timeoutMs: 15_000, what: 'the failure' },
    );
    expect(failed).toMatchObject({ isOldInUse: false, error: { code: 'model/invalid' } });
    expect(failed.error.message).toMatch(/package\.json/);
    expect(opened.status).toEqual({ state: 'ready', restarts: 0 });
    expect(observations).toEqual([]);
  });

  it('says of each bad model what is wrong, and its process goes on', async () => {
    const { opened } = open();
    const bad: readonly (readonly [string, Uint8Array, string])[] = [
      ['truncated', readFileSync(modelPath).subarray(0, 4_000_000), 'model/invalid'],
      ['huge', new Uint8Array(), 'model/too-large'],
      ['opset', spoilt((model) => (model.opsetImport[0]!.version = 99n)), 'model/opset'],
      ['none', tinyModel({}), 'model/shape'],
      ['external', withExternalData(), 'model/external-data-forbidden'],
      ['circle', withFunctions({ f: ['f'] }), 'model/invalid'],
    ];
    const { pid } = await waitFor(() => (opened.status.state === 'ready' ? { pid: opened.pid } : undefined), {
      timeoutMs: 15_000,
      what: 'the engine',
    });
    for (const [id, bytes] of bad) {
      const file = path.join(folder, `${id}.onnx`);
      writeFileSync(file, bytes);
      if (id === 'huge') truncateSync(file, 2 ** 31);
      opened.setModel({ id, source: { path: file }, plan: cpu });
    }
    for (const [id, , code] of bad) {
      const failed = await waitFor(
        () => {
          const state = opened.models.get(id);
          return state?.state === 'failed' ? state : undefined;
        },
        { timeoutMs: 15_000, what: `the refusal of ${id}` },
      );
      expect([id, failed.error.code]).toEqual([id, code]);
      expect(failed.error.message).toContain(`${id}.onnx`);
      expect(failed.error.message).not.toContain('\n');
    }
    expect([opened.pid, opened.status]).toEqual([pid, { state: 'ready', restarts: 0 }]);
  });

  it('swaps the model of one camera, loses no picture of another, and keeps the old one when the new is none', async () => {
    const { opened, observations } = open();
    const other = path.join(folder, 'other.onnx');
    // Another file with the same weights: its hash differs, so that it is told apart.
    writeFileSync(other, Buffer.concat([readFileSync(modelPath), Buffer.from([0x32, 0x01, 0x78])]));
    opened.setModel({ id: 'second', source: { path: modelPath }, plan: cpu });
    feed(opened, 'steady', 'default', 2);
    feed(opened, 'swapped', 'second');
    const seenBy = (id: string) => observations.filter((seen) => seen.camera === id);
    await waitFor(() => seenBy('steady').length > 4 && seenBy('swapped').length > 4, {
      timeoutMs: 20_000,
      what: 'both cameras',
    });
    const versions = () => new Set(seenBy('swapped').map(({ model }) => model));
    const resets: string[] = [];
    opened.on('tracks-reset', (id) => resets.push(id));
    const dropped = new Set<string>();
    opened.on('counts', ({ steady }) => {
      for (const [reason, count] of Object.entries(steady?.dropped ?? {})) if (count > 0) dropped.add(reason);
    });
    opened.setModel({ id: 'second', source: { path: other }, plan: cpu });
    await waitFor(() => versions().size === 2, { timeoutMs: 20_000, what: 'pictures by the new model' });
    opened.setModel({ id: 'second', source: { path: 'package.json' }, plan: cpu });
    await waitFor(() => opened.models.get('second')?.state === 'failed', {
      timeoutMs: 20_000,
      what: 'the refusal',
    });
    expect(opened.models.get('second')).toMatchObject({ isOldInUse: true });
    const count = seenBy('swapped').length;
    await waitFor(() => seenBy('swapped').length > count + 3, {
      timeoutMs: 20_000,
      what: 'the old model at work',
    });
    expect(versions().size).toBe(2);
    expect(resets).toEqual(['swapped']);
    // A picture is wanted each half second. On a busy machine one may be late or give way to the next; none is lost
    // otherwise, and the stream of results has no hole of the size of a restart.
    const times = seenBy('steady').map(({ ptsMs }) => ptsMs);
    const gapsMs = times.slice(1).map((ptsMs, at) => ptsMs - times[at]!);
    expect(Math.min(...gapsMs)).toBeGreaterThan(0);
    expect(Math.max(...gapsMs)).toBeLessThan(3000);
    dropped.delete('replaced');
    expect([...dropped]).toEqual([]);
  });

  it('closes while it starts, twice, and leaves no process', async () => {
    const { opened } = open();
    await waitFor(() => opened.pid !== undefined, { timeoutMs: 5000, what: 'the process' });
    const { pid } = opened;
    await Promise.all([opened.close(), opened.close()]);
    expect(isAlive(pid!)).toBe(false);
    expect(opened.status.state).toBe('stopped');
  });
});
