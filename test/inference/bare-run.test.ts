import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/base/index.js';
import { ensureDefaultDetector, measureBareRun } from '../../src/inference/index.js';

describe('measureBareRun', () => {
  let cacheDir: string;
  beforeAll(() => {
    cacheDir = mkdtempSync(path.join(tmpdir(), 'sightline-bare-'));
  });
  afterAll(() => rmSync(cacheDir, { recursive: true }));

  it('gives the CPU and wall time of one run, from two sessions at once, CPU no longer than wall', async () => {
    const modelPath = await ensureDefaultDetector({ cacheDir, log: silentLog });
    const input = { widthPx: 320, heightPx: 192 };
    const run = await measureBareRun({ modelPath, input, runs: 10, parallel: 2 });
    expect(run.cpuSeconds).toBeGreaterThan(0.001);
    expect(run.cpuSeconds).toBeLessThan(run.wallSeconds * 1.25);
  });

  it('rejects when the model cannot be opened', async () => {
    const input = { widthPx: 320, heightPx: 192 };
    await expect(
      measureBareRun({ modelPath: path.join(cacheDir, 'none.onnx'), input, runs: 1, parallel: 1 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'inference/bare-run-failed' }));
  });
});
