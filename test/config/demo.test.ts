import { expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoConfig, demoText, loadConfig } from '../../src/config/index.js';

it('the text of the demo, saved where the server was started, is what runs without it', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'sightline-demo-text-'));
  const file = path.join(dir, 'sightline.yaml');
  await writeFile(file, demoText());
  expect(await loadConfig(file, {})).toEqual(demoConfig({}, dir));
  await rm(dir, { recursive: true });
});
