// What privacy masks cost: one camera of 1080p at 15 pictures a second through the very FFmpeg that takes cameras' streams in, copied, encoded
// anew, and with a slanted four-sided mask of each kind. Prints seconds of processor time per second of video as a Markdown table.
//
//   node bench/privacy.mjs [--seconds 20] [--rounds 2]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../dist/media/index.js';
import { FORMATS } from '../dist/media/input-format.js';
import { remuxArguments } from '../dist/media/remux-command.js';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, rounds: { type: 'string', default: '2' } },
});
const seconds = Number(values.seconds);
const polygon = [[0.1, 0.2], [0.5, 0.1], [0.45, 0.7], [0.15, 0.6]]; // prettier-ignore
const mask = (fill) => ({ transcode: false, privacy: [{ polygon, fill }] });
const VARIANTS = {
  copied: { transcode: false },
  'encoded anew': { transcode: true },
  black: mask('black'),
  pixelate: mask('pixelate'),
  blur: mask('blur'),
};

/** Of a file, but not held to its own pace. */
const FORMAT = { ...FORMATS.file, isPaced: false };
const ffmpeg = await findFfmpeg({ env: process.env });
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sightline-bench-'));
const clip = path.join(dir, 'clip.mp4');

/** User and system time of a program and its children, s. */
function processorSeconds(command, args) {
  const script = '"$@" >/dev/null 2>&1 || exit 1; times';
  const { status, stdout } = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('FFmpeg failed');
  // The second line is the children's.
  return [...stdout.split('\n')[1].matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * m + Number(s),
    0,
  );
}

try {
  // The demo, enlarged and in a loop: real content, and more than the wall clock's worth for every encoder.
  const demo = fileURLToPath(new URL('../streams/demo.mp4', import.meta.url));
  spawnSync(ffmpeg.path, ['-v', 'error', '-stream_loop', '-1', '-i', demo, '-t', values.seconds, '-vf', 'scale=1920:1080,fps=15', '-c:v', 'libx264', '-preset', 'veryfast', clip]); // prettier-ignore
  console.log(
    `| | ${Array.from({ length: Number(values.rounds) }, (_, i) => `round ${i + 1}`).join(' | ')} |`,
  );
  console.log(`|---|${'---|'.repeat(Number(values.rounds))}`);
  const found = Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, variant] of Object.entries(VARIANTS)) {
      const source = { kind: 'file', path: clip };
      const args = remuxArguments(ffmpeg, { source, format: FORMAT, loop: false, ...variant });
      found[name].push((processorSeconds(ffmpeg.path, args) / seconds).toFixed(3));
    }
  for (const [name, figures] of Object.entries(found)) console.log(`| ${name} | ${figures.join(' | ')} |`);
} finally {
  fs.rmSync(dir, { recursive: true, force: true });
}
