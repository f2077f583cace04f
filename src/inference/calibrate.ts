import { Histogram, prepareDetector, withOutputs, type DetectorDescription } from '../models/index.js';
import { feedsOf, type Picture } from './picture.js';
import { openSession } from './session.js';

/** So many values are looked at in one run: all at once could need gigabytes. */
const VALUES_AT_ONCE = 48;

/**
 * Runs a model over pictures and counts how large the values inside become.
 *
 * @param values names of float32 values of the model
 * @param onPicture called after each picture of each batch of values; `total` is the number of calls to come in all
 * @throws {AppError} `model/invalid` when the runtime cannot load the model
 */
export async function collectHistograms(options: {
  readonly model: Uint8Array;
  readonly description: DetectorDescription;
  readonly values: readonly string[];
  readonly pictures: readonly Picture[];
  readonly onPicture?: (total: number) => void;
}): Promise<Map<string, Histogram>> {
  const { model, description, values, pictures, onPicture } = options;
  const found = new Map(values.map((value) => [value, new Histogram()]));
  const total = Math.ceil(values.length / VALUES_AT_ONCE) * pictures.length;
  for (let from = 0; from < values.length; from += VALUES_AT_ONCE) {
    const batch = values.slice(from, from + VALUES_AT_ONCE);
    const session = await openSession(prepareDetector(withOutputs(model, batch), description));
    // The picture itself may be asked for, under the name that preparation gives it.
    for (const picture of pictures) {
      const outputs = await session.run(feedsOf(picture, description.input), batch);
      for (const value of batch) {
        const data = outputs[value]?.data;
        if (data instanceof Float32Array) found.get(value)!.add(data);
      }
      onPicture?.(total);
    }
    await session.release();
  }
  return found;
}
