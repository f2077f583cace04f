import * as ort from 'onnxruntime-node';
import { AppError, messageOf, systemClock } from '../base/index.js';
import type { FourPoints } from '../geometry/index.js';
import {
  byLexicon,
  choosePlate,
  detectorInput,
  detectorSize,
  DIRECTION_SIZE,
  directionInput,
  findText,
  greyed,
  grownQuad,
  isDateOrTime,
  lineInput,
  lineSize,
  plateCandidates,
  plateClasses,
  plateLattice,
  platePatterns,
  plateRank,
  quadSize,
  readCtc,
  rectify,
  treated,
  upsideDown,
  type ChosenPlate,
  type CtcOutput,
  type PlateLattice,
  type PlatePatterns,
  type TextPicture,
  type TextQuad,
} from '../reading/index.js';
import type { LoadedTextModels } from './load-text-models.js';
import { AUTO_PROVIDER } from './provider.js';
import { openOnProvider } from './session.js';
import type { ReadJob, ReadOptions, ReadResult, TextRead } from './text-messages.js';

const LONG_SIDE_PX = 960;
const SIDE_PX_MAX = 16384;
const CONFIDENCE_MIN = 0.5;
/** Of a direction's probability, what it takes to turn a line. */
const TURN_MIN = 0.9;
/** Of a picture's lines, how many are looked at again in other ways, the likeliest plates first. */
const CANDIDATES_MAX = 4;
/** How a plate is looked at: how much around the line, as shares of its height, how stretched, and in grey. Which ones: design/reading.md. */
const VIEWS = [
  { ends: 0, sides: 0, stretch: 1.4, isGrey: false },
  { ends: 0, sides: 0, stretch: 1.3, isGrey: true },
  { ends: 0.05, sides: -0.07, stretch: 1.3, isGrey: true },
] as const;

interface Candidate {
  readonly corners: FourPoints;
  readonly plate: ChosenPlate;
}

/** Reads text with three networks, for one thread: where it is, which way up, and what it says. Runs block the thread that calls. */
export class TextReader {
  readonly #detection: ort.InferenceSession;
  readonly #direction: ort.InferenceSession;
  readonly #recognition: ort.InferenceSession;
  readonly #alphabet: readonly string[];
  readonly #plateClasses: Int8Array;
  readonly #patterns = new Map<string, PlatePatterns>();
  #lines = 0;

  private constructor(sessions: readonly ort.InferenceSession[], alphabet: readonly string[]) {
    [this.#detection, this.#direction, this.#recognition] = sessions as [
      ort.InferenceSession,
      ort.InferenceSession,
      ort.InferenceSession,
    ];
    this.#alphabet = alphabet;
    this.#plateClasses = plateClasses(alphabet);
  }

  /** On the processor: text is read rarely, and the card is the detector's. @throws {AppError} `model/invalid` */
  static async open(models: LoadedTextModels, graphCacheDir?: string): Promise<TextReader> {
    const sessions: ort.InferenceSession[] = [];
    try {
      for (const bytes of [models.detection, models.direction, models.recognition]) {
        const plan = { ...AUTO_PROVIDER, provider: 'cpu' as const };
        sessions.push((await openOnProvider(bytes, plan, graphCacheDir)).session);
      }
    } catch (error) {
      await Promise.all(sessions.map((session) => session.release()));
      throw error;
    }
    return new TextReader(sessions, models.alphabet);
  }

