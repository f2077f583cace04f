import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it("the client's types are those of the documents of the server", () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/client.mjs', '--check'], { encoding: 'utf8' }); // prettier-ignore
  expect([status, stderr]).toEqual([0, '']);
});
