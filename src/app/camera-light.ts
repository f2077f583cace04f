import type { LightReport } from '../engine/index.js';
import type { Light } from '../events/index.js';
import { LIGHT_REGIMES } from '../frames/index.js';
import type { Metrics } from '../metrics/index.js';
import type { CameraView } from '../server/index.js';

/** What people are told of a camera's light, and of another one for its detector. */
export function lightView(light: Light, trial: LightReport | undefined): NonNullable<CameraView['light']> {
  const { regime, meanLuma, normalised } = light;
  const rounded = (value: number) => Math.round(value * 1000) / 1000;
  return {
    regime,
    meanLuma: rounded(meanLuma),
    normalised,
    ...(trial !== undefined && {
      trial: { method: trial.method, samples: rounded(trial.samples), gain: rounded(trial.gain) },
    }),
  };
}

/** Puts it into the metrics. */
export function showLight(
  metrics: Metrics,
  camera: string,
  light: Light,
  trial: LightReport | undefined,
): void {
  for (const regime of LIGHT_REGIMES)
    metrics.lightRegime.set({ camera, regime }, light.regime === regime ? 1 : 0);
  metrics.lightNormalised.set({ camera }, light.normalised ? 1 : 0);
  if (trial !== undefined) metrics.lightGain.set({ camera, method: trial.method }, trial.gain);
}
