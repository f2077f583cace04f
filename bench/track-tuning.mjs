// What each parameter of the tracker is worth: HOTA and IDF1, means over sequences, as it is and with 30 % less and more.
// Prints a Markdown table.
//
//   node bench/track-tuning.mjs --mot DIR [--score-min 0.7] [--share 0.3]
//
// DIR holds PETS09-S2L1, TUD-Campus and TUD-Stadtmitte, with the public detections and labels of MOT15.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { trackRows } from '../dist/cli/track.js';
import { countTracks, readMotRows, trackMetrics } from '../dist/evaluation/index.js';
import { DEFAULT_TUNING } from '../dist/tracking/tuning.js';

const { values } = parseArgs({
  options: {
    mot: { type: 'string' },
    'score-min': { type: 'string', default: '0.7' },
    share: { type: 'string', default: '0.3' },
  },
});
if (!values.mot) throw new Error('give --mot');
const share = Number(values.share);

const SEQUENCES = [
  { name: 'PETS09-S2L1', det: 'det_768x576.txt', gt: 'gt_768x576.txt', size: [768, 576], fps: 10 },
  { name: 'TUD-Campus', det: 'det.txt', gt: 'gt.txt', size: [640, 480], fps: 25 },
  { name: 'TUD-Stadtmitte', det: 'det.txt', gt: 'gt.txt', size: [640, 480], fps: 25 },
].map(({ name, det, gt, size: [widthPx, heightPx], fps }) => {
  const rows = (file) => readMotRows(fs.readFileSync(path.join(values.mot, name, file), 'utf8'));
  return { detections: rows(det), truth: rows(gt), size: { widthPx, heightPx }, fps };
});

function measure(tuning, scoreMin = Number(values['score-min'])) {
  const figures = SEQUENCES.map(({ detections, truth, size, fps }) => {
    const { tracks } = trackRows(detections, { fps, size, scoreMin, tuning });
    return trackMetrics([countTracks(truth, readMotRows(tracks.lines().join('\n')))]);
  });
  const mean = (key) => figures.reduce((sum, one) => sum + one[key], 0) / figures.length;
  return [mean('hota'), mean('idf1')].map((value) => value.toFixed(3)).join(', ');
}

console.log(`As it is: ${measure({})}\n`);
console.log(`| parameter | ${share * 100} % less | ${share * 100} % more |\n|---|---|---|`);
for (const [name, value] of Object.entries(DEFAULT_TUNING)) {
  const at = (factor) => {
    const changed = value * factor;
    return measure({ [name]: Number.isInteger(value) && value < 10 ? Math.round(changed) : changed });
  };
  console.log(`| \`${name}\` | ${at(1 - share)} | ${at(1 + share)} |`);
}
console.log(`| \`--score-min\` 0.6, 0.8 | ${measure({}, 0.6)} | ${measure({}, 0.8)} |`);
