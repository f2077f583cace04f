import { useState } from 'preact/hooks';
import type { ExampleList, TrackPage, TrackView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { narrow, place } from '../place.js';
import { request, requestJson, wordsOf } from '../request.js';
import { cameras } from '../state.js';
import { More } from '../ui/more.js';
import { oneByOne } from '../ui/one-by-one.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked } from '../ui/use-asked.js';
import { usePaged } from '../ui/use-paged.js';
import type { PartOf } from './classifier-part.js';
import { classifierTexts as texts } from './classifier-texts.js';
import { PictureGrid } from './picture-grid.js';

const PAGE = 60;
/** Digits but 0; of more classes, the others have their buttons. */
const KEYS_MAX = 9;

/** A class that a picture was given here; undefined: none any more. */
interface Given {
  readonly of: string | undefined;
}

/** Pictures of tracks, to be given a class by a key each. */
export function LabelPart({ classifier, address, onChanged }: PartOf) {
  const { classes, labels } = classifier;
  const camera = place.value.filters.get('camera') ?? undefined;
  const { tracks, paged } = useTracks(labels, camera);
  const examples = useAsked<ExampleList>(`${address}/examples`);
  /** What was given here, before the server is asked again. */
  const [given, setGiven] = useState<ReadonlyMap<string, Given>>(new Map());
  // Keys are quicker than answers: of two labels of one picture the later stands.
  const [inOrder] = useState(oneByOne);
  const [chosen, setAt] = useState(0);
  const [fault, setFault] = useState<string>();
  const mayLabel = may('control');
  /** The list may be shorter by now than when it was chosen from. */
  const at = Math.max(0, Math.min(chosen, tracks.length - 1));

  const known = new Map((examples.answer?.examples ?? []).map((one) => [one.source, one.class]));
  const classOf = ({ id }: TrackView) => (given.has(id) ? given.get(id)!.of : known.get(id));
  const label = async (index: number, of: string | undefined) => {
    const track = tracks[index];
    if (track === undefined || !mayLabel) return;
    const mine: Given = { of };
    setFault(undefined);
    setGiven((map) => new Map(map).set(track.id, mine));
    if (of !== undefined) setAt(Math.min(index + 1, tracks.length - 1));
    try {
      await inOrder(() => send(address, track.id, of));
      onChanged();
    } catch (error) {
      setFault(wordsOf(error));
      // What it has is what the server says, unless it was given another meanwhile.
      setGiven((map) =>
        map.get(track.id) === mine ? new Map([...map].filter(([id]) => id !== track.id)) : map,
      );
    }
    examples.again();
  };

  return (
    <section class="panel" aria-label={texts.label}>
      <div class="panel-head label-head">
        <p class="quiet">{mayLabel ? texts.gridAbout : texts.mayNotLabel}</p>
        <label class="filter">
          {texts.camera}
          <select value={camera ?? ''} onChange={(event) => narrow({ camera: event.currentTarget.value })}>
            <option value="">{texts.anyCamera}</option>
            {(cameras.value ?? []).map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="class-keys" role="group" aria-label={texts.classKeys}>
        {classes.map((one, index) => (
          <button
            key={one}
            type="button"
            class="secondary"
            disabled={!mayLabel}
            onClick={() => void label(at, one)}
          >
            {index < KEYS_MAX && <kbd>{index + 1}</kbd>} {one}{' '}
            <span class="quiet numbers">{classifier.examples[one] ?? 0}</span>
          </button>
        ))}
        <button
          type="button"
          class="secondary"
          disabled={!mayLabel}
          onClick={() => void label(at, undefined)}
        >
          <kbd>0</kbd> {texts.unlabel}
        </button>
      </div>
      <p class="fault panel-words" role="alert">
        {fault}
      </p>
      <StateLine asked={paged.asked} isEmpty={tracks.length === 0} empty={texts.noTracks} />
      <PictureGrid
        {...{ tracks, at, classes, classOf }}
        onMove={setAt}
        onLabel={(index, of) => void label(index, of)}
      />
      {paged.hasMore && (
        <div class="panel-body">
          <More paged={paged} />
        </div>
      )}
    </section>
  );
}

/** Undefined: it has no class any more. */
async function send(address: string, track: string, of: string | undefined): Promise<void> {
  if (of !== undefined) {
    await request(`${address}/examples`, { method: 'POST', body: { class: of, track } });
    return;
  }
  // What is shown may be older than a label that was sent a moment ago.
  const { examples } = await requestJson<ExampleList>(`${address}/examples`);
  const example = examples.find(({ source }) => source === track);
  if (example !== undefined) await request(`${address}/examples/${example.id}`, { method: 'DELETE' });
}

/** Tracks that have ended, and so have their best picture, the newest first. */
function useTracks(labels: readonly string[] | undefined, camera: string | undefined) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  // One can be asked for; of several, the others are left out here.
  if (labels?.length === 1) query.set('label', labels[0]!);
  if (camera !== undefined) query.set('camera', camera);
  const paged = usePaged<TrackPage>(`/api/v1/tracks?${query}`);
  const tracks = paged.pages
    .flatMap((page) => page.tracks)
    .filter(({ endedAt, label }) => endedAt !== undefined && (labels?.includes(label) ?? true));
  return { paged, tracks };
}
