// Pictures in worse light than they were taken in, and what the default detector finds in them; for the benches of light.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { silentLog } from '../../dist/base/index.js';
import { planAnalysis } from '../../dist/engine/index.js';
import { i420Bytes, LightMeter, LightNormaliser, Relighter, rgbToI420 } from '../../dist/frames/index.js';
import { Detector } from '../../dist/inference/detector.js';
import { ensureDefaultDetector } from '../../dist/inference/index.js';
import { loadModel } from '../../dist/inference/load-model.js';

const LONG_SIDE_PX = 512;
/** Score from which on something is found. */
export const SURE = 0.4;

const each = (tone) => (share) => tone(share);
const light = (factor) => each((share) => share * factor ** (1 / 2.2));
const cast = (gains) => (share, colour) => share * gains[colour];
/** Ways in which a picture gets worse: of shares 0..1 of red, green and blue; `noise` is a standard deviation in levels, of the sensor. */
export const DEGRADED = {
  'dark 1/4 of the light': { tone: light(1 / 4), noise: 1.5 },
  'dark 1/16': { tone: light(1 / 16), noise: 2.5 },
  'dark 1/64': { tone: light(1 / 64), noise: 2.5, isStrong: true },
  'dark 1/256': { tone: light(1 / 256), noise: 2.5, isStrong: true },
  'over-exposed 2': { tone: light(2) },
  'over-exposed 4': { tone: light(4) },
  'over-exposed 8': { tone: light(8), isStrong: true },
  'cast orange': { tone: cast([1.25, 0.9, 0.45]) },
  'cast sodium': { tone: cast([1.2, 0.75, 0.15]), isStrong: true },
  'cast blue': { tone: cast([0.4, 0.75, 1.3]) },
  'gamma 2': { tone: each((share) => share ** 2) },
  'gamma 3.5': { tone: each((share) => share ** 3.5), isStrong: true },
  'gamma 0.5': { tone: each((share) => share ** 0.5) },
  'gamma 0.25': { tone: each((share) => share ** 0.25), isStrong: true },
  'haze 1/2': { tone: each((share) => share * 0.5 + 0.4) },
  'haze 1/5': { tone: each((share) => share * 0.2 + 0.6), noise: 1, isStrong: true },
};

/** The same noise for everyone: 64 Ki numbers of a normal distribution. */
export const NOISE = (() => {
  let seed = 7;
  const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  return Float32Array.from(
    { length: 1 << 16 },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
})();

const relighter = new Relighter();
const loaded = await loadModel(await ensureDefaultDetector({ log: silentLog }));
const detector = await Detector.open(new Uint8Array(new Uint8Array(loaded.bytes)), loaded.description, {
  provider: 'cpu',
  isRequired: true,
});

/** Every n-th picture of a file, RGB, at the size in which they are analysed, and that plan. */
export function picturesOf(file, { every = 1, limit = 1000 } = {}) {
  const probed = spawnSync('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', file], { encoding: 'utf8' }); // prettier-ignore
  const [sourceWidthPx, sourceHeightPx] = probed.stdout.trim().split(',').map(Number);
  const source = { widthPx: sourceWidthPx, heightPx: sourceHeightPx };
  const plan = planAnalysis(source, LONG_SIDE_PX, loaded.description.input);
  const { widthPx, heightPx } = plan.frame;
  const filter = `select='not(mod(n,${every}))',scale=${widthPx}:${heightPx}:flags=bicubic,format=rgb24`;
  const { stdout, status } = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-vf', filter, '-fps_mode', 'passthrough', '-frames:v', String(limit), '-f', 'rawvideo', '-'], { maxBuffer: 2 ** 31 - 1 }); // prettier-ignore
  if (status !== 0) throw new Error(`FFmpeg failed on ${file}`);
  const bytes = widthPx * heightPx * 3;
  const pictures = Array.from({ length: Math.floor(stdout.length / bytes) }, (_, i) =>
    stdout.subarray(i * bytes, (i + 1) * bytes),
  );
  return { plan, pictures };
}

/** An RGB picture in worse light, as I420. */
export function degraded(rgb, plan, { tone, noise = 0 } = {}) {
  const worse = Buffer.from(rgb);
  if (tone !== undefined) {
    const levels = [0, 1, 2].map((colour) =>
      Float32Array.from({ length: 256 }, (_, level) => 255 * tone(level / 255, colour)),
    );
    let at = (rgb[1000] * 251) & 0xffff;
    for (let i = 0; i < worse.length; i++) {
      at = (at + 1) & 0xffff;
      worse[i] = Math.max(0, Math.min(255, Math.round(levels[i % 3][rgb[i]] + NOISE[at] * noise)));
    }
  }
  const planes = Buffer.alloc(i420Bytes(plan.frame));
  rgbToI420(worse, plan.frame, planes);
  return planes;
}

/** A picture in another light; the one given stays as it is. */
export function relit(picture, { frame }, relighting) {
  const copy = Buffer.from(picture);
  relighter.apply(copy, { input: frame, frame, padX: 0, padY: 0 }, relighting);
  return copy;
}

/** Pictures shown by a method, those of a stream one after the other; of single pictures nothing is smoothed. */
export function shown(method, plan, pictures, isStream) {
  if (method === 'raw') return pictures;
  const meter = new LightMeter(plan.frame);
  let normaliser = new LightNormaliser(plan.frame, method);
  return pictures.map((picture, i) => {
    if (!isStream) normaliser = new LightNormaliser(plan.frame, method);
    const curves = new Uint8Array(normaliser.curveBytes);
    return relit(picture, plan, normaliser.plan(picture, meter.measure(picture), i * 1000, curves));
  });
}

/** What the default detector finds in a picture, in pixels of its source. */
export async function detect(plan, picture) {
  const memory = new SharedArrayBuffer(picture.length);
  new Uint8Array(memory).set(picture);
  const options = { scoreMin: 0.05, iouMax: 0.6, countMax: 100 };
  const job = { memory, byteOffset: 0, frame: plan.frame, placed: plan.placed, options };
  return (await detector.detect(job)).detections;
}
