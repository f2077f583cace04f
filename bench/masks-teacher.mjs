// DeepLab v3 on MobileNetV2 (VOC's 21 classes), asked about one object at a time as in training/masks/teacher.py.
import * as ort from 'onnxruntime-node';
import { Cropper, i420Bytes, meanColour } from '../dist/frames/index.js';
import { decodeMask, letterbox, pasteMask } from '../dist/geometry/index.js';

const SIDE_PX = 257;
const CLASSES = 21;
/** Side of the square that it sees, in longer sides of the box. */
const CONTEXT = 1.5;
/** It knows no trucks, and calls them cars, buses or trains. */
const VOC = {
  person: [15],
  bicycle: [2],
  car: [7, 6],
  motorcycle: [14],
  bus: [6, 7],
  train: [19, 6],
  truck: [7, 6, 19],
};

/** Opens it; what comes back gives the pixels of an object, 1 within it, in the source's size. */
export async function openTeacher(file) {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const cropper = new Cropper();
  const planes = new Float32Array(3 * SIDE_PX * SIDE_PX);
  return async ({ memory, byteOffset, frame, source }, box, label) => {
    const side = CONTEXT * Math.max(box[2] - box[0], box[3] - box[1]);
    const [x, y] = [(box[0] + box[2] - side) / 2, (box[1] + box[3] - side) / 2];
    const over = [x, y, x + side, y + side];
    const [kx, ky] = [frame.widthPx / source.widthPx, frame.heightPx / source.heightPx];
    const picture = new Uint8Array(memory, byteOffset, i420Bytes(frame));
    cropper.crop(
      picture,
      frame,
      [over[0] * kx, over[1] * ky, over[2] * kx, over[3] * ky],
      meanColour(picture, frame),
      {
        data: planes,
        offset: 0,
        widthPx: SIDE_PX,
        heightPx: SIDE_PX,
        order: 'rgb',
      },
    );
    const values = new Float32Array(SIDE_PX * SIDE_PX);
    // Seen twice, once in a mirror, it errs less.
    for (const isMirrored of [false, true]) {
      const logits = await look(session, planes, isMirrored);
      for (let at = 0; at < values.length; at++) {
        const column = at % SIDE_PX;
        const to = isMirrored ? at - column + SIDE_PX - 1 - column : at;
        values[to] += likelihood(logits.subarray(at * CLASSES, (at + 1) * CLASSES), VOC[label]) / 2;
      }
    }
    const grid = { values, columns: SIDE_PX, rows: SIDE_PX, over, threshold: 0.5 };
    return decodeMask(pasteMask(grid, box, letterbox(source, source, source)));
  };
}

async function look(session, planes, isMirrored) {
  const input = new Float32Array(planes.length);
  const plane = SIDE_PX * SIDE_PX;
  for (let at = 0; at < plane; at++) {
    const column = at % SIDE_PX;
    const from = isMirrored ? at - column + SIDE_PX - 1 - column : at;
    for (let colour = 0; colour < 3; colour++)
      input[3 * at + colour] = planes[colour * plane + from] / 127.5 - 1;
  }
  const tensor = new ort.Tensor('float32', input, [1, SIDE_PX, SIDE_PX, 3]);
  const outputs = await session.run({ [session.inputNames[0]]: tensor });
  return outputs[session.outputNames[0]].data;
}

function likelihood(logits, classes) {
  const highest = Math.max(...logits);
  let [wanted, all] = [0, 0];
  logits.forEach((logit, at) => {
    const e = Math.exp(logit - highest);
    all += e;
    if (classes.includes(at)) wanted += e;
  });
  return wanted / all;
}
