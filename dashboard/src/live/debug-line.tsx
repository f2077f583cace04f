import { useEffect, useState } from 'preact/hooks';
import type { SightlineDebug } from '../debug.js';
import { texts } from '../texts.js';

const REFRESH_MS = 250;

/** The details of sync between picture and boxes, a few times a second. */
export function DebugLine({ read }: { readonly read: () => SightlineDebug | undefined }) {
  const [debug, setDebug] = useState(read);
  useEffect(() => {
    const timer = window.setInterval(() => setDebug(read()), REFRESH_MS);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <output class="debug" aria-label={texts.debug} aria-live="off">
      {debug === undefined ? texts.unknown : describe(debug)}
    </output>
  );
}

/** For developers, who know the names: not translated. */
function describe(debug: SightlineDebug): string {
  const { choice, syncP95Ms = 0, picturesShown, picturesWithKnownBoxes } = debug;
  const boxes = choice === undefined ? 'none known' : `${choice.objects.length} ${choice.how}`;
  return [
    `boxes ${boxes}, off by ${(choice?.errorMs ?? 0).toFixed(1)} ms (p95 ${syncP95Ms.toFixed(1)} ms)`,
    `known for ${picturesWithKnownBoxes} of ${picturesShown} pictures`,
    `${debug.delayMs.toFixed(0)} ms behind (target ${debug.targetMs.toFixed(0)} ms), rate ${debug.playbackRate.toFixed(2)}`,
    `epoch ${debug.epoch ?? '–'}, pts ${(debug.mediaTimeMs / 1000).toFixed(3)} s`,
  ].join(' · ');
}