  /** Frees the sessions. */
  async close(): Promise<void> {
    await Promise.all(
      [this.#detection, this.#direction, this.#recognition].map((session) => session.release()),
    );
  }

  /**
   * Reads a picture.
   * @throws {AppError} `inference/bad-job` for a picture that is none; `reading/bad-pattern`; `inference/failed`; `model/output-shape`
   */
  async read({ picture, options }: ReadJob): Promise<ReadResult> {
    checkPicture(picture);
    this.#lines = 0;
    const patterns = options.plates && this.#patternsOf(options.plates);
    const startedMs = systemClock.monotonicMs();
    const quads =
      options.isLine === true
        ? [wholeOf(picture)]
        : await this.#detect(picture, options.longSidePx ?? LONG_SIDE_PX);
    const detectedMs = systemClock.monotonicMs();
    const texts =
      patterns === undefined
        ? await this.#readLines(picture, quads, options)
        : await this.#readPlates(picture, quads, patterns, options);
    const recogniseMs = systemClock.monotonicMs() - detectedMs;
    return { texts, detectMs: detectedMs - startedMs, recogniseMs, lines: this.#lines };
  }

  #patternsOf(names: readonly string[]): PlatePatterns {
    const key = names.join();
    let patterns = this.#patterns.get(key);
    if (patterns === undefined) this.#patterns.set(key, (patterns = platePatterns(names)));
    return patterns;
  }

  async #detect(picture: TextPicture, longSidePx: number): Promise<TextQuad[]> {
    const size = detectorSize(picture.size, longSidePx);
    const { data, dims } = await run(this.#detection, detectorInput(picture, size), size);
    if (data.length !== size.widthPx * size.heightPx) throw badShape('detector', dims);
    const [x, y] = [picture.size.widthPx / size.widthPx, picture.size.heightPx / size.heightPx];
    return findText(data, size).map(({ corners, score }) => ({
      corners: corners.map(([cx, cy]) => [cx * x, cy * y] as const) as unknown as FourPoints,
      score,
    }));
  }

  async #readLines(
    picture: TextPicture,
    quads: readonly TextQuad[],
    { confidenceMin = CONFIDENCE_MIN, lexicon = [] }: ReadOptions,
  ): Promise<TextRead[]> {
    const texts: TextRead[] = [];
    for (const { corners } of quads) {
      const straight = rectify(picture, corners, lineSize(quadSize(corners)));
      if (straight === undefined) continue;
      const upright = readCtc(await this.#recognise(treated(straight)), this.#alphabet);
      const other = (await this.#isUpsideDown(straight))
        ? readCtc(await this.#recognise(treated(upsideDown(straight))), this.#alphabet)
        : undefined;
      // The classifier is wrong about short words now and then: what is surer is right.
      const isTurned = other !== undefined && other.confidence > upright.confidence;
      const read = isTurned ? other : upright;
      const line = lexicon.length === 0 ? read : byLexicon(read, lexicon);
      if (line.text === '' || line.confidence < confidenceMin) continue;
      const { text: value, confidence, characters } = line;
      texts.push({ value, confidence, characters, polygon: isTurned ? turned(corners) : corners });
    }
    return texts.sort((a, b) => a.polygon[0][1] - b.polygon[0][1]);
  }

  /** Cameras see plates upright: their direction is not asked for. */
  async #readPlates(
    picture: TextPicture,
    quads: readonly TextQuad[],
    patterns: PlatePatterns,
    { confidenceMin = CONFIDENCE_MIN }: ReadOptions,
  ): Promise<TextRead[]> {
    const first: (Candidate & { readonly view: PlateLattice })[] = [];
    for (const { corners } of plateCandidates(quads)) {
      const output = await this.#look(picture, corners, VIEWS[0]);
      if (output === undefined || isDateOrTime(readCtc(output, this.#alphabet).text)) continue;
      const view = plateLattice(output, this.#plateClasses);
      const plate = choosePlate([view], patterns);
      if (plate !== undefined) first.push({ corners, plate, view });
    }
    const found: Candidate[] = [];
    for (const { corners, view } of best(first).slice(0, CANDIDATES_MAX)) {
      const views = [view];
      for (const how of VIEWS.slice(1)) {
        const output = await this.#look(picture, corners, how);
        if (output !== undefined) views.push(plateLattice(output, this.#plateClasses));
      }
      const plate = choosePlate(views, patterns);
      if (plate !== undefined && plate.line.confidence >= confidenceMin) found.push({ corners, plate });
    }
    return best(found).map(({ corners, plate: { line, fitsPattern } }) => ({
      value: line.text,
      confidence: line.confidence,
      polygon: corners,
      characters: line.characters,
      fitsPattern,
    }));
  }

  async #look(
    picture: TextPicture,
    corners: FourPoints,
    { ends, sides, stretch, isGrey }: (typeof VIEWS)[number],
  ): Promise<CtcOutput | undefined> {
    const quad = grownQuad(corners, ends, sides);
    const straight = rectify(picture, quad, lineSize(quadSize(quad), stretch));
    if (straight === undefined) return undefined;
    return this.#recognise(treated(isGrey ? greyed(straight) : straight));
  }

  async #isUpsideDown(line: TextPicture): Promise<boolean> {
    const { data, dims } = await run(this.#direction, directionInput(line), DIRECTION_SIZE);
    if (data.length !== 2) throw badShape('direction classifier', dims);
    return data[1]! >= TURN_MIN;
  }

  async #recognise(line: TextPicture): Promise<CtcOutput> {
    this.#lines++;
    const { data, dims } = await run(this.#recognition, lineInput(line), line.size);
    const [, steps = 0, classes = 0] = dims;
    if (dims.length !== 3 || classes !== this.#alphabet.length + 1) throw badShape('recogniser', dims);
    return { probabilities: data, steps, classes };
  }
}

/** The likeliest first; of those that overlap only the likeliest. */
function best<T extends Candidate>(candidates: readonly T[]): T[] {
  const ranked = [...candidates].sort(
    (a, b) => plateRank(b.corners, b.plate) - plateRank(a.corners, a.plate),
  );
  const kept: T[] = [];
  for (const candidate of ranked)
    if (!kept.some((other) => overlap(other.corners, candidate.corners))) kept.push(candidate);
  return kept;
}

/** Whether the middle of either is within the upright box around the other. */
function overlap(a: FourPoints, b: FourPoints): boolean {
  return holdsMiddle(a, b) || holdsMiddle(b, a);
}

function holdsMiddle(outer: FourPoints, inner: FourPoints): boolean {
  return [0, 1].every((axis) => {
    const sides = outer.map((corner) => corner[axis]!);
    const middle = inner.reduce((sum, corner) => sum + corner[axis]!, 0) / 4;
    return middle >= Math.min(...sides) && middle <= Math.max(...sides);
  });
}

/** A picture that is a line, as if it had been found. */
function wholeOf({ size: { widthPx, heightPx } }: TextPicture): TextQuad {
  const corners: FourPoints = [
    [0, 0],
    [widthPx, 0],
    [widthPx, heightPx],
    [0, heightPx],
  ];
  return { corners, score: 1 };
}

function turned([a, b, c, d]: FourPoints): FourPoints {
  return [c, d, a, b];
}

async function run(
  session: ort.InferenceSession,
  data: Float32Array,
  { widthPx, heightPx }: TextPicture['size'],
): Promise<{ readonly data: Float32Array; readonly dims: readonly number[] }> {
  const feeds = { [session.inputNames[0]!]: new ort.Tensor('float32', data, [1, 3, heightPx, widthPx]) };
  try {
    const outputs = await session.run(feeds);
    const { data: made, dims } = outputs[session.outputNames[0]!]!;
    return { data: made as Float32Array, dims };
  } catch (error) {
    throw new AppError('inference/failed', 'internal', `ONNX Runtime failed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function checkPicture({ rgb, size: { widthPx, heightPx } }: TextPicture): void {
  const isSize = [widthPx, heightPx].every(
    (side) => Number.isInteger(side) && side > 0 && side <= SIDE_PX_MAX,
  );
  if (isSize && rgb.length === widthPx * heightPx * 3) return;
  throw new AppError(
    'inference/bad-job',
    'input',
    `Nothing can be read: ${rgb.length} bytes are no ${widthPx}×${heightPx} RGB picture.`,
  );
}

function badShape(which: string, dims: readonly number[]): AppError {
  return new AppError(
    'model/output-shape',
    'internal',
    `The text ${which} gives [${dims.join(', ')}], which does not fit.`,
  );
}
