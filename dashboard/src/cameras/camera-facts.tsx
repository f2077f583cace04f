import type { CameraView } from '../../../src/server/protocol.js';
import { texts } from '../texts.js';
import { toneOf } from './camera-state.js';

/** What is known of the camera whose picture is shown. */
export function CameraFacts({ view }: { readonly view: CameraView }) {
  const { width, height, codec, fps, analysedFps, transcoded, reconnects, health } = view;
  const size = width !== undefined && height !== undefined ? texts.pictureSize(width, height) : texts.unknown;
  return (
    <div class="facts">
      <div class="facts-name">
        <h1>{view.id}</h1>
        <p>
          <span class="state" data-tone={toneOf(view.state)}>
            {texts.stateWord(view.state)}
          </span>{' '}
          <span class="quiet">{texts.since(view.since)}</span>
        </p>
      </div>
      <dl>
        <Fact name={texts.streamFps} value={fps === undefined ? texts.unknown : texts.fps(fps)} />
        <Fact
          name={texts.analysedFps}
          value={analysedFps === undefined ? texts.unknown : texts.fps(analysedFps)}
        />
        <Fact name={texts.picture} value={size} />
        <Fact
          name={texts.codec}
          value={codec === undefined ? texts.unknown : texts.codecName(codec, transcoded)}
        />
        {health.state === 'faulty' && <Fact name={texts.fault} value={texts.faults(health.faults)} />}
        {reconnects > 0 && <Fact name={texts.reconnects} value={String(reconnects)} />}
      </dl>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="numbers">{value}</dd>
    </div>
  );
}
