// Pictures as a network for dark pictures shows them (SCI, TBEFN and the like: RGB in shares of 1, planes of one fixed size), for the benches of light.
import { Buffer } from 'node:buffer';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { i420Bytes, rgbOf, rgbToI420 } from '../../dist/frames/index.js';

/** A network by its file: its name, and `show(planes, plan)` of I420 in its size, which resolves with the I420 of the same size. */
export async function enhancement(file) {
  const session = await ort.InferenceSession.create(file);
  const [{ name, shape }] = session.inputMetadata;
  const [output] = session.outputMetadata;
  const [heightPx, widthPx] = shape.slice(2);
  const pixels = widthPx * heightPx;
  // Some answer pixel by pixel, which their shape says.
  const isPixelwise = output.shape.at(-1) === 3;

  async function show(planes, { frame }) {
    const rgb = rgbOf({ i420: planes, size: frame });
    const scaled = await sharp(rgb, { raw: { width: frame.widthPx, height: frame.heightPx, channels: 3 } })
      .resize(widthPx, heightPx, { fit: 'fill' })
      .raw()
      .toBuffer();
    const input = new Float32Array(3 * pixels);
    for (let at = 0; at < scaled.length; at++)
      input[(at % 3) * pixels + Math.floor(at / 3)] = scaled[at] / 255;
    const answer = (await session.run({ [name]: new ort.Tensor('float32', input, shape) }))[output.name];
    const light = Buffer.alloc(scaled.length);
    for (let at = 0; at < light.length; at++) {
      const share = answer.data[isPixelwise ? at : (at % 3) * pixels + Math.floor(at / 3)];
      light[at] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
    const shown = await sharp(light, { raw: { width: widthPx, height: heightPx, channels: 3 } })
      .resize(frame.widthPx, frame.heightPx, { fit: 'fill' })
      .raw()
      .toBuffer();
    const copy = Buffer.alloc(i420Bytes(frame));
    rgbToI420(shown, frame, copy);
    return copy;
  }

  /** Processor time of the network alone, ms: the median of nine runs. */
  async function costMs() {
    const feeds = { [name]: new ort.Tensor('float32', new Float32Array(3 * pixels).fill(0.1), shape) };
    await session.run(feeds);
    const spent = [];
    for (let run = 0; run < 9; run++) {
      const before = process.cpuUsage();
      await session.run(feeds);
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    return spent.sort((a, b) => a - b)[4];
  }
  return { name: path.basename(file, '.onnx').split('_')[0], show, costMs };
}
