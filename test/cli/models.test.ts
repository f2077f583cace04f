import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MODEL_TASKS } from '../../src/catalogue/index.js';
import { runCli } from './run-cli.js';

let folder: string;
let env: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-models-'));
  // Nothing listens there, so that a test can never reach beyond this machine.
  env = { SIGHTLINE_CACHE_DIR: folder, SIGHTLINE_MODEL_MIRROR: 'http://127.0.0.1:9' };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('sightline models list', () => {
  it('groups models by task, the permissive ones first, and marks what is here', async () => {
    const { status, stdout, stderr } = await runCli(['models', 'list'], env);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^This machine is a (small-cpu|vnni-cpu|gpu): \d+ cores?/);
    expect(stdout).toMatch(/^\*? +centernet-coco +MIT .* built in$/m);
    expect(stdout).toMatch(/^\*? +yolox-nano +Apache-2\.0 +0\.258 +416×416 +1\.08 +3\.7 +no$/m);
    const detectors = stdout.slice(stdout.indexOf('\ndetect\n'), stdout.indexOf('\nscene\n')).trim();
    expect(detectors.split('\n').at(-1)).toContain('AGPL-3.0');
  });

  it('knows every task, and lists one alone as JSON', async () => {
    for (const task of MODEL_TASKS) {
      const { status, stdout } = await runCli(['models', 'list', '--task', task, '--json'], env);
      const report = JSON.parse(stdout) as { models: { task: string; presence: string }[] };
      expect(status).toBe(0);
      expect(new Set(report.models.map((model) => model.task))).toEqual(new Set([task]));
    }
    expect((await runCli(['models', 'list', '--task', 'cook'], env)).status).toBe(2);
  });
});

describe('sightline models info', () => {
  it('tells licence, accuracy with its source, files and hashes', async () => {
    const { status, stdout } = await runCli(['models', 'info', 'yolo11n'], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^licence +AGPL-3\.0: binds .* --accept-licence AGPL-3\.0$/m);
    expect(stdout).toMatch(/^COCO AP +0\.395 \(Ultralytics documentation\)$/m);
    expect(stdout).toMatch(/^ +SHA-256 [0-9a-f]{64}$/m);
  });

  it('tells where the default detector is made from', async () => {
    const { stdout } = await runCli(['models', 'info', 'centernet-coco'], env);
    expect(stdout).toMatch(/^made from +npm package @vladmandic\/human/m);
  });

  it('tells the same as JSON', async () => {
    const { stdout } = await runCli(['models', 'info', 'nanotrack-v3', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'nanotrack-v3',
      presence: 'no',
      files: [{ role: 'backbone', located: { state: 'absent' } }, { role: 'head' }],
    });
  });

  it('names the nearest model for one that is not there, with status 1', async () => {
    const { status, stderr } = await runCli(['models', 'info', 'yolox-nan'], env);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^sightline: yolox-nan: .*did you mean yolox-nano\?.*\n$/);
  });
});

describe('sightline models pull', () => {
  it('says in one line what failed and what to do by hand, and shows no bar off a terminal', async () => {
    const { status, stdout, stderr } = await runCli(['models', 'pull', 'yolox-nano'], env);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^sightline: yolox-nano: yolox_nano\.onnx could not be fetched .*\n$/);
    expect(stderr).toContain('c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d');
  });

  it('asks for the licence to be named first', async () => {
    const { status, stderr } = await runCli(['models', 'pull', 'yolo11n'], env);
    expect(status).toBe(1);
    expect(stderr).toContain('sightline models pull yolo11n --accept-licence AGPL-3.0');
    const accepted = await runCli(['models', 'pull', '--accept-licence', 'AGPL-3.0', 'yolo11n'], env);
    expect(accepted.stderr).toContain('could not be fetched');
  });

  it('fetches nothing when one of the names is wrong', async () => {
    const { status, stderr } = await runCli(['models', 'pull', 'yolox-nano', 'yolox-nan'], env);
    expect(status).toBe(1);
    expect(stderr).toContain('did you mean yolox-nano?');
  });

  it('makes the default detector, and finds it the next time', async () => {
    expect((await runCli(['models', 'pull', 'centernet-coco'], env)).stdout).toMatch(
      /^centernet-coco +model +new /,
    );
    expect((await runCli(['models', 'pull', 'centernet-coco'], env)).stdout).toMatch(
      /^centernet-coco +model +was here /,
    );
  });
});
