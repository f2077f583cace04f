import type * as ort from 'onnxruntime-node';
import { i420Bytes } from '../frames/index.js';
import type { Size } from '../geometry/index.js';
import { openBatch, type DetectorDescription, type OutputTensor, type Tensors } from '../models/index.js';
import { planeTensors } from './picture-planes.js';
import type { ProviderPlan } from './provider.js';
import { openOnProvider, type OpenedSession } from './session.js';

/** Longer side of the trial pictures, at least, where the size is open. */
const TRIAL_SIDE_PX = 256;
/** By how much of an output's largest value the two ways may differ: devices compute in other orders, and in half precision. */
const TOLERANCE = 0.02;
/** Rows sorted by score may change places where scores are all but equal; pictures that get into each other change everything. */
const EQUAL_SHARE = 0.9;

/**
 * Opens a session that takes several pictures in a run, in place of one that takes one at a time, if the model shows that it does with
 * two pictures what it does with each alone.
 *
 * @param single the session that is open already; released when the other is returned
 * @param prepared its model, from `prepareDetector`
 * @returns undefined when the model cannot; `single` then stays in use
 */
export async function openBatched(
  single: OpenedSession,
  prepared: Uint8Array,
  description: DetectorDescription,
  plan: ProviderPlan,
): Promise<OpenedSession | undefined> {
  // TensorRT would build another engine, for minutes, for each number of pictures.
  if (
    description.outputsVary === true ||
    description.input.layout === 'chw' ||
    single.provider === 'tensorrt'
  )
    return undefined;
  const model = openBatch(prepared);
  if (model === undefined) return undefined;
  let batched: ort.InferenceSession | undefined;
  try {
    const required = { ...plan, provider: single.provider, isRequired: true };
    ({ session: batched } = await openOnProvider(model, required));
    if (await isSame(single.session, batched, description)) {
      await single.session.release();
      return { ...single, session: batched };
    }
  } catch {
    // The graph counts on one picture somewhere: the runtime refuses it, or two pictures.
  }
  await batched?.release();
  return undefined;
}

/** Each picture's share of the outputs of a run over `count`, as a run of it alone would give them; views, not copies. */
export function outputsByPicture(outputs: Tensors, count: number): Tensors[] {
  if (count === 1) return [outputs];
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { data, dims }]) => {
        const length = data.length / count;
        const own = data.subarray(index * length, (index + 1) * length);
        return [name, { data: own, dims: [1, ...dims.slice(1)] } satisfies OutputTensor];
      }),
    ),
  );
}

async function isSame(
  single: ort.InferenceSession,
  batched: ort.InferenceSession,
  { input }: DetectorDescription,
): Promise<boolean> {
  const sidePx = Math.ceil(TRIAL_SIDE_PX / input.stridePx) * input.stridePx;
  const size = input.size === 'dynamic' ? { widthPx: sidePx, heightPx: sidePx } : input.size;
  const pictures = [noise(size), ramp(size)];
  const alone: Tensors[] = [];
  for (const picture of pictures)
    alone.push((await single.run(planeTensors(picture, size))) as unknown as Tensors);
  const both = await batched.run(planeTensors(byPlane(pictures, size), size, pictures.length));
  const shares = outputsByPicture(both as unknown as Tensors, pictures.length);
  return alone.every((outputs, index) =>
    Object.entries(outputs).every(([name, tensor]) => isClose(tensor, shares[index]![name])),
  );
}

function isClose(expected: OutputTensor, got: OutputTensor | undefined): boolean {
  if (got?.dims.length !== expected.dims.length) return false;
  if (!expected.dims.every((length, axis) => got.dims[axis] === length)) return false;
  const [a, b] = [expected.data, got.data];
  if (!(a instanceof Float32Array) || !(b instanceof Float32Array))
    return a.every((value, i) => value === b[i]);
  const allowed = TOLERANCE * a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) <= allowed) equal++;
  return equal >= a.length * EQUAL_SHARE;
}

/** A picture with something else in each place, the same each time. */
function noise(size: Size): Uint8Array {
  let state = 1;
  return new Uint8Array(i420Bytes(size)).map(() => {
    state = (state * 48271) % 0x7fffffff;
    return 16 + (state % 220);
  });
}

/** Darker than the other. */
function ramp({ widthPx, heightPx }: Size): Uint8Array {
  return new Uint8Array(i420Bytes({ widthPx, heightPx })).map((_, i) => 16 + ((i % widthPx) * 50) / widthPx);
}

function byPlane(pictures: readonly Uint8Array[], { widthPx, heightPx }: Size): Uint8Array {
  const area = widthPx * heightPx;
  const parts = [
    [0, area],
    [area, area * 1.25],
    [area * 1.25, area * 1.5],
  ].flatMap(([from, to]) => pictures.map((picture) => picture.subarray(from, to)));
  return new Uint8Array(Buffer.concat(parts));
}
