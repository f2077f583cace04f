import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { countTracks, readMotRows, trackMetrics, type MotRow } from '../../src/evaluation/index.js';
import { sharedDir } from '../support/shared-data.js';

const motDir = path.join(sharedDir, 'data/mot');
const describeWithData = existsSync(motDir) ? describe : describe.skip;
const rows = (file: string) => readMotRows(readFileSync(path.join(motDir, file), 'utf8'));

/** What `python3 bench/peers/score_tracks.py GT.txt example_tracker.txt` printed, with TrackEval 1.3.0. */
const TRACKEVAL = {
  'TUD-Campus': { hota: 0.391397, detA: 0.418047, assA: 0.369121, locA: 0.770052, idf1: 0.557659, idp: 0.72973, idr: 0.451253, mota: 0.526462, motp: 0.722799, idSwitches: 7, fragmentations: 7, mostlyTracked: 1, mostlyLost: 1, missed: 150, wrong: 13 },
  'TUD-Stadtmitte': { hota: 0.397849, detA: 0.392268, assA: 0.408841, locA: 0.737521, idf1: 0.644619, idp: 0.81976, idr: 0.531142, mota: 0.564014, motp: 0.654096, idSwitches: 7, fragmentations: 6, mostlyTracked: 5, mostlyLost: 1, missed: 452, wrong: 45 },
}; // prettier-ignore

const row = (frame: number, id: number, x: number, score = 1): MotRow => ({
  frame,
  id,
  box: [x, 0, x + 10, 20],
  score,
});
const walk = (id: number, frames: readonly number[], x: number) => frames.map((frame) => row(frame, id, x));
const compare = (truth: readonly MotRow[], tracks: readonly MotRow[]) =>
  trackMetrics([countTracks(truth, tracks)]);

describeWithData('the metrics of tracks on real labels', () => {
  it.each(Object.entries(TRACKEVAL))("are TrackEval's for %s, to a thousandth", (sequence, expected) => {
    const metrics = compare(rows(`${sequence}/gt.txt`), rows(`${sequence}/example_tracker.txt`));
    for (const [name, value] of Object.entries(expected))
      expect([name, Math.abs(metrics[name as keyof typeof expected] - value) < 1e-3]).toEqual([name, true]);
  });

  it('are perfect where the labels are the tracks', () => {
    const truth = rows('PETS09-S2L1/gt_768x576.txt');
    const { hota, idf1, mota, mostlyTracked, idSwitches } = compare(truth, truth);
    expect([hota, idf1, mota, mostlyTracked, idSwitches]).toEqual([1, 1, 1, 19, 0]);
  });
});

describe('the metrics of tracks', () => {
  const frames = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

  it('see a change of number as a switch that halves identity, and leaves detection whole', () => {
    const tracks = [...walk(5, frames.slice(0, 5), 0), ...walk(6, frames.slice(5), 0)];
    const metrics = compare(walk(1, frames, 0), tracks);
    expect(metrics).toMatchObject({ idSwitches: 1, fragmentations: 0, idf1: 0.5, detA: 1, assA: 0.5 });
    expect(metrics.mota).toBeCloseTo(0.9);
  });

  it('see a gap as a fragmentation without a switch', () => {
    const truth = [...walk(1, frames, 0), ...walk(2, frames, 100)];
    const tracks = [...walk(5, [1, 2, 3, 6, 7, 8, 9, 10], 0), ...walk(6, frames, 100)];
    expect(compare(truth, tracks)).toMatchObject({
      idSwitches: 0,
      fragmentations: 1,
      missed: 2,
      wrong: 0,
      mostlyTracked: 1,
    });
  });

  it('leave out label lines that do not count, and are 0 where nothing was tracked', () => {
    const truth = [...walk(1, frames, 0), ...frames.map((frame) => row(frame, 2, 50, 0))];
    expect(compare(truth, walk(7, frames, 0))).toMatchObject({ hota: 1, objects: 1, boxes: 10 });
    expect(compare(truth, [])).toMatchObject({ hota: 0, idf1: 0, mota: 0, missed: 10, mostlyLost: 1 });
    expect(compare([], walk(7, frames, 0))).toMatchObject({ hota: 0, idf1: 0, wrong: 10, objects: 0 });
  });

  it('add sequences up box by box, not sequence by sequence', () => {
    const found = countTracks(walk(1, frames, 0), walk(1, frames, 0));
    const missed = countTracks(walk(1, frames, 0), []);
    expect(trackMetrics([found, found, missed])).toMatchObject({ idr: 2 / 3, boxes: 30, objects: 3 });
  });
});

describe('MOTChallenge lines', () => {
  it('may stand in any order, end in any way and lack all after the box', () => {
    expect(readMotRows('2,1,3,4,5,6\r\n\n1, 1, 3, 4, 5, 6, 0.5, -1,-1,-1\n')).toEqual([
      { frame: 2, id: 1, box: [3, 4, 8, 10], score: 1 },
      { frame: 1, id: 1, box: [3, 4, 8, 10], score: 0.5 },
    ]);
  });

  it.each(['1,2,3,4,5', '0,1,3,4,5,6', '1.5,1,3,4,5,6', '1,1,3,4,x,6', 'frame,id,x,y,w,h'])(
    'are refused with their number where they are none: %s',
    (line) => {
      expect(() => readMotRows(`1,1,1,1,1,1\n${line}\n`)).toThrow(/^line 2 is /);
    },
  );

  it('are refused where a track stands twice in a frame', () => {
    expect(() => compare([], [row(3, 8, 0), row(3, 8, 50)])).toThrow(/id 8 stands twice in frame 3/);
  });
});
