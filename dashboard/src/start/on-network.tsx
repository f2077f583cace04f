import { useEffect, useState } from 'preact/hooks';
import type { DiscoveredList, DiscoveredView } from '../../../src/server/protocol.js';
import { AddCamera } from '../cameras/add-camera.js';
import { requestJson, wordsOf } from '../request.js';
import type { Adding } from './start-page.js';
import { startTexts as texts } from './start-texts.js';

type Search =
  | { readonly kind: 'searching' }
  | { readonly kind: 'found'; readonly devices: readonly DiscoveredView[] }
  | { readonly kind: 'failed'; readonly fault: string };

/** Cameras that answer on the network; the one that is chosen still needs the path of its stream. */
export function OnNetwork({ onAdded }: Adding) {
  const [search, setSearch] = useState<Search>({ kind: 'searching' });
  const [chosen, setChosen] = useState<DiscoveredView>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setSearch({ kind: 'searching' });
    requestJson<DiscoveredList>('/api/v1/cameras/discover', { method: 'POST', signal: stop.signal }).then(
      ({ devices }) => setSearch({ kind: 'found', devices }),
      (error: unknown) => {
        if (!stop.signal.aborted) setSearch({ kind: 'failed', fault: wordsOf(error) });
      },
    );
    return () => stop.abort();
  }, [round]);

  return (
    <div class="on-network">
      <p role="status">{search.kind === 'searching' ? texts.searching : ''}</p>
      {search.kind === 'failed' && (
        <p class="fault" role="alert">
          {search.fault}
        </p>
      )}
      {search.kind === 'found' && <Found devices={search.devices} chosen={chosen} onUse={setChosen} />}
      {search.kind !== 'searching' && (
        <p class="row">
          <button type="button" class="secondary" onClick={() => setRound(round + 1)}>
            {texts.search}
          </button>
        </p>
      )}
      {chosen !== undefined && (
        <>
          <p>{texts.fromDevice(texts.device(chosen))}</p>
          <AddCamera key={chosen.address} given={`rtsp://${chosen.address}:554/`} onAdded={onAdded} />
        </>
      )}
    </div>
  );
}

function Found(props: {
  readonly devices: readonly DiscoveredView[];
  readonly chosen: DiscoveredView | undefined;
  readonly onUse: (device: DiscoveredView) => void;
}) {
  if (props.devices.length === 0) return <p>{texts.noneFound}</p>;
  return (
    <ul class="devices" aria-label={texts.found}>
      {props.devices.map((device) => (
        <li key={device.address}>
          <div>
            <strong>{texts.device(device)}</strong>
            <span class="hint">
              {[device.address, device.hardware, device.location]
                .filter((part) => part !== undefined)
                .join(' · ')}
            </span>
          </div>
          <button
            type="button"
            class="secondary"
            aria-pressed={device.address === props.chosen?.address}
            aria-label={texts.useOf(texts.device(device))}
            onClick={() => props.onUse(device)}
          >
            {texts.use}
          </button>
        </li>
      ))}
    </ul>
  );
}
