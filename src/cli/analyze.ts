import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError, createLog, systemClock } from '../base/index.js';
import { readDefaults, type ReadConfig } from '../config/index.js';
import {
  analyseFile,
  textMessage,
  type Analysis,
  type DetectEvery,
  type LightMode,
  type TrackChange,
  type TrackReading,
} from '../engine/index.js';
import { TrackBook, type FrameContext, type FrameObject } from '../events/index.js';
import { findFfmpeg, probeSource, type Ffmpeg, type StreamFacts } from '../media/index.js';
import { platePatterns } from '../reading/index.js';
import { DEFAULT_LONG_SIDE_PX, DEFAULT_SCORE_MIN, MEASURED_SCORE_MIN } from './analysis-defaults.js';
import { analysisRules } from './analysis-rules.js';
import { AnnotatedVideo } from './annotated-video.js';
import { cocoResults, jsonlFrame, LineSink, motLines } from './analyze-writers.js';
import { openHeads } from './heads-option.js';
import { Interruption } from './interruption.js';
import { openDetector } from './open-detector.js';
import { picturesIn, pictureSize } from './pictures.js';
import { progressBar } from './progress.js';
import { kindOfSource } from './sources.js';
import { StageTimes } from './stage-times.js';

/** The flags of `sightline analyze`, and the environment. */
export interface AnalyzeOptions {
  readonly fps?: number;
  readonly width?: number;
  readonly scoreMin?: number;
  readonly jsonl?: string;
  readonly mot?: string;
  readonly coco?: string;
  /** An MP4 file with the boxes drawn on the source's pictures. */
  readonly video?: string;
  /** `detector=PATH` or `detector=NAME` entries. */
  readonly models?: readonly string[];
  readonly labels?: readonly string[];
  readonly detectEvery?: DetectEvery;
  /** What else is found out about each detection: `mask`; and of tracks: `text`. */
  readonly heads?: readonly string[];
  /** Patterns of plates, for `text`. */
  readonly plates?: readonly string[];
  /** As they are by default, so that figures of one file can be compared. */
  readonly light?: LightMode;
  /** False: tracks are carried by motion alone where the detector does not see them. */
  readonly follow?: boolean;
  /** A configuration whose rules hold for this video, and which of its cameras. */
  readonly config?: string;
  readonly camera?: string;
  readonly ffmpegPath?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What must be known of a source before it is analysed. */
type Facts = Pick<StreamFacts, 'widthPx' | 'heightPx'> & Partial<Pick<StreamFacts, 'fps' | 'durationMs'>>;

/** One file of the analysis: a video, or a picture, which is a video of one frame. */
interface Item {
  readonly file: string;
  readonly isPicture: boolean;
}

/**
 * `sightline analyze`: takes a video, or every picture of a folder, through the server's pipeline, dropping no frame.
 * @throws {AppError} for a source that is not there or not a video, and for a model that does not fit; `cli/interrupted`
 */
export async function analyze(source: string, options: AnalyzeOptions): Promise<void> {
  const clock = systemClock;
  const log = createLog('warn');
  const items = itemsOf(source);
  const { env, ffmpegPath, config, camera } = options;
  const run = createHash('sha256').update(source).digest('hex').slice(0, 4);
  const rules =
    config === undefined
      ? undefined
      : await analysisRules({ config, run, env, ...(camera !== undefined && { camera }) });
  if (rules !== undefined && items[0]!.isPicture)
    throw new AppError(
      'cli/rules-need-video',
      'input',
      `--config: rules need a video, and ${source} is none`,
    );
  const ffmpeg = await findFfmpeg({
    env,
    ...(ffmpegPath === undefined ? {} : { configuredPath: ffmpegPath }),
  });
  const facts = await probe(ffmpeg, items[0]!);
  const bar = progressBar(items.length > 1 ? items.length : framesIn(facts, options.fps));
  const reads = options.heads?.includes('text') === true;
  const read = reads ? readingOf(items[0]!, source, options.plates) : undefined;
  const heads = await openHeads(options.heads, { env, log });
  const pool = await openDetector(options.models, {
    env,
    log,
    follows: options.follow !== false,
    ...(heads.maskHead !== undefined && { maskHead: heads.maskHead }),
  }).catch(async (error: unknown) => {
    await heads.textPool?.close();
    throw error;
  });

  const jsonl = options.jsonl === undefined ? undefined : new LineSink(options.jsonl);
  const mot = options.mot === undefined ? undefined : new LineSink(options.mot);
  const coco: object[] = [];
  const times = new StageTimes();
  const book = new TrackBook(run);
  const startedMs = clock.monotonicMs();
  let frames = 0;
  let video: AnnotatedVideo | undefined;
  const interruption = new Interruption();
  interruption.begin();
  try {
    if (options.video !== undefined) {
      const { isPicture } = items[0]!;
      video = await AnnotatedVideo.open({ target: options.video, source, isPicture, facts, ffmpeg, log });
    }
    jsonl?.write(
      JSON.stringify({
        type: 'hello',
        v: 1,
        ...described(source, facts),
        models: { detector: pool.model.version, ...heads.versions },
      }),
    );
    for (const { file, isPicture } of items) {
      const { widthPx, heightPx } =
        file === items[0]!.file ? facts : await probe(ffmpeg, { file, isPicture });
      let last: FrameContext | undefined;
      const report = (
        changes: readonly TrackChange[],
        context: FrameContext,
        objects?: readonly FrameObject[],
      ) => {
        for (const message of book.report(changes, context, objects)) jsonl?.write(JSON.stringify(message));
      };
      const onFrame = (analysis: Analysis) => {
        const frame = { index: frames++, file, analysis };
        video?.add(analysis);
        for (const line of mot === undefined ? [] : motLines(frame)) mot?.write(line);
        if (options.coco !== undefined) coco.push(...cocoResults(frame, isPicture));
        const capturedAtMs = Math.round(analysis.ptsMs);
        const context: FrameContext = {
          camera: 'file',
          epoch: 1,
          ptsMs: analysis.ptsMs,
          capturedAtMs,
          widthPx,
          heightPx,
          model: pool.model.version,
        };
        last = context;
        const ruled = rules?.observe({ ...analysis, ...context });
        jsonl?.write(jsonlFrame(frame, ruled?.objects));
        report(analysis.changes, context, ruled?.objects);
        book.follow(ruled?.objects ?? [], context);
        for (const message of ruled?.messages ?? []) jsonl?.write(JSON.stringify(message));
        times.add(analysis.timing);
        bar.advance();
      };
      const onText = (said: TrackReading) => {
        const about = {
          camera: 'file',
          run,
          epoch: 1,
          widthPx,
          heightPx,
          capturedAtMs: Math.round(said.ptsMs),
        };
        jsonl?.write(JSON.stringify(textMessage({ ...said, ...about }, book.idOf(said.track, 'file'))));
      };
      const changes = await analyseFile({
        source: file,
        size: { widthPx, heightPx },
        ffmpeg,
        pool,
        ...(options.fps === undefined || isPicture ? {} : { fpsMax: options.fps }),
        longSidePx: options.width ?? DEFAULT_LONG_SIDE_PX,
        labels: options.labels ?? [],
        scoreMin: options.scoreMin ?? DEFAULT_SCORE_MIN,
        ...(options.coco === undefined ? {} : { detectionScoreMin: MEASURED_SCORE_MIN }),
        ...(options.light !== undefined && { light: options.light }),
        ...(options.detectEvery !== undefined && !isPicture && { detectEvery: options.detectEvery }),
        follow: options.follow !== false && !isPicture,
        masks: heads.maskHead !== undefined,
        ...(read !== undefined && { texts: { thread: heads.textPool!, read, onText } }),
        clock,
        log,
        onFrame,
        signal: interruption.signal,
      });
      interruption.check();
      for (const message of rules?.stop('stream', 0) ?? []) jsonl?.write(JSON.stringify(message));
      if (last !== undefined) report(changes, last);
    }
    const seconds = (clock.monotonicMs() - startedMs) / 1000;
    const summary = {
      type: 'summary',
      frames,
      seconds: Number(seconds.toFixed(2)),
      fps: Number((frames / seconds).toFixed(1)),
    };
    jsonl?.write(JSON.stringify({ ...summary, stages: times.percentiles() }));
    bar.stop();
    await video?.write(interruption.signal);
    interruption.check();
  } finally {
    bar.stop();
    await pool.close();
    await heads.textPool?.close();
    await video?.close();
    await mot?.close();
    await jsonl?.close();
    interruption.end();
  }
  if (options.coco !== undefined) {
    const sink = new LineSink(options.coco);
    sink.write(JSON.stringify(coco));
    await sink.close();
  }
}

function itemsOf(source: string): Item[] {
  const kind = kindOfSource(source);
  if (kind === 'folder') return picturesIn(source).map((file) => ({ file, isPicture: true }));
  return [{ file: source, isPicture: kind === 'picture' }];
}

/** How tracks are read. @throws {AppError} `cli/bad-head`, `reading/bad-pattern` */
function readingOf({ isPicture }: Item, source: string, plates: readonly string[] = ['any']): ReadConfig {
  if (isPicture)
    throw new AppError(
      'cli/bad-head',
      'input',
      `--heads text: ${source} is no video, and tracks are read: pictures are read by sightline read`,
    );
  platePatterns(plates);
  return { ...readDefaults(), patterns: plates };
}

/** Size and rate of an item; a picture has no rate. */
function probe(ffmpeg: Ffmpeg, { file, isPicture }: Item): Promise<Facts> {
  return isPicture ? pictureSize(file) : probeSource({ ffmpeg, source: file, timeoutMs: 10_000 });
}

function framesIn(facts: Facts, fpsMax: number | undefined): number | undefined {
  if (facts.durationMs === undefined || facts.fps === undefined) return undefined;
  return Math.round((facts.durationMs / 1000) * Math.min(facts.fps, fpsMax ?? Infinity));
}

function described(source: string, { widthPx, heightPx, fps }: Facts) {
  return {
    source: path.basename(source),
    width: widthPx,
    height: heightPx,
    ...(fps === undefined ? {} : { fps }),
  };
}
