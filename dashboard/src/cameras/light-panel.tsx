import type { CameraView } from '../../../src/server/protocol.js';
import { cameraTexts } from './camera-texts.js';

/** The light of a camera, and whether its detector is helped by another: with the evidence. */
export function LightPanel({ light }: { readonly light: NonNullable<CameraView['light']> }) {
  const { regime, meanLuma, normalised, trial } = light;
  const facts = [
    [cameraTexts.regime, cameraTexts.regimeWord(regime)],
    [cameraTexts.brightness, cameraTexts.percent(meanLuma)],
    [cameraTexts.normalised, normalised ? cameraTexts.isNormalised : cameraTexts.isNotNormalised],
    [cameraTexts.evidence, trial === undefined ? cameraTexts.noEvidence : cameraTexts.trial(trial)],
  ] as const;
  return (
    <section class="panel" aria-labelledby="light-title">
      <header class="panel-head">
        <h2 id="light-title">{cameraTexts.light}</h2>
      </header>
      <dl class="panel-body fact-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
