import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hasProcessTable } from '../support/process-table.js';

const ROUNDS = 20;

(hasProcessTable ? describe : describe.skip)('a server under kill -9 (needs /proc)', () => {
  it(`loses and repeats no message, leaves no hole and no process, over ${ROUNDS} rounds`, async () => {
    // How long it takes to be ready is measured by npm run test:kill, alone on the machine.
    const args = [path.resolve('test/kill/kill-rounds.mjs'), '--rounds', String(ROUNDS), '--ready-ms', '60000']; // prettier-ignore
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [status] = (await once(child, 'close')) as [number];
    expect([output, status]).toEqual([
      expect.stringContaining(`${ROUNDS} kills: 0 lost, 0 repeated, 0 holes`),
      0,
    ]);
  }, 600_000);
});
