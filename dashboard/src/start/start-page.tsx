import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { AddCamera } from '../cameras/add-camera.js';
import { Stage } from '../live/stage.js';
import { go, hrefOf, place } from '../place.js';
import { cameras } from '../state.js';
import { Panel } from '../ui/panel.js';
import { AddWebcam } from '../webcam/add-webcam.js';
import { webcamTexts } from '../webcam/webcam-texts.js';
import { AddClip } from './add-clip.js';
import { OnNetwork } from './on-network.js';
import { startTexts as texts } from './start-texts.js';
import './start.css';

/** What each way of adding a camera calls once it is in force, with its id. */
export interface Adding {
  readonly onAdded: (id: string) => void;
}

const WAYS: readonly {
  readonly title: string;
  readonly about: string;
  readonly part: ComponentType<Adding>;
}[] = [
  { title: texts.address, about: texts.addressAbout, part: AddCamera },
  { title: texts.network, about: texts.networkAbout, part: OnNetwork },
  { title: texts.clip, about: texts.clipAbout, part: AddClip },
  { title: webcamTexts.way, about: webcamTexts.wayAbout, part: AddWebcam },
];

/** The first camera, or another one, in three steps: where its pictures come from, the camera, its first picture (`#/start/ID`). */
export function StartPage() {
  const { id } = place.value;
  const [chosen, setChosen] = useState<number>();
  const step = id !== undefined ? 2 : chosen !== undefined ? 1 : 0;
  const onAdded = (added: string) => {
    setChosen(undefined);
    go('start', added);
  };
  return (
    <div class="start">
      <div class="page-head">
        <h1>{texts.title}</h1>
        <ol class="steps" aria-label={texts.steps}>
          {[texts.stepWay, texts.stepAdd, texts.stepSee].map((name, at) => (
            <li key={name} aria-current={at === step ? 'step' : undefined} data-done={at < step}>
              {name}
            </li>
          ))}
        </ol>
      </div>
      {id !== undefined ? (
        <FirstPicture id={id} />
      ) : (
        <>
          <div class="start-ways" role="group" aria-label={texts.ways}>
            {WAYS.map(({ title, about }, at) => (
              <button
                key={title}
                type="button"
                class="start-way"
                aria-pressed={at === chosen}
                onClick={() => setChosen(at)}
              >
                <strong>{title}</strong>
                <span class="quiet">{about}</span>
              </button>
            ))}
          </div>
          {chosen !== undefined && <Way key={chosen} at={chosen} onAdded={onAdded} />}
        </>
      )}
    </div>
  );
}

function Way({ at, onAdded }: Adding & { readonly at: number }) {
  const { title, part: Part } = WAYS[at]!;
  return (
    <Panel title={title}>
      <div class="panel-body">
        <Part onAdded={onAdded} />
      </div>
    </Panel>
  );
}

/** The camera's live picture with its boxes, as soon as there is one. */
function FirstPicture({ id }: { readonly id: string }) {
  const view = cameras.value?.find((camera) => camera.id === id);
  const isLive = view?.state === 'live';
  return (
    <section class="first-picture" aria-label={texts.stepSee}>
      <p role="status">
        {cameras.value !== undefined && view === undefined
          ? texts.gone(id)
          : isLive
            ? texts.seen(id)
            : texts.waiting(id)}
      </p>
      {view !== undefined && <Stage camera={id} />}
      <p class="row">
        <a class="primary" href={hrefOf('live')}>
          {texts.toLive}
        </a>
        <a class="secondary" href={hrefOf('camera', id)}>
          {texts.settings}
        </a>
        <a class="secondary" href={hrefOf('start')}>
          {texts.another}
        </a>
      </p>
    </section>
  );
}
