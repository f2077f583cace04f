import type { EngineClient } from '../engine/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Camera } from './camera.js';
import { countEngineWork, countFrames } from './engine-metrics.js';
import type { ModelList } from './model-list.js';
import type { SnapshotKeeper } from './snapshot-keeper.js';

/** Who hears of what the engine tells. */
export interface EngineAudience {
  readonly engine: EngineClient;
  readonly metrics: Metrics;
  readonly models: ModelList;
  readonly snapshots: SnapshotKeeper;
  /** By id, as they are at the time. */
  readonly cameras: ReadonlyMap<string, Camera>;
}

/** Hands what the engine tells to the cameras that it is about, and to the metrics; for as long as the engine lives. */
export function wireEngine({ engine, metrics, models, snapshots, cameras }: EngineAudience): void {
  engine.on('observation', (observation) => {
    countEngineWork(metrics, observation);
    models.note(observation);
    cameras.get(observation.camera)?.observe(observation);
  });
  engine.on('view', (view) => {
    snapshots.view(view);
    cameras.get(view.camera)?.takeView(view);
  });
  engine.on('text', (reading) => cameras.get(reading.camera)?.takeText(reading));
  engine.on('counts', (counts) => {
    countFrames(metrics, counts, (camera) => cameras.has(camera));
    for (const [id, counted] of Object.entries(counts)) {
      cameras.get(id)?.noteLight(counted.light);
      cameras.get(id)?.work.count(counted);
    }
  });
  engine.on('dropped', (camera, count) => {
    metrics.framesDropped.inc({ camera, stage: 'link', reason: 'link-full' }, count);
    cameras.get(camera)?.work.dropped('link-full', count);
  });
  engine.on('tracks-reset', (camera) => cameras.get(camera)?.engineLost());
  engine.on('status', ({ state }) => {
    if (state !== 'restarting') return;
    metrics.engineRestarts.inc();
    for (const camera of cameras.values()) camera.engineLost();
  });
}
