import { i420Bytes } from '../frames/index.js';
import { analysisSize, letterbox, type Letterbox, type Size } from '../geometry/index.js';
import type { ModelInfo } from '../inference/index.js';

/** How one source is shown to the model. */
export interface AnalysisPlan {
  readonly source: Size;
  /** Size of the pictures in the queue. */
  readonly frame: Size;
  readonly placed: Letterbox;
  /** Size of finer pictures of the same frames, each behind its own in the queue; absent where nothing needs them. */
  readonly fine?: Size;
}

/** The plan with finer pictures, as far as the source and the analysed pictures leave room for them. */
export function withFine(plan: AnalysisPlan, longSidePx: number): AnalysisPlan {
  const { source, frame } = plan;
  const most = Math.min(longSidePx, Math.max(source.widthPx, source.heightPx));
  const { frame: fine } = analysisSize(source, most, 2);
  const isFiner = fine.widthPx > frame.widthPx && fine.heightPx > frame.heightPx;
  return isFiner ? { ...plan, fine } : plan;
}

/** Bytes of a frame of the queue: its picture, and the finer one behind it. */
export function queuedBytes({ frame, fine }: AnalysisPlan): number {
  return i420Bytes(frame) + (fine === undefined ? 0 : i420Bytes(fine));
}

/**
 * Plans how a source is shown to a model: its aspect kept, as large as asked, or as the model's fixed input allows; stretched
 * where the model was trained so.
 */
export function planAnalysis(source: Size, longSidePx: number, input: ModelInfo['input']): AnalysisPlan {
  if (input.size === 'dynamic') {
    const planned = analysisSize(source, longSidePx, input.stridePx);
    return {
      source,
      frame: planned.frame,
      placed: letterbox(source, planned.frame, planned.input, input.anchor),
    };
  }
  if (input.fit === 'stretch')
    return { source, frame: input.size, placed: letterbox(source, input.size, input.size) };
  const scale = Math.min(input.size.widthPx / source.widthPx, input.size.heightPx / source.heightPx);
  const { frame } = analysisSize(source, Math.max(source.widthPx, source.heightPx) * scale, 2);
  return { source, frame, placed: letterbox(source, frame, input.size, input.anchor) };
}
