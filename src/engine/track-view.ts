import type { AnalysisPlan } from './analysis-plan.js';
import type { ChosenView } from './best-views.js';
import type { EngineCamera, FromEngine, TrackView } from './messages.js';

type ViewMessage = FromEngine & { readonly type: 'view' };

/** What is told of a view that was encoded. */
export function trackView(
  { id, run }: Pick<EngineCamera, 'id' | 'run'>,
  { source, frame }: AnalysisPlan,
  model: string | undefined,
) {
  return (
    { track, label, quality, box, ptsMs, capturedAtMs, crop, embedding, colour }: ChosenView,
    jpeg: Buffer,
  ): TrackView => {
    const [x, y] = [source.widthPx / frame.widthPx, source.heightPx / frame.heightPx];
    const { widthPx, heightPx } = crop.size;
    const shows = [crop.x * x, crop.y * y, (crop.x + widthPx) * x, (crop.y + heightPx) * y] as const;
    return {
      ...{ camera: id, run, track, label, quality, box, shows, ...source, ptsMs, capturedAtMs, jpeg },
      embedding: embedding ?? new Float32Array(0),
      ...(colour !== undefined && { colour }),
      ...(embedding !== undefined && model !== undefined && { model }),
    };
  };
}

/** A view as it goes over the link. */
export function viewMessage({ jpeg, embedding, ...view }: TrackView): {
  readonly message: ViewMessage;
  readonly payload: Buffer;
} {
  const numbers = Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength);
  return { message: { type: 'view', view, jpegBytes: jpeg.length }, payload: Buffer.concat([jpeg, numbers]) };
}

/** A view as it came. Its bytes are its own: the link's memory is larger. */
export function receivedView({ view, jpegBytes }: ViewMessage, payload: Buffer): TrackView {
  const numbers = Uint8Array.from(payload.subarray(jpegBytes));
  return {
    ...view,
    jpeg: Buffer.from(payload.subarray(0, jpegBytes)),
    embedding: new Float32Array(numbers.buffer),
  };
}
