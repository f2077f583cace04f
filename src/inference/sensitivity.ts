import type * as ort from 'onnxruntime-node';
import { prepareDetector, type DetectorDescription } from '../models/index.js';
import { feedsOf, type Picture } from './picture.js';
import { openSession } from './session.js';

/** What the outputs of a reference model are for some pictures, to hold variants of it against. */
export class OutputReference {
  readonly #pictures: readonly Picture[];
  readonly #description: DetectorDescription;
  readonly #expected: readonly ort.InferenceSession.OnnxValueMapType[];

  private constructor(
    pictures: readonly Picture[],
    description: DetectorDescription,
    expected: readonly ort.InferenceSession.OnnxValueMapType[],
  ) {
    this.#pictures = pictures;
    this.#description = description;
    this.#expected = expected;
  }

  /** @throws {AppError} `model/invalid` when the runtime cannot load the model */
  static async open(
    model: Uint8Array,
    description: DetectorDescription,
    pictures: readonly Picture[],
  ): Promise<OutputReference> {
    return new OutputReference(pictures, description, await outputsOf(model, description, pictures));
  }

  /**
   * Signal to quantisation noise of a variant, dB: 10·log10(Σ expected² / Σ (expected - got)²) of the output that suffers most.
   * Infinity when the outputs are equal.
   */
  async sqnrDb(model: Uint8Array): Promise<number> {
    const got = await outputsOf(model, this.#description, this.#pictures);
    const names = Object.keys(this.#expected[0] ?? {});
    return Math.min(...names.map((name) => this.#outputSqnrDb(name, got)));
  }

  #outputSqnrDb(name: string, got: readonly ort.InferenceSession.OnnxValueMapType[]): number {
    let signal = 0;
    let noise = 0;
    this.#expected.forEach((outputs, picture) => {
      const expected = outputs[name]!.data;
      const actual = got[picture]![name]!.data;
      if (!(expected instanceof Float32Array) || !(actual instanceof Float32Array)) return;
      for (let i = 0; i < expected.length; i++) {
        signal += expected[i]! ** 2;
        noise += (expected[i]! - actual[i]!) ** 2;
      }
    });
    return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
  }
}

async function outputsOf(
  model: Uint8Array,
  description: DetectorDescription,
  pictures: readonly Picture[],
): Promise<ort.InferenceSession.OnnxValueMapType[]> {
  const session = await openSession(prepareDetector(model, description));
  const found = [];
  for (const picture of pictures) found.push(await session.run(feedsOf(picture, description.input)));
  await session.release();
  return found;
}
