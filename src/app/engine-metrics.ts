import type { EngineCounts, Observation } from '../engine/index.js';
import type { Metrics } from '../metrics/index.js';

/** Puts one analysed frame's times into the metrics. */
export function countEngineWork(
  metrics: Metrics,
  { timing, model, provider, isDetected }: Observation,
): void {
  const seconds = (ms: number) => Math.max(0, ms / 1000);
  metrics.stageSeconds.observe({ stage: 'decode' }, seconds(timing.decodeMs));
  metrics.stageSeconds.observe({ stage: 'queue' }, seconds(timing.queueMs));
  metrics.stageSeconds.observe({ stage: 'track' }, seconds(timing.trackMs));
  if (timing.followMs > 0) metrics.stageSeconds.observe({ stage: 'follow' }, seconds(timing.followMs));
  if (timing.maskMs > 0) metrics.stageSeconds.observe({ stage: 'mask' }, seconds(timing.maskMs));
  if (!isDetected) return;
  metrics.stageSeconds.observe({ stage: 'preprocess' }, seconds(timing.preprocessMs));
  metrics.stageSeconds.observe({ stage: 'inference' }, seconds(timing.inferenceMs));
  metrics.stageSeconds.observe({ stage: 'postprocess' }, seconds(timing.postprocessMs));
  metrics.inferenceSeconds.observe({ model, provider }, seconds(timing.inferenceMs));
}

/** Counts what became of packets and frames on their way to the detector; of cameras that are gone nothing. */
export function countFrames(
  metrics: Metrics,
  counts: Readonly<Record<string, EngineCounts>>,
  isKnown: (camera: string) => boolean,
): void {
  for (const [camera, of] of Object.entries(counts)) {
    const { decoded, skipped, isGateOpen, dropped, viewsDropped, masks, texts } = of;
    if (!isKnown(camera)) continue;
    metrics.cameraFrames.inc({ camera, stage: 'decoded' }, decoded);
    metrics.cameraFrames.inc({ camera, stage: 'skipped' }, skipped);
    metrics.decodeGateState.set({ camera }, isGateOpen ? 1 : 0);
    const drop = (stage: 'decode' | 'queue' | 'inference', reason: keyof typeof dropped) =>
      metrics.framesDropped.inc({ camera, stage, reason }, dropped[reason] ?? 0);
    if (viewsDropped > 0) metrics.snapshotsDropped.inc({ camera, reason: 'engine-full' }, viewsDropped);
    if (masks !== undefined) {
      metrics.masks.inc({ camera, reason: 'made' }, masks.made);
      metrics.masks.inc({ camera, reason: 'gave-way' }, masks.gaveWay);
      metrics.masks.inc({ camera, reason: 'failed' }, masks.failed);
    }
    if (texts !== undefined) countTexts(metrics, camera, texts);
    drop('queue', 'replaced');
    drop('decode', 'decoder-behind');
    drop('inference', 'inference-failed');
  }
}

function countTexts(metrics: Metrics, camera: string, texts: NonNullable<EngineCounts['texts']>): void {
  metrics.readTexts.inc({ camera }, texts.told);
  for (const reason of ['read', 'nothing', 'failed'] as const)
    metrics.readViews.inc({ camera, reason }, texts[reason]);
  for (const reason of ['detection', 'busy', 'budget', 'loading'] as const)
    metrics.readSkipped.inc({ camera, reason }, texts.skipped[reason]);
  for (const ms of texts.readMs) metrics.readSeconds.observe(ms / 1000);
}
