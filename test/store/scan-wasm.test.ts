import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

it('the WebAssembly of the scan is that of its source', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/wasm.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});
