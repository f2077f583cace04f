import { execFileSync } from 'node:child_process';
import { analysisSize, letterbox, type Size } from '../../src/geometry/index.js';
import type { DetectJob } from '../../src/inference/index.js';

/** Loose options: everything that a detector sees at all. */
const LOOSE = { scoreMin: 0.05, iouMax: 0.6, countMax: 100 };

/** A job on a plain grey picture. */
export function greyJob(frame: Size = { widthPx: 320, heightPx: 192 }): DetectJob {
  const memory = new SharedArrayBuffer((frame.widthPx * frame.heightPx * 3) / 2);
  new Uint8Array(memory).fill(128);
  return { memory, byteOffset: 0, frame, placed: letterbox(frame, frame, frame), options: LOOSE };
}

/** A job on an image file, scaled by FFmpeg as the engine's decoder scales. */
export function imageJob(file: string, source: Size, longSidePx = 512): DetectJob {
  const { frame, input } = analysisSize(source, longSidePx, 32);
  const scale = `scale=${frame.widthPx}:${frame.heightPx}:flags=bilinear:out_color_matrix=bt601:out_range=tv,format=yuv420p`;
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-vf', scale, '-f', 'rawvideo', '-'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const memory = new SharedArrayBuffer(raw.length);
  new Uint8Array(memory).set(raw);
  return { memory, byteOffset: 0, frame, placed: letterbox(source, frame, input), options: LOOSE };
}
