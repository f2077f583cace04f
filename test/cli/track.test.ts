import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sharedDir } from '../support/shared-data.js';
import { runCli } from './run-cli.js';

const motDir = path.join(sharedDir, 'data/mot');
const describeWithData = existsSync(motDir) ? describe : describe.skip;

let folder = '';
const file = (name: string) => path.join(folder, name);
const track = (detections: string, out: string, ...more: string[]) =>
  runCli(['track', '--detections', detections, '--size', '640x480', '--fps', '25', '--mot', out, ...more]);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'track-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('sightline track', () => {
  /** Someone who walks to the right from frame `first` on. */
  const walk = (first: number, last: number, score = 0.9) =>
    Array.from({ length: last - first + 1 }, (_, i) => `${first + i},-1,${100 + 2 * i},100,40,100,${score}`);

  it('writes a track from its first detection on, and none that is not confirmed', async () => {
    writeFileSync(file('walk.txt'), [...walk(1, 10), '4,-1,500,100,40,100,0.9'].join('\n'));
    const { status, stdout } = await track(file('walk.txt'), file('out.txt'), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 10, tracks: 1 });
    const lines = readFileSync(file('out.txt'), 'utf8').trim().split('\n');
    expect(lines.map((line) => line.split(',').slice(0, 2).join(' '))).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i + 1} 1`),
    );
    expect(lines[9]).toMatch(/^10,1,11[78](\.\d+)?,100,40,100,0.9,-1,-1$/);
  });

  it('starts no track below --score-min, and takes detections without a score for sure', async () => {
    writeFileSync(file('weak.txt'), walk(1, 10, 0.4).join('\n'));
    expect((await track(file('weak.txt'), file('out.txt'))).stdout).toMatch(/tracks +0\n/);
    expect((await track(file('weak.txt'), file('out.txt'), '--score-min', '0.3')).stdout).toMatch(
      /tracks +1\n/,
    );
    writeFileSync(file('unscored.txt'), walk(1, 10, -1).join('\n'));
    expect((await track(file('unscored.txt'), file('out.txt'))).stdout).toMatch(/tracks +1\n/);
  });

  it('does not count through a gap of a million frames', async () => {
    writeFileSync(file('gap.txt'), [...walk(1, 10), ...walk(1_000_001, 1_000_010)].join('\n'));
    const { stdout } = await track(file('gap.txt'), file('out.txt'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ frames: 145, tracks: 2 });
  });

  it('writes an empty file for an empty one', async () => {
    writeFileSync(file('empty.txt'), '');
    expect((await track(file('empty.txt'), file('out.txt'))).status).toBe(0);
    expect(readFileSync(file('out.txt'), 'utf8')).toBe('');
  });

  it('says in one line what cannot be read or written', async () => {
    writeFileSync(file('bad.txt'), 'frame,id\n');
    const bad = await track(file('bad.txt'), file('out.txt'));
    expect([bad.status, bad.stderr]).toEqual([1, expect.stringMatching(/bad\.txt: line 1 is "frame,id"/)]);
    const lost = await track(file('empty.txt'), file('no/such/folder.txt'));
    expect([lost.status, lost.stderr]).toEqual([1, expect.stringMatching(/cannot write --mot/)]);
    expect((await track(file('absent.txt'), file('out.txt'))).status).toBe(1);
  });
});

describe('sightline evaluate tracks', () => {
  const line = (frame: number, id: number) => `${frame},${id},100,100,40,100,1,-1,-1,-1`;

  beforeAll(() => {
    mkdirSync(file('truth/a/gt'), { recursive: true });
    mkdirSync(file('truth/b'), { recursive: true });
    mkdirSync(file('found'));
    writeFileSync(file('truth/a/gt/gt.txt'), [1, 2, 3, 4].map((frame) => line(frame, 1)).join('\n'));
    writeFileSync(file('truth/b/gt.txt'), [1, 2, 3, 4].map((frame) => line(frame, 1)).join('\n'));
    writeFileSync(file('truth/c.txt'), line(1, 1));
    writeFileSync(file('found/a.txt'), [1, 2, 3, 4].map((frame) => line(frame, 7)).join('\n'));
    writeFileSync(file('found/b.txt'), [1, 2].map((frame) => line(frame, 7)).join('\n'));
  });

  it('compares folders sequence by sequence, and all as one', async () => {
    const argv = ['evaluate', 'tracks', '--truth', file('truth'), '--tracks', file('found')];
    const { status, stdout } = await runCli([...argv, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      sequences: [
        { name: 'a', hota: 1, idf1: 1 },
        { name: 'b', missed: 2 },
      ],
      combined: { boxes: 8, missed: 2, wrong: 0, idr: 0.75 },
      notes: ['sequences without tracks, left out: c'],
    });
    expect((await runCli(argv)).stdout).toMatch(/^note: sequences without tracks, left out: c$/m);
  });

  it('takes several pairs of files', async () => {
    const { stdout } = await runCli(['evaluate', 'tracks', '--truth', file('truth/a/gt/gt.txt'), file('truth/b/gt.txt'), '--tracks', file('found/a.txt'), file('found/b.txt')]); // prettier-ignore
    expect(stdout).toMatch(/^sequence +HOTA/);
    expect(stdout).toMatch(/^a +1\.000 +1\.000/m);
    expect(stdout).toMatch(/^\(all\) +2 +8 +2 +0 +0/m);
  });

  it('refuses pairs that are none, and folders without a common sequence', async () => {
    const unequal = await runCli(['evaluate', 'tracks', '--truth', file('truth/b/gt.txt'), file('truth/c.txt'), '--tracks', file('found/b.txt')]); // prettier-ignore
    expect([unequal.status, unequal.stderr]).toEqual([
      1,
      expect.stringMatching(/2 files of labels and 1 of tracks/),
    ]);
    const apart = await runCli(['evaluate', 'tracks', '--truth', file('found'), '--tracks', file('truth/a')]);
    expect([apart.status, apart.stderr]).toEqual([
      1,
      expect.stringMatching(/tracks of none of the sequences/),
    ]);
  });
});

describeWithData('the tracker on public detections', () => {
  /** The best of sixteen trackers at their defaults (`bench/peers/compare_trackers.py`): HOTA and IDF1 by sequence. */
  const BEST_PEERS = {
    'PETS09-S2L1': { size: '768x576', fps: 10, suffix: '_768x576', hota: 0.378, idf1: 0.495 },
    'TUD-Campus': { size: '640x480', fps: 25, suffix: '', hota: 0.534, idf1: 0.745 },
    'TUD-Stadtmitte': { size: '640x480', fps: 25, suffix: '', hota: 0.549, idf1: 0.8 },
  };

  it('has more HOTA and IDF1, averaged over sequences, than the best peer of each', async () => {
    let [hota, idf1] = [0, 0];
    for (const [name, peer] of Object.entries(BEST_PEERS)) {
      const [detections, truth] = [`det${peer.suffix}.txt`, `gt${peer.suffix}.txt`].map((one) =>
        path.join(motDir, name, one),
      );
      const out = file(`${name}.txt`);
      await runCli(['track', '--detections', detections!, '--size', peer.size, '--fps', String(peer.fps), '--mot', out]); // prettier-ignore
      const { stdout } = await runCli(['evaluate', 'tracks', '--truth', truth!, '--tracks', out, '--json']);
      const { combined } = JSON.parse(stdout) as { combined: { hota: number; idf1: number } };
      hota += (combined.hota - peer.hota) / 3;
      idf1 += (combined.idf1 - peer.idf1) / 3;
    }
    expect(hota).toBeGreaterThan(0.03);
    expect(idf1).toBeGreaterThan(0.03);
  });
});
