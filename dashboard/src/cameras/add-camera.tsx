import { useSignal } from '@preact/signals';
import type { CameraTestView } from '../../../src/server/protocol.js';
import { requestJson, wordsOf } from '../request.js';
import { refreshCameras } from '../server-link.js';
import { cameras } from '../state.js';
import { texts } from '../texts.js';
import { addTexts } from './add-texts.js';
import { isCameraId, suggestedId } from './camera-id.js';
import { toneOf } from './camera-state.js';
import { applyToConfig, type WrittenConfig } from './config-file.js';
import './add-camera.css';

/**
 * Tries the source of a camera, shows what it would show, and saves it. For those with the permission `config`. `given`: what the address begins as.
 */
export function AddCamera({
  onAdded,
  given = '',
}: {
  readonly onAdded: (id: string) => void;
  readonly given?: string;
}) {
  const source = useSignal(given);
  const id = useSignal('');
  const isIdOwn = useSignal(false);
  const busy = useSignal<'test' | 'add' | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  /** What came of the test, of the source that was tried. */
  const tried = useSignal<{ readonly source: string; readonly view: CameraTestView } | undefined>(undefined);

  const address = source.value.trim();
  const view = tried.value?.source === address ? tried.value.view : undefined;
  const ask = async (what: 'test' | 'add', work: () => Promise<void>) => {
    if (busy.value !== undefined) return;
    busy.value = what;
    fault.value = undefined;
    try {
      await work();
    } catch (error) {
      fault.value = wordsOf(error);
    } finally {
      busy.value = undefined;
    }
  };
  const test = () =>
    ask('test', async () => {
      const found = await requestJson<CameraTestView>('/api/v1/cameras/test', {
        method: 'POST',
        body: { source: address },
      });
      tried.value = { source: address, view: found };
      if (!isIdOwn.value)
        id.value = suggestedId(
          address,
          (cameras.value ?? []).map((camera) => camera.id),
        );
    });
  const add = () =>
    ask('add', async () => {
      const name = id.value.trim();
      if (!isCameraId(name)) throw new Error(addTexts.idMeaning);
      await applyToConfig((config) => additionOf(config, name, address));
      await refreshCameras();
      onAdded(name);
    });
  const submit = (event: Event) => {
    event.preventDefault();
    void (view === undefined ? test() : add());
  };

  return (
    <form class="add-camera" onSubmit={submit} aria-busy={busy.value !== undefined}>
      <label class="field">
        {addTexts.address}
        <input
          type="text"
          inputMode="url"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          required
          maxLength={4096}
          placeholder="rtsp://192.168.1.20/stream1"
          aria-describedby="add-camera-hint"
          value={source.value}
          onInput={(event) => (source.value = event.currentTarget.value)}
        />
      </label>
      <p class="quiet" id="add-camera-hint">
        {addTexts.addressHint}
      </p>
      {view !== undefined && <Trial view={view} />}
      {view !== undefined && (
        <label class="field">
          {addTexts.id}
          <input
            type="text"
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            required
            maxLength={63}
            aria-describedby="add-camera-id-hint"
            value={id.value}
            onInput={(event) => {
              isIdOwn.value = true;
              id.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      {view !== undefined && (
        <p class="quiet" id="add-camera-id-hint">
          {addTexts.idMeaning}
        </p>
      )}
      <p class="fault" role="alert">
        {fault.value}
      </p>
      <p class="row" role="status">
        {view === undefined ? (
          <button class="primary" type="submit" disabled={busy.value !== undefined}>
            {busy.value === 'test' ? addTexts.testing : addTexts.test}
          </button>
        ) : (
          <>
            <button class="primary" type="submit" disabled={busy.value !== undefined}>
              {view.state === 'live' ? addTexts.add : addTexts.addAnyway}
            </button>
            <button
              class="secondary"
              type="button"
              disabled={busy.value !== undefined}
              onClick={() => void test()}
            >
              {busy.value === 'test' ? addTexts.testing : addTexts.testAgain}
            </button>
          </>
        )}
        {busy.value === 'test' && <span class="quiet">{addTexts.testTakes}</span>}
      </p>
    </form>
  );
}

/** What a camera with this source would show. */
function Trial({ view }: { readonly view: CameraTestView }) {
  const { state, reason, codec, width, height, fps, transcoded, firstPictureMs, picture } = view;
  const facts = [
    width !== undefined && height !== undefined && texts.pictureSize(width, height),
    fps !== undefined && texts.fps(fps),
    codec !== undefined && texts.codecName(codec, transcoded === true),
    firstPictureMs !== undefined && addTexts.firstPicture(firstPictureMs),
  ].filter((fact) => fact !== false);
  return (
    <section class="add-camera-trial" aria-label={addTexts.trial}>
      {picture !== undefined && <img src={picture} alt={addTexts.trialPicture(view.source)} />}
      <div>
        <p>
          <span class="state" data-tone={toneOf(state)}>
            {texts.stateWord(state)}
          </span>
        </p>
        {reason !== undefined && <p>{reason}</p>}
        {facts.length > 0 && <p class="quiet numbers">{facts.join(' · ')}</p>}
      </div>
    </section>
  );
}

/** A patch that adds a camera and never changes one. */
function additionOf(config: WrittenConfig, id: string, source: string): unknown {
  if (Object.hasOwn(config.cameras ?? {}, id)) throw new Error(addTexts.idTaken(id));
  return { cameras: { [id]: { source } } };
}
