// Boards pasted over people of a labelled video: whom and when, and the video with them.
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { AROUND } from './kept-numbers.mjs';

/** Of a person's box, what the board is wider and higher on each side. */
const GROWN = 0.25;

// A generator of its own, so that each run has the same boards.
let state = 1;
const random = (below) => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** People and times that do not overlap, so that one video shows many; others at each call. @param truth boxes by picture and id */
export function chooseStretches(truth, length) {
  const lastFrame = Math.max(...truth.keys());
  const all = [];
  for (const id of new Set([...truth.values()].flatMap((boxes) => [...boxes.keys()])))
    for (let first = 1 + AROUND; first + length + AROUND <= lastFrame; first += 5) {
      const frames = Array.from({ length: length + 2 * AROUND }, (_, at) => first - AROUND + at);
      if (frames.every((frame) => truth.get(frame)?.has(id))) all.push({ id, first, length });
    }
  const chosen = [];
  while (all.length > 0) {
    const [one] = all.splice(random(all.length), 1);
    const isFree = chosen.every(({ first }) => Math.abs(first - one.first) >= length + 2 * AROUND);
    if (isFree) chosen.push(one);
  }
  return chosen;
}

/** Size in px and pictures a second. */
export function factsOf(video) {
  const probe = spawnSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height,r_frame_rate', '-of', 'csv=p=0', video], { encoding: 'utf8' }); // prettier-ignore
  const [width, height, rate] = probe.stdout.trim().split(',');
  const [pictures, seconds = 1] = rate.split('/').map(Number);
  return { size: [Number(width), Number(height)], rate, fps: pictures / seconds };
}

/** Writes the video with boards, without further loss that matters. */
export async function pasteBoards({ video, truth, stretches, out }) {
  const { size: [width, height], rate } = factsOf(video); // prettier-ignore
  const size = width * height * 3;
  const decoder = spawn('ffmpeg', ['-v', 'error', '-i', video, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  const encoder = spawn('ffmpeg', ['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', rate, '-i', '-', '-c:v', 'libx264', '-crf', '12', '-pix_fmt', 'yuv420p', out], { stdio: ['pipe', 'inherit', 'inherit'] }); // prettier-ignore
  const closed = once(encoder, 'close');
  let waiting = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of decoder.stdout) {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= size) {
      const picture = Buffer.from(waiting.subarray(0, size));
      waiting = waiting.subarray(size);
      number++;
      for (const { id, first, length } of stretches)
        if (number >= first && number < first + length) paint(picture, truth.get(number).get(id), width, height); // prettier-ignore
      if (!encoder.stdin.write(picture)) await once(encoder.stdin, 'drain');
    }
  }
  encoder.stdin.end();
  await closed;
}

/** A board of planks. */
function paint(picture, [x1, y1, x2, y2], width, height) {
  const [moreX, moreY] = [(x2 - x1) * GROWN, (y2 - y1) * GROWN];
  const [left, right] = [Math.max(0, Math.round(x1 - moreX)), Math.min(width, Math.round(x2 + moreX))];
  const [top, bottom] = [Math.max(0, Math.round(y1 - moreY)), Math.min(height, Math.round(y2 + moreY))];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = 3 * (y * width + x);
      const shade = ((x - left) % 8 === 0 ? -40 : 0) + ((y * 31 + x * 17) % 13);
      picture[at] = 120 + shade;
      picture[at + 1] = 105 + shade;
      picture[at + 2] = 85 + shade;
    }
}
