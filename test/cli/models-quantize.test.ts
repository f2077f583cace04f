import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkModel, recogniseDetector } from '../../src/models/index.js';
import { runCli, runCliProcess } from './run-cli.js';

const CLIP = path.resolve('streams/demo.mp4');

describe('sightline models quantize', () => {
  let dir: string;
  const file = (name: string) => path.join(dir, name);
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'sightline-quantize-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('makes an int8 file of the default detector that is smaller, and finds the same', async () => {
    const argv = [
      '--calibrate',
      CLIP,
      '--frames',
      '2',
      '--width',
      '256',
      '--json',
      '--out',
      file('int8.onnx'),
    ];
    const { status, stdout, stderr } = await runCliProcess(['models', 'quantize', 'default', ...argv]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as {
      timing: Record<string, number>;
      agreement: { f1: number };
      bytes: [number, number];
    };
    expect(report.bytes[1]).toBeLessThan(report.bytes[0] / 2.5);
    expect(report.agreement.f1).toBeGreaterThan(0.5);
    expect(report.timing['ratio']).toBeGreaterThan(0);

    const made = checkModel(await readFile(file('int8.onnx')));
    expect(recogniseDetector(made).family).toBe('centernet');
    expect(made.metadata['sightline.name']).toBe('centernet-coco-int8');
    expect(JSON.parse(made.metadata['sightline.quantised']!)).toMatchObject({
      precision: 'int8',
      pictures: 2,
    });
  }, 60_000);

  it('makes a float16 file of half the size, writes nothing with --dry-run, and says whether it is worth it', async () => {
    const argv = ['--precision', 'fp16', '--calibrate', CLIP, '--frames', '1', '--width', '256'];
    const { status, stdout } = await runCliProcess(['models', 'quantize', 'default', ...argv, '--dry-run']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/MiB +7\.71 +3\.\d\d +[12]\.\d\d times smaller/);
    expect(stdout).toMatch(/^(not )?recommended/m);
    await expect(stat('centernet-coco-fp16.onnx')).rejects.toThrow('ENOENT');
  }, 60_000);

  it('says which footage is not there', async () => {
    const { status, stderr } = await runCli([
      'models',
      'quantize',
      'default',
      '--calibrate',
      file('none.mp4'),
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('none.mp4: no such file or folder');
  });

  it.each([
    ['--method', 'mean'],
    ['--precision', 'int4'],
    ['--weight-bits', '6'],
  ])('refuses %s %s as wrong usage', async (flag, value) => {
    const { status } = await runCli(['models', 'quantize', 'default', '--calibrate', CLIP, flag, value]);
    expect(status).toBe(2);
  });
});
